import { methodsByKey } from "../../release/definition/openapi-methods";
import type { RoutePattern } from "../../release/definition/route-match";
import { generatedId } from "../account";
import { type GatewayResponses, parseGatewayResponses } from "./gateway-responses";
import { type HttpCalls, type Integration, noHttpCalls, parseIntegration } from "./integration";
import { type RequestValidator, requestValidator } from "./request-validation";
import { type LambdaAuthorizer, parseSchemes, type Scheme } from "./security-schemes";

/**
 * A deployment's definition, read from the OpenAPI document that it snapshots. A part of the document that is
 * not known is refused: it may change what users see.
 */

/** A method of a path. `ANY` is every method that the path has no other for. */
export interface Route extends RoutePattern {
  /** The path's. */
  readonly resourceId: string;
  /** Who decides whether a caller is turned away. @default - everybody may call */
  readonly authorization?: "AWS_IAM" | "cognito" | LambdaAuthorizer;
  /** OAuth scopes, one of which a Cognito user's token must have. @default - any token will do */
  readonly scopes?: readonly string[];
  /** Whether a caller needs an API key too. */
  readonly needsKey: boolean;
  readonly integration: Integration;
  /** Looks at a request before anything answers it. @default - every request is answered */
  readonly validator?: RequestValidator;
}

export interface Definition {
  readonly routes: readonly Route[];
  readonly binaryMediaTypes: readonly string[];
  /** Whether API keys come from an authorizer's answer. @default - from the header x-api-key */
  readonly takesKeysFromAuthorizer?: true;
  /** What it makes of API Gateway's own answers. */
  readonly gatewayResponses: GatewayResponses;
  /** What it has that callers notice in AWS alone, a line each. */
  readonly unrehearsed: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

const integrationKey = "x-amazon-apigateway-integration";
const keySource = "x-amazon-apigateway-api-key-source";
const compressionSize = "x-amazon-apigateway-minimum-compression-size";
const securityPolicy = "x-amazon-apigateway-security-policy";

/** @param calls which addresses of HTTP integrations are called. @default - none is */
export function parseDefinition(body: string, calls = noHttpCalls): Definition {
  const document = JSON.parse(body) as Json;
  only(document, "", [
    "openapi",
    "info",
    "paths",
    "components",
    "x-amazon-apigateway-binary-media-types",
    "x-amazon-apigateway-request-validators",
    "x-amazon-apigateway-gateway-responses",
    keySource,
    compressionSize,
    securityPolicy,
    "x-amazon-apigateway-endpoint-access-mode",
  ]);
  const schemes = parseSchemes((document["components"] ?? {}) as Json, body);
  return {
    routes: Object.entries(document["paths"] as Record<string, Json>).flatMap(([path, item]) =>
      parsePath(path, item, { document, schemes, calls }),
    ),
    binaryMediaTypes: (document["x-amazon-apigateway-binary-media-types"] as string[] | undefined) ?? [],
    ...(document[keySource] === "AUTHORIZER" && { takesKeysFromAuthorizer: true as const }),
    gatewayResponses: parseGatewayResponses(document),
    unrehearsed: unrehearsedParts(document),
  };
}

function unrehearsedParts(document: Json): string[] {
  const [bytes, policy] = [document[compressionSize], document[securityPolicy]];
  return [
    ...(bytes === undefined ? [] : [`answers of ${bytes} bytes and more are compressed in AWS alone`]),
    ...(policy === undefined ? [] : [`TLS: ${policy} in AWS, none here`]),
  ];
}

/** What the parts of a document refer to. */
interface Parts {
  readonly document: Json;
  readonly schemes: ReadonlyMap<string, Scheme>;
  readonly calls: HttpCalls;
}

function parsePath(path: string, item: Json, parts: Parts): Route[] {
  only(item, `${path} `, Object.keys(methodsByKey));
  return Object.entries(item).map(([key, operation]) =>
    parseRoute(String(methodsByKey[key]), operation as Json, path, parts),
  );
}

function parseRoute(
  method: string,
  operation: Json,
  path: string,
  { document, schemes, calls }: Parts,
): Route {
  only(operation, `${method} ${path} `, [
    "parameters",
    "requestBody",
    "responses",
    "security",
    "x-amazon-apigateway-request-validator",
    "x-amazon-apigateway-auth",
    integrationKey,
  ]);
  const auth = (operation["x-amazon-apigateway-auth"] as Json | undefined)?.["type"];
  if (auth !== undefined && auth !== "NONE" && auth !== "AWS_IAM") {
    throw new Error(`${method} ${path}: the rehearsal does not know the authorization '${auth}'`);
  }
  const asked = schemesOf(operation["security"], schemes, `${method} ${path}`);
  return {
    method,
    path,
    resourceId: generatedId(path, 6),
    authorization: asked.find((one) => one !== "api key") ?? (auth === "AWS_IAM" ? auth : undefined),
    scopes: asked.includes("cognito") ? scopesIn(operation["security"]) : undefined,
    needsKey: asked.includes("api key"),
    integration: parseIntegration(operation[integrationKey] as Json, `${method} ${path} `, calls),
    validator: requestValidator(operation, document),
  };
}

/** What a method asks of its callers: an authorizer, an API key, or both. */
function schemesOf(security: unknown, schemes: Parts["schemes"], place: string): Scheme[] {
  const names = ((security ?? []) as Json[]).flatMap((one) => Object.keys(one));
  const asked = names.map((name) => schemes.get(name)).filter((one) => one !== undefined);
  const authorizers = asked.filter((one) => one !== "api key");
  if (asked.length === names.length && authorizers.length <= 1) return asked;
  throw new Error(`API definition: the rehearsal does not know the 'security' of ${place}`);
}

function scopesIn(security: unknown): string[] | undefined {
  const scopes = (security as Record<string, string[]>[]).flatMap((one) => Object.values(one).flat());
  return scopes.length === 0 ? undefined : scopes;
}

function only(object: Json, place: string, known: readonly string[]): void {
  const unknown = Object.keys(object).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new Error(`API definition: the rehearsal does not know '${place}${unknown}'`);
}
