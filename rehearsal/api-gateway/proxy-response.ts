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
  if (statusCode === "" || !Number.isInteger(status) || status < 100 || status > 599) {
    return { malformed: `the answer's statusCode is ${shown(statusCode)}` };
  }
  if (body !== undefined && body !== null && typeof body !== "string") {
    return { malformed: `the answer's body is ${shown(body)}, not text` };
  }
  const all = headersOf(headers, multiValueHeaders);
  if (all === undefined) return { malformed: "the answer's headers are not text by name" };
  if (all["content-type"] === undefined) all["content-type"] = "application/json";

  const text = body ?? "";
  const decoded = isBase64Encoded === true && isBinary(accept?.split(",")[0], binaryMediaTypes);
  return { statusCode: status, headers: all, body: decoded ? Buffer.from(text, "base64") : text };
}

/** Names in lower case; a name in both has the values of both. */
function headersOf(single: unknown, multiple: unknown): Record<string, string[] | string> | undefined {
  const headers: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(single ?? {})) {
    if (value === null || typeof value === "object") return undefined;
    headers[name.toLowerCase()] = [String(value)];
  }
  for (const [name, values] of Object.entries(multiple ?? {})) {
    if (!Array.isArray(values)) return undefined;
    const before = headers[name.toLowerCase()] ?? [];
    headers[name.toLowerCase()] = [...new Set([...before, ...values.map(String)])];
  }
  return Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [name, values.length === 1 ? (values[0] ?? "") : values]),
  );
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? "undefined";
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}
