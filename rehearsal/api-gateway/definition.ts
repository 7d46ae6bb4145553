import { generatedId } from "../account";

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
    };

export interface Method {
  /** `GET`, or `ANY` for every method that the path has no other for. */
  readonly name: string;
  /** Why a caller who is not signed in is turned away. @default - everybody may call */
  readonly authorization?: "AWS_IAM" | "cognito";
  readonly integration: Integration;
}

export interface Resource {
  readonly id: string;
  readonly path: string;
  readonly methods: ReadonlyMap<string, Method>;
}

export interface Definition {
  readonly resources: readonly Resource[];
  readonly binaryMediaTypes: readonly string[];
  /** Headers that API Gateway's own errors get. */
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
  return {
    resources: Object.entries(document["paths"] as Record<string, Json>).map(parseResource),
    binaryMediaTypes: (document["x-amazon-apigateway-binary-media-types"] as string[] | undefined) ?? [],
    errorHeaders: {
      "4XX": staticHeaders(responses["DEFAULT_4XX"], "gatewayresponse.header."),
      "5XX": staticHeaders(responses["DEFAULT_5XX"], "gatewayresponse.header."),
    },
  };
}

function parseResource([path, item]: [string, Json]): Resource {
  only(item, `${path} `, ["get", "post", "put", "patch", "delete", "head", "options", anyMethod]);
  const methods = Object.entries(item).map(([key, operation]) =>
    parseMethod(key === anyMethod ? "ANY" : key.toUpperCase(), operation as Json, path),
  );
  return { id: generatedId(path, 6), path, methods: new Map(methods.map((method) => [method.name, method])) };
}

function parseMethod(name: string, operation: Json, path: string): Method {
  only(operation, `${name} ${path} `, [
    "parameters",
    "responses",
    "security",
    "x-amazon-apigateway-auth",
    integrationKey,
  ]);
  const auth = (operation["x-amazon-apigateway-auth"] as Json | undefined)?.["type"];
  if (auth !== undefined && auth !== "NONE" && auth !== "AWS_IAM") {
    throw new Error(`${name} ${path}: the rehearsal does not know the authorization '${auth}'`);
  }
  return {
    name,
    authorization: operation["security"] !== undefined ? "cognito" : auth === "AWS_IAM" ? auth : undefined,
    integration: parseIntegration(operation[integrationKey] as Json, `${name} ${path} `),
  };
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
