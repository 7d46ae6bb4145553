import { createHash } from "node:crypto";
import type { RevisionLocation } from "@aws-sdk/client-codedeploy";
import { ApiError } from "./protocol";

export const hookNames = ["BeforeAllowTraffic", "AfterAllowTraffic"] as const;
export type HookName = (typeof hookNames)[number];

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure.html */
export interface LambdaAppSpec {
  readonly functionName: string;
  readonly alias: string;
  readonly currentVersion: string;
  readonly targetVersion: string;
  /** The function of each hook, by name or ARN. */
  readonly hooks: Readonly<Partial<Record<HookName, string>>>;
}

/** A revision that is given as text, with what the text says. */
export interface Revision {
  readonly location: RevisionLocation;
  readonly appSpec: LambdaAppSpec;
}

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

/** The revision of a rollback: the same alias the other way round, at once and without hooks. */
export function revisionBack({ appSpec }: Revision): Revision {
  const back: LambdaAppSpec = {
    ...appSpec,
    currentVersion: appSpec.targetVersion,
    targetVersion: appSpec.currentVersion,
    hooks: {},
  };
  const { functionName: Name, alias: Alias, currentVersion, targetVersion } = back;
  const properties = { Name, Alias, CurrentVersion: currentVersion, TargetVersion: targetVersion };
  const resources = [{ [Name]: { Type: "AWS::Lambda::Function", Properties: properties } }];
  return { location: locationOf(JSON.stringify({ version: 0.0, Resources: resources })), appSpec: back };
}

/** As CodeDeploy tells it of a deployment, which never has the text. */
export function withoutContent({ revisionType, appSpecContent }: RevisionLocation): RevisionLocation {
  return { revisionType, appSpecContent: { sha256: appSpecContent?.sha256 } };
}

/** Why a deployment of this fails, as far as the text alone tells. */
export function problemOf({ alias, currentVersion, targetVersion }: LambdaAppSpec): string | undefined {
  for (const [field, version] of Object.entries({ currentVersion, targetVersion })) {
    if (!/^[1-9]\d*$/.test(version)) return `'${field}' must be the number of a version, got "${version}".`;
  }
  if (!/^(?!\d+$)[A-Za-z0-9_-]{1,128}$/.test(alias)) return `'alias' must be an alias, got "${alias}".`;
  return undefined;
}

function parse(content: string): LambdaAppSpec {
  const document = fields(parsed(content), "the AppSpec");
  if (Number(document["version"]) !== 0) {
    throw invalid(`the AppSpec's 'version' must be 0.0, got ${JSON.stringify(document["version"])}`);
  }
  const resources = [document["resources"]]
    .flat()
    .flatMap((one) => Object.values(fields(one, "'Resources'")));
  if (resources.length !== 1) throw invalid(`'Resources' must have one function, got ${resources.length}`);
  const resource = fields(resources[0], "'Resources'");
  if (resource["type"] !== "AWS::Lambda::Function") {
    throw invalid(`'Type' must be AWS::Lambda::Function, got ${JSON.stringify(resource["type"])}`);
  }
  const properties = fields(resource["properties"], "'Properties'");
  const text = (field: string): string => {
    const value = properties[field.toLowerCase()];
    if (value === undefined || value === "" || typeof value === "object") {
      throw invalid(`the AppSpec's '${field}' must be given`);
    }
    return String(value);
  };
  return {
    functionName: text("Name"),
    alias: text("Alias"),
    currentVersion: text("CurrentVersion"),
    targetVersion: text("TargetVersion"),
    hooks: hooksOf([document["hooks"] ?? []].flat()),
  };
}

function hooksOf(listed: readonly unknown[]): LambdaAppSpec["hooks"] {
  const hooks = Object.assign({}, ...listed) as Record<string, unknown>;
  for (const [name, lambda] of Object.entries(hooks)) {
    if (!hookNames.some((one) => one === name)) {
      throw invalid(`'Hooks' must be of ${hookNames.join(" and ")}, got "${name}"`);
    }
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

/** The fields of an object, whose names AWS writes with a small or a capital letter. */
function fields(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(`${what} must be an object, got ${JSON.stringify(value)}`);
  }
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name.toLowerCase(), one]));
}

function locationOf(content: string): RevisionLocation {
  return { revisionType: "AppSpecContent", appSpecContent: { content, sha256: digestOf(content) } };
}

function digestOf(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

function invalid(message: string): ApiError {
  return new ApiError("InvalidRevisionException", message);
}
