import { type HttpIntegration, parseHttp } from "./http-integration";
import { selectionPattern } from "./selection-pattern";
import { type Template, templateOf } from "./template";

type Json = Readonly<Record<string, unknown>>;
type Headers = Readonly<Record<string, string>>;

/** What answers a method. */
export type Integration =
  | {
      readonly type: "lambda";
      readonly uri: string;
      readonly timeoutMs: number;
      /** Whether the answer is sent on while the function writes it. */
      readonly isStreamed: boolean;
    }
  | {
      readonly type: "mock";
      readonly statusCode: number;
      readonly headers: Headers;
      readonly body: string;
      /** Works the body out. @default - it is always the same */
      readonly template?: Template;
      /** Origins that are answered with themselves. @default - none is */
      readonly origins?: readonly string[];
    }
  | HttpIntegration
  /** Something that is not here: in AWS it answers, and what it says is not known. */
  | {
      readonly type: "other";
      readonly what: string;
      /** Whether it is an address that can be called where that is asked for. @default - it is not */
      readonly isCallable?: true;
      /** The address of an HTTP integration. @default - it is none */
      readonly uri?: string;
    };

/** Which addresses of HTTP integrations are called. */
export interface HttpCalls {
  /** Whether all are. */
  readonly all: boolean;
  /** Whether another address stands in for one. */
  readonly isReplaced: (uri: string) => boolean;
}

export const noHttpCalls: HttpCalls = { all: false, isReplaced: () => false };

/**
 * @throws on what would change the answers of a function and is not known
 */
export function parseIntegration(integration: Json, place: string, calls = noHttpCalls): Integration {
  const type = String(integration["type"]).toLowerCase();
  if (type === "mock") return parseMock(integration);
  if (type === "http" || type === "http_proxy") return httpOrOther(integration, type, calls);
  if (type !== "aws_proxy")
    return { type: "other", what: `an integration of type ${type} answers it in AWS` };
  const unknown = Object.keys(integration).find((key) => !functionKeys.includes(key));
  if (unknown !== undefined)
    throw new Error(`API definition: the rehearsal does not know '${place}${unknown}'`);
  if (integration["httpMethod"] !== "POST")
    throw new Error(`${place}must be an aws_proxy integration called by POST, or a mock`);
  const uri = String(integration["uri"]);
  return {
    type: "lambda",
    uri,
    timeoutMs: Number(integration["timeoutInMillis"] ?? 29_000),
    isStreamed: isStreamed(integration["responseTransferMode"] ?? "BUFFERED", uri, place),
  };
}

function httpOrOther(integration: Json, type: string, { all, isReplaced }: HttpCalls): Integration {
  const uri = String(integration["uri"]);
  const isHere = isReplaced(uri);
  const http = parseHttp(integration, isHere);
  const why = "why" in http ? ` ${http.why}` : "";
  const isCalled = all || isHere;
  if (isCalled && !("why" in http)) return http;
  return {
    type: "other",
    what: `an integration of type ${type}${isCalled ? why : ""} answers it in AWS`,
    uri,
    ...(why === "" && { isCallable: true }),
  };
}

/** An address that waits for the whole answer does not stream it, nor the other way round. */
function isStreamed(mode: unknown, uri: string, place: string): boolean {
  const isAddress =
    uri.includes(":lambda:path/2021-11-15/") && uri.endsWith("/response-streaming-invocations");
  if (mode === (isAddress ? "STREAM" : "BUFFERED")) return isAddress;
  throw new Error(`${place}must have the responseTransferMode of its address, ${uri}, got ${mode}`);
}

const functionKeys = [
  "type",
  "httpMethod",
  "uri",
  "passthroughBehavior",
  "contentHandling",
  "timeoutInMillis",
  "responseTransferMode",
];

/**
 * A mock answers by its templates alone. One whose templates have to be worked out is not rehearsed.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
 */
function parseMock(integration: Json): Integration {
  const other = (why: string): Integration => ({
    type: "other",
    what: `a mock integration ${why} answers it in AWS`,
  });
  const request = String((integration["requestTemplates"] as Json | undefined)?.["application/json"] ?? "");
  const code = /^\s*\{\s*"statusCode"\s*:\s*(\d{3})\s*\}\s*$/.exec(request)?.[1];
  if (code === undefined) return other("whose request template is more than a statusCode");
  const responses = Object.entries((integration["responses"] ?? {}) as Record<string, Json>);
  const chosen = responses.filter(([pattern]) => pattern !== "default");
  const unknown = chosen.find(([pattern]) => selectionPattern(pattern) === undefined);
  if (unknown !== undefined) return other(`with the response pattern '${unknown[0]}'`);
  const matching = chosen.find(([pattern]) => selectionPattern(pattern)?.test(code));
  const [, response] = matching ?? responses.find(([pattern]) => pattern === "default") ?? [];
  if (response === undefined) return other(`without a response for ${code}`);
  const prefix = "method.response.header.";
  if (notConstant(response, prefix).length > 0)
    return other("with response parameters that are not constant");
  const headers = constantHeaders(response, prefix);
  const body = String((response["responseTemplates"] as Json | undefined)?.["application/json"] ?? "");
  const origins = originsIn(body);
  if (origins !== undefined)
    return { type: "mock", statusCode: Number(response["statusCode"] ?? 200), headers, body: "", origins };
  const template = templateOf(body);
  if (typeof template !== "function") return other(`with ${template.unknown} in its response template`);
  return {
    type: "mock",
    statusCode: Number(response["statusCode"] ?? 200),
    headers: body === "" ? headers : { "content-type": "application/json", ...headers },
    body,
    ...(/[$#]/.test(body) && { template }),
  };
}

/** The response parameters that are not constant headers: `method.response.header.X: integration.response.header.Y`. */
export function notConstant(response: Json | undefined, prefix: string): string[] {
  return parametersOf(response)
    .filter(([name, value]) => !name.startsWith(prefix) || textOf(value) === undefined)
    .map(([name, value]) => `${name}: ${value}`);
}

/** `{ "gatewayresponse.header.X": "'value'" }` gives `{ X: "value" }`. */
export function constantHeaders(response: Json | undefined, prefix: string): Headers {
  return Object.fromEntries(
    parametersOf(response).map(([name, value]) => [name.slice(prefix.length), textOf(value) ?? ""]),
  );
}

function parametersOf(response: Json | undefined): [string, string][] {
  return Object.entries((response?.["responseParameters"] ?? {}) as Record<string, string>);
}

function textOf(value: string): string | undefined {
  return /^'(.*)'$/.exec(value)?.[1];
}

/** The template that 'cors' makes for several origins. A velocity engine is not here: any other is not rehearsed. */
const originTemplate =
  /^#set\(\$origin = \$input\.params\(\)\.header\.get\("Origin"\)\)\n#if\(!\$origin \|\| \$origin == ""\)#set\(\$origin = \$input\.params\(\)\.header\.get\("origin"\)\)#end\n#if\(((?:\$origin == "[^"$#\\]+"(?: \|\| )?)+)\)\n#set\(\$context\.responseOverride\.header\.Access-Control-Allow-Origin = \$origin\)\n#end$/;

/** @returns nothing where a template is another */
function originsIn(template: string): string[] | undefined {
  const [, condition] = originTemplate.exec(template) ?? [];
  if (condition === undefined) return undefined;
  return [...condition.matchAll(/"([^"]+)"/g)].map(([, origin = ""]) => origin);
}
