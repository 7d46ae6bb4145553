import type { Readable } from "node:stream";
import { answerHeaders, MalformedAnswer, shown } from "./answer-headers";
import { isBinary } from "./binary-media-types";

export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** One that is still being written is a stream. */
  readonly body: Buffer | string | Readable;
}

/** Why an answer is no proxy response, and the error that the caller gets in place of it. */
export interface AnswerFault {
  readonly fault: string;
  readonly statusCode: 500 | 502;
}

/**
 * The HTTP response of a function's answer. An answer without a status code is a 200.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 *
 * @param accept what the caller accepts: its first media type, whatever the answer's own type, decides with the binary
 * media types whether base64 is decoded
 */
export function proxyResponse(
  answer: unknown,
  accept: string | undefined,
  binaryMediaTypes: readonly string[],
): HttpResponse | AnswerFault {
  try {
    const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = fieldsOf(answer);
    const response = {
      statusCode: statusOf(statusCode),
      headers: Object.fromEntries([
        ["content-type", ["application/json"]],
        ...answerHeaders(headers, multiValueHeaders),
      ]),
    };
    const text = textOf(body);
    if (isBase64Encoded !== true || !isBinary(accept?.split(",")[0], binaryMediaTypes)) {
      return { ...response, body: text };
    }
    if (isBase64(text)) return { ...response, body: Buffer.from(text, "base64") };
    return { fault: `the answer's body is not base64: ${shown(text)}`, statusCode: 500 };
  } catch (error) {
    if (!(error instanceof MalformedAnswer)) throw error;
    return { fault: error.message, statusCode: 502 };
  }
}

function fieldsOf(answer: unknown): Record<string, unknown> {
  if (answer === null || typeof answer !== "object" || Array.isArray(answer)) {
    throw new MalformedAnswer(`the function answered ${shown(answer)}, not an object`);
  }
  const known = ["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"];
  const unknown = Object.keys(answer).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new MalformedAnswer(`the answer has the unknown field '${unknown}'`);
  return answer as Record<string, unknown>;
}

/** @throws MalformedAnswer */
export function statusOf(given: unknown): number {
  const status = given ?? 200;
  const isNumber = typeof status === "number" || (typeof status === "string" && /^\d+$/.test(status));
  if (!isNumber || !Number.isInteger(Number(status)) || Number(status) < 200 || Number(status) > 599) {
    throw new MalformedAnswer(`the answer's statusCode is ${shown(given)}`);
  }
  return Number(status);
}

function textOf(body: unknown): string {
  if (body === undefined || body === null) return "";
  if (typeof body !== "string") throw new MalformedAnswer(`the answer's body is ${shown(body)}, not text`);
  return body;
}

/** How strict AWS is about line breaks, the URL alphabet and padding is not known: none of them passes here. */
function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
