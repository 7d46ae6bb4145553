import type { RoutePattern } from "../../release/route-match";
import { generatedId } from "../account";
import { type LambdaAuthorizer, parseSchemes, type Scheme } from "./security-schemes";

/**
 * A deployment's definition, read from the OpenAPI document that it snapshots. A part of the document that is
 * not known is refused: it may change what users see.
 */

export type Integration =
  | { readonly type: "lambda"; readonly uri: string; readonly timeoutMs: number }
  | {
      readonly type: "mock";
      readonly statusCode: number;
      readonly headers: Readonly<Record<string, string>>;
      /** Origins that are answered with themselves. @default - none is */
      readonly origins?: readonly string[];
    };

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
}

export interface Definition {
  readonly routes: readonly Route[];
  readonly binaryMediaTypes: readonly string[];
  /** Headers that API Gateway's own errors get, by their status. */
  readonly errorHeaders: { readonly "4XX": Headers; readonly "5XX": Headers };
}

type Headers = Readonly<Record<string, string>>;
type Json = Readonly<Record<string, unknown>>;

const anyMethod = "x-amazon-apigateway-any-method";
const integrationKey = "x-amazon-apigateway-integration";

export function parseDefinition(body: string): Definition {
  const document = JSON.parse(body) as Json;
  only(document, "", [
    "openapi",
    "info",
    "paths",
    "components",
    "x-amazon-apigateway-binary-media-types",
    "x-amazon-apigateway-gateway-responses",
  ]);
  const responses = (document["x-amazon-apigateway-gateway-responses"] ?? {}) as Record<string, Json>;
  only(responses, "x-amazon-apigateway-gateway-responses.", ["DEFAULT_4XX", "DEFAULT_5XX"]);
  const schemes = parseSchemes((document["components"] ?? {}) as Json, body);
  return {
    routes: Object.entries(document["paths"] as Record<string, Json>).flatMap(([path, item]) =>
      parsePath(path, item, schemes),
    ),
    binaryMediaTypes: (document["x-amazon-apigateway-binary-media-types"] as string[] | undefined) ?? [],
    errorHeaders: {
      "4XX": staticHeaders(responses["DEFAULT_4XX"], "gatewayresponse.header."),
      "5XX": staticHeaders(responses["DEFAULT_5XX"], "gatewayresponse.header."),
    },
  };
}

type Schemes = ReadonlyMap<string, Scheme>;

function parsePath(path: string, item: Json, schemes: Schemes): Route[] {
  only(item, `${path} `, ["get", "post", "put", "patch", "delete", "head", "options", anyMethod]);
  return Object.entries(item).map(([key, operation]) =>
    parseRoute(key === anyMethod ? "ANY" : key.toUpperCase(), operation as Json, path, schemes),
  );
}

function parseRoute(method: string, operation: Json, path: string, schemes: Schemes): Route {
  only(operation, `${method} ${path} `, [
    "parameters",
    "responses",
    "security",
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
    integration: parseIntegration(operation[integrationKey] as Json, `${method} ${path} `),
  };
}

/** What a method asks of its callers: an authorizer, an API key, or both. */
function schemesOf(security: unknown, schemes: Schemes, place: string): Scheme[] {
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

function parseIntegration(integration: Json, place: string): Integration {
  only(integration, place, [
    "type",
    "httpMethod",
    "uri",
    "passthroughBehavior",
    "contentHandling",
    "timeoutInMillis",
    "requestTemplates",
    "responses",
  ]);
  if (integration["type"] === "mock") {
    const response = (integration["responses"] as Record<string, Json>)["default"];
    return {
      type: "mock",
      statusCode: Number(response?.["statusCode"] ?? 200),
      headers: staticHeaders(response, "method.response.header."),
      origins: originsOf(response?.["responseTemplates"] as Json | undefined, place),
    };
  }
  if (integration["type"] !== "aws_proxy" || integration["httpMethod"] !== "POST") {
    throw new Error(`${place}must be an aws_proxy integration called by POST, or a mock`);
  }
  return {
    type: "lambda",
    uri: String(integration["uri"]),
    timeoutMs: Number(integration["timeoutInMillis"] ?? 29_000),
  };
}

/** Lines of the one template that is known. A velocity engine is not here: any other is refused. */
const originTemplate =
  /^#set\(\$origin = \$input\.params\(\)\.header\.get\("Origin"\)\)\n#if\(!\$origin \|\| \$origin == ""\)#set\(\$origin = \$input\.params\(\)\.header\.get\("origin"\)\)#end\n#if\(((?:\$origin == "[^"$#\\]+"(?: \|\| )?)+)\)\n#set\(\$context\.responseOverride\.header\.Access-Control-Allow-Origin = \$origin\)\n#end$/;

function originsOf(templates: Json | undefined, place: string): string[] | undefined {
  if (templates === undefined) return undefined;
  only(templates, `${place}responseTemplates.`, ["application/json"]);
  const [, condition] = originTemplate.exec(String(templates["application/json"])) ?? [];
  if (condition === undefined) {
    throw new Error(`API definition: the rehearsal does not know the response template of ${place.trim()}`);
  }
  return [...condition.matchAll(/"([^"]+)"/g)].map(([, origin = ""]) => origin);
}

/** `{ "gatewayresponse.header.X": "'value'" }` gives `{ X: "value" }`. */
function staticHeaders(response: Json | undefined, prefix: string): Headers {
  const parameters = (response?.["responseParameters"] ?? {}) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      const text = /^'(.*)'$/.exec(value)?.[1];
      if (!name.startsWith(prefix) || text === undefined) {
        throw new Error(`the rehearsal does not know the response parameter '${name}: ${value}'`);
      }
      return [name.slice(prefix.length), text];
    }),
  );
}

function only(object: Json, place: string, known: readonly string[]): void {
  const unknown = Object.keys(object).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new Error(`API definition: the rehearsal does not know '${place}${unknown}'`);
}
