/** What templates and parameters of an API tell of a request. */
export interface Scope {
  /** By its name without `context.`: `requestId`, `error.message`. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** By their names in small letters. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The same by their names as the caller wrote them. */
  readonly writtenHeaders: ReadonlyMap<string, readonly string[]>;
}

/** Works out a text for a request. What the request does not have is empty. */
export type Template = (scope: Scope) => string;

/** Works a body out. @param body the one that there is */
export type BodyTemplate = (scope: Scope, body: string) => string;

/** Those of `$context` that the rehearsal knows. */
const known = new Set([
  "accountId",
  "apiId",
  "deploymentId",
  "domainName",
  "error.message",
  "error.messageString",
  "error.responseType",
  "error.validationErrorString",
  "extendedRequestId",
  "httpMethod",
  "identity.sourceIp",
  "identity.userAgent",
  "path",
  "protocol",
  "requestId",
  "requestTime",
  "requestTimeEpoch",
  "resourceId",
  "resourcePath",
  "stage",
]);

const reference = String.raw`(?:context|stageVariables)(?:\.[A-Za-z_]\w*)+`;
const parameter = String.raw`input\.params\((?:'[^']*'|"[^"]*")\)`;
const value = `(?:${reference}|${parameter})`;
const part = new RegExp(
  String.raw`\$util\.escapeJavaScript\(\$(${value})\)|\$(${value})|\$\{(${reference})\}|([$#\\]*[$#](?=[A-Za-z{!#*[])[^\s"]*)`,
  "g",
);

/**
 * A mapping template that names values and nothing else. A velocity engine is not here: a template that needs one is
 * none of these.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 *
 * @returns or what of it is not known
 */
export function templateOf(text: string): Template | { readonly unknown: string } {
  const parts: (string | Template)[] = [];
  let from = 0;
  for (const match of text.matchAll(part)) {
    const [whole, escaped, plain, braced, other] = match;
    if (other !== undefined) return { unknown: other };
    const read = referenced(escaped ?? plain ?? braced ?? "");
    if (typeof read !== "function") return { unknown: whole };
    parts.push(text.slice(from, match.index), escaped === undefined ? read : (of) => escapedText(read(of)));
    from = match.index + whole.length;
  }
  parts.push(text.slice(from));
  return (scope) => parts.map((one) => (typeof one === "string" ? one : one(scope))).join("");
}

/**
 * A mapping template of an integration: one that names values, or the whole body, as `$input.body` or `$input.json('$')`.
 *
 * @returns or what of it is not known
 */
export function bodyTemplateOf(text: string): BodyTemplate | { readonly unknown: string } {
  const whole = text.trim();
  if (whole === "$input.body") return (_, body) => body;
  if (/^\$input\.json\(['"]\$['"]\)$/.test(whole)) return (_, body) => compact(body);
  return templateOf(text);
}

/** A body that a template takes for JSON, and that is none. */
export class NotJson extends Error {}

/** @throws NotJson */
function compact(body: string): string {
  try {
    return body === "" ? "{}" : JSON.stringify(JSON.parse(body));
  } catch {
    throw new NotJson(`$input.json('$') of a body that is not JSON: ${body.slice(0, 40)}`);
  }
}

/** The value of `context.requestId`, `stageVariables.level`, `input.params('id')`. @returns nothing for another */
function referenced(name: string): Template | undefined {
  const [, wanted] = /^input\.params\(['"](.*)['"]\)$/.exec(name) ?? [];
  if (wanted !== undefined) {
    return ({ path, query, headers }) =>
      path[wanted] ?? query.get(wanted) ?? firstOf(headers[wanted.toLowerCase()]);
  }
  return parameterValue(name);
}

/**
 * The value of a response parameter: `'text'`, `context.requestId`, `stageVariables.level`,
 * `method.request.header.Origin`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 *
 * @returns nothing for another
 */
export function parameterValue(expression: string): Template | undefined {
  const [, text] = /^'(.*)'$/.exec(expression) ?? [];
  if (text !== undefined) return () => text;
  const [, place, name = ""] =
    /^(context|stageVariables|method\.request\.(?:header|querystring|path))\.(.+)$/.exec(expression) ?? [];
  switch (place) {
    case "context":
      return known.has(name) ? ({ context }) => textOf(context[name]) : undefined;
    case "stageVariables":
      return /^\w+$/.test(name) ? ({ stageVariables }) => stageVariables[name] ?? "" : undefined;
    case "method.request.header":
      return ({ headers }) => firstOf(headers[name.toLowerCase()]);
    case "method.request.querystring":
      return ({ query }) => query.getAll(name).at(-1) ?? "";
    case "method.request.path":
      return ({ path }) => path[name] ?? "";
    default:
      return undefined;
  }
}

function textOf(given: unknown): string {
  return given === undefined || given === null ? "" : String(given);
}

function firstOf(given: string | string[] | undefined): string {
  return [given].flat()[0] ?? "";
}

/** As `$util.escapeJavaScript` does it, which escapes single quotes too. */
function escapedText(text: string): string {
  return JSON.stringify(text).slice(1, -1).replace(/'/g, "\\'");
}
