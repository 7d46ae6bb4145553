import { createHash } from "node:crypto";
import type { RevisionLocation } from "@aws-sdk/client-codedeploy";
import type { LifecycleEventName } from "./lifecycle";
import { ApiError } from "./protocol";

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure.html */
export interface AppSpec {
  /** Of its one resource, such as `AWS::Lambda::Function`. */
  readonly type: unknown;
  readonly properties: Fields;
  /** The function of each hook, by name or ARN. */
  readonly hooks: Readonly<Partial<Record<LifecycleEventName, string>>>;
}

/** The fields of an object by their names in small letters: AWS writes them with a small or a capital one. */
export type Fields = Readonly<Record<string, unknown>>;

/** A revision that is given as text, with what the text says. */
export interface Revision {
  readonly location: RevisionLocation;
  readonly appSpec: AppSpec;
}

/** @throws ApiError where it is none of an AppSpec in JSON */
export function readRevision(location: RevisionLocation | undefined): Revision {
  if (!location?.revisionType) throw new ApiError("RevisionRequiredException", "'revision' must be given");
  const { revisionType } = location;
  const given = { AppSpecContent: location.appSpecContent, String: location.string };
  if (revisionType !== "AppSpecContent" && revisionType !== "String") {
    throw invalid(`'revisionType' must be AppSpecContent or String at this endpoint, got "${revisionType}"`);
  }
  const { content, sha256 } = given[revisionType] ?? {};
  if (!content) throw invalid(`'content' must be given for the revision type ${revisionType}`);
  const digest = digestOf(content);
  if (sha256 && sha256.toLowerCase() !== digest) {
    throw invalid(`'sha256' must be that of 'content', ${digest}, got "${sha256}"`);
  }
  return { location: locationOf(content), appSpec: parse(content) };
}

/** The revision of an AppSpec with one resource and no hooks. */
export function revisionOf(id: string, type: string, properties: object): RevisionLocation {
  const resources = [{ [id]: { Type: type, Properties: properties } }];
  return locationOf(JSON.stringify({ version: 0.0, Resources: resources }));
}

/** As CodeDeploy tells it of a deployment, which never has the text. */
export function withoutContent({ revisionType, appSpecContent }: RevisionLocation): RevisionLocation {
  return { revisionType, appSpecContent: { sha256: appSpecContent?.sha256 } };
}

/** @throws ApiError where the AppSpec is for another platform */
export function checkType({ type }: AppSpec, expected: string): void {
  if (type !== expected) throw invalid(`'Type' must be ${expected}, got ${JSON.stringify(type)}`);
}

/** @throws ApiError where it has another hook than those */
export function checkHooks({ hooks }: AppSpec, names: readonly LifecycleEventName[]): void {
  for (const name of Object.keys(hooks)) {
    if (names.some((one) => one === name)) continue;
    throw invalid(`'Hooks' must be of ${names.join(", ")}, got "${name}"`);
  }
}

/** The text of a field. @throws ApiError where it has none */
export function textOf(properties: Fields, field: string): string {
  const value = properties[field.toLowerCase()];
  if (value === undefined || value === null || value === "" || typeof value === "object") {
    throw invalid(`the AppSpec's '${field}' must be given`);
  }
  return String(value);
}

/** @param what how an error calls it. @throws ApiError where it is no object */
export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(`${what} must be an object, got ${JSON.stringify(value)}`);
  }
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name.toLowerCase(), one]));
}

/** A refusal of a revision. */
export function invalid(message: string): ApiError {
  return new ApiError("InvalidRevisionException", message);
}

function parse(content: string): AppSpec {
  const document = fieldsOf(parsed(content), "the AppSpec");
  if (Number(document["version"]) !== 0) {
    throw invalid(`the AppSpec's 'version' must be 0.0, got ${JSON.stringify(document["version"])}`);
  }
  const resources = [document["resources"]]
    .flat()
    .flatMap((one) => Object.values(fieldsOf(one, "'Resources'")));
  if (resources.length !== 1) throw invalid(`'Resources' must have one resource, got ${resources.length}`);
  const resource = fieldsOf(resources[0], "'Resources'");
  return {
    type: resource["type"],
    properties: fieldsOf(resource["properties"], "'Properties'"),
    hooks: hooksOf([document["hooks"] ?? []].flat()),
  };
}

function hooksOf(listed: readonly unknown[]): AppSpec["hooks"] {
  const hooks = Object.assign({}, ...listed) as Record<string, unknown>;
  for (const [name, lambda] of Object.entries(hooks)) {
    if (typeof lambda !== "string" || lambda === "") throw invalid(`'${name}' must name a function`);
  }
  return hooks;
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw invalid("the AppSpec must be JSON at this endpoint, which reads no YAML");
  }
}

function locationOf(content: string): RevisionLocation {
  return { revisionType: "AppSpecContent", appSpecContent: { content, sha256: digestOf(content) } };
}

function digestOf(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}
