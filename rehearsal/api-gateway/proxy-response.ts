import { validateHeaderName, validateHeaderValue } from "node:http";
import { isBinary } from "./proxy-event";

export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer | string;
}

/**
 * The HTTP response of a function's answer. An answer without a status code is a 200.
 *
 * @param accept what the caller accepts: it decides with the binary media types whether base64 is decoded
 * @returns or why the answer is no proxy response, which API Gateway turns into a 502
 */
export function proxyResponse(
  answer: unknown,
  accept: string | undefined,
  binaryMediaTypes: readonly string[],
): HttpResponse | { readonly malformed: string } {
  if (answer === null || typeof answer !== "object" || Array.isArray(answer)) {
    return { malformed: `the function answered ${shown(answer)}, not an object` };
  }
  const known = ["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"];
  const unknown = Object.keys(answer).find((key) => !known.includes(key));
  if (unknown !== undefined) return { malformed: `the answer has the unknown field '${unknown}'` };

  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = answer as Record<string, unknown>;
  const status = Number(statusCode ?? 200);
  if (statusCode === "" || !Number.isInteger(status) || status < 200 || status > 599) {
    return { malformed: `the answer's statusCode is ${shown(statusCode)}` };
  }
  if (body !== undefined && body !== null && typeof body !== "string") {
    return { malformed: `the answer's body is ${shown(body)}, not text` };
  }
  const all = headersOf(headers, multiValueHeaders);
  if (typeof all === "string") return { malformed: `the answer's ${all}` };
  if (!all.has("content-type")) all.set("content-type", ["application/json"]);

  const text = body ?? "";
  const decoded = isBase64Encoded === true && isBinary(accept?.split(",")[0], binaryMediaTypes);
  return {
    statusCode: status,
    headers: Object.fromEntries(all),
    body: decoded ? Buffer.from(text, "base64") : text,
  };
}

/** What a connection has of itself: a function's own values of it would break the response. */
const ofConnection = ["connection", "content-length", "transfer-encoding"];

/**
 * Names in lower case; a name in both has the values of both.
 *
 * @returns or what is wrong with them
 */
function headersOf(single: unknown, multiple: unknown): Map<string, string[]> | string {
  const headers = new Map<string, string[]>();
  const given = [
    ...Object.entries(single ?? {}).map(([name, value]) => [name, [value]] as const),
    ...Object.entries(multiple ?? {}),
  ];
  for (const [name, values] of given) {
    if (!Array.isArray(values) || values.some((value) => value === null || typeof value === "object")) {
      return "headers are not text by name";
    }
    try {
      validateHeaderName(name);
      for (const value of values) validateHeaderValue(name, String(value));
    } catch {
      return `header ${shown(name)} cannot be sent: ${shown(values)}`;
    }
    const before = headers.get(name.toLowerCase()) ?? [];
    if (!ofConnection.includes(name.toLowerCase())) {
      headers.set(name.toLowerCase(), [...new Set([...before, ...values.map(String)])]);
    }
  }
  return headers;
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? "undefined";
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}
