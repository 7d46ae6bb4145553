import { validateHeaderName, validateHeaderValue } from "node:http";

/** What API Gateway sends on as `x-amzn-remapped-<name>`, for its own value stands under the name or none does. */
const remapped = new Set([
  "authorization",
  "connection",
  // AWS's table says that this one is passed on. Answers of functions in AWS have it remapped.
  "content-length",
  "content-md5",
  "date",
  "max-forwards",
  "server",
  "user-agent",
  "www-authenticate",
]);

/** What it does not send on. */
const dropped = new Set([
  "expect",
  "host",
  "proxy-authenticate",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
  // Of one connection, like those above. What AWS does with them is not known.
  "keep-alive",
  "proxy-connection",
]);

/** An answer that is no proxy response. The message says why. */
export class MalformedAnswer extends Error {}

/** Header names in small letters, each with its values. */
export type AnswerHeaders = ReadonlyMap<string, string[]>;

/**
 * The headers of a function's answer as they go to the caller.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 *
 * Names that differ in case alone are one. A name in both maps has the values of both, and once what both say. In
 * which order AWS sends the values of the two is not known.
 *
 * @param single the answer's `headers`
 * @param multiple its `multiValueHeaders`
 * @throws MalformedAnswer
 */
export function answerHeaders(single: unknown, multiple: unknown): AnswerHeaders {
  const headers = new Map(sentHeaders(entriesOf(multiple)));
  const ones = sentHeaders(entriesOf(single).map(([name, value]) => [name, [value]]));
  for (const [name, values] of ones) {
    const others = headers.get(name) ?? [];
    headers.set(name, [...others, ...values.filter((value) => !others.includes(value))]);
  }
  return headers;
}

function sentHeaders(entries: readonly (readonly [string, unknown])[]): AnswerHeaders {
  const headers = new Map<string, string[]>();
  for (const [given, values] of entries) {
    if (!Array.isArray(values) || !values.every(isText)) throw notText();
    const texts = values.map(String);
    checkCanBeSent(given, texts);
    const name = given.toLowerCase();
    if (dropped.has(name)) continue;
    const sent = remapped.has(name) ? `x-amzn-remapped-${name}` : name;
    headers.set(sent, [...(headers.get(sent) ?? []), ...texts]);
  }
  return headers;
}

function entriesOf(map: unknown): [string, unknown][] {
  if (map === undefined || map === null) return [];
  if (typeof map !== "object" || Array.isArray(map)) throw notText();
  return Object.entries(map);
}

function isText(value: unknown): boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function notText(): MalformedAnswer {
  return new MalformedAnswer("the answer's headers are not text by name");
}

function checkCanBeSent(name: string, values: readonly string[]): void {
  try {
    validateHeaderName(name);
    for (const value of values) validateHeaderValue(name, value);
  } catch {
    throw new MalformedAnswer(`the answer's header ${shown(name)} cannot be sent: ${shown(values)}`);
  }
}

/** A value as JSON, and of a long one the beginning. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? "undefined";
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}
