import { Readable } from "node:stream";
import type { OnChunk, Outcome } from "../lambda/invocation";
import { answerHeaders, MalformedAnswer, shown } from "./answer-headers";
import { type HttpResponse, statusOf } from "./proxy-response";

/** The answer of a function while it is written, or why there is none. */
export type StreamedAnswer =
  | {
      readonly response: HttpResponse & { readonly body: Readable };
      /** Why it broke off. @default - it is whole */
      readonly ended: Promise<string | undefined>;
    }
  | {
      readonly fault: string;
      /** What API Gateway answers: its format says so, a function's fault is a 502, and none in time a 504. */
      readonly statusCode: 500 | 502 | 504;
    };

/** Stands between what a function says of its answer, and the answer. */
const delimiter = Buffer.alloc(8);
/** It stands among so many bytes. */
const mostBefore = 16 * 1024;
const fields = ["statusCode", "headers", "multiValueHeaders", "cookies"];

/**
 * Sends an answer on while a function writes it: first what it says of the answer as JSON, then eight NUL bytes, then
 * the answer. One that does not begin so is a 500, and one that breaks off ends its connection.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 *
 * @param invoke calls the function
 * @param timeoutMs how long all of it may take
 */
export function streamedAnswer(
  invoke: (onChunk: OnChunk) => Promise<Outcome>,
  timeoutMs: number,
): Promise<StreamedAnswer> {
  return new Promise((resolve) => {
    let head: Buffer = Buffer.alloc(0);
    let hasFailed = false;
    let body: Readable | undefined;
    let tell = (_why: string | undefined) => {};

    const fail = (statusCode: 500 | 502 | 504, fault: string) => {
      hasFailed = true;
      resolve({ statusCode, fault });
    };
    const begin = (at: number) => {
      const response = responseOf(head.subarray(0, at));
      if ("fault" in response) return fail(500, response.fault);
      body = new Readable({ read() {} });
      // Whoever sends it is told too; a fault before anybody does must not end the rehearsal.
      body.on("error", () => {});
      body.push(head.subarray(at + delimiter.length));
      const ended = new Promise<string | undefined>((end) => {
        tell = end;
      });
      resolve({ response: { ...response, body }, ended });
    };
    const finish = (why?: string) => {
      clearTimeout(timer);
      const stream = body;
      if (stream === undefined || stream.destroyed) return tell(why);
      tell(why);
      // What became of it is known before its caller can know it.
      setImmediate(() => (why === undefined ? stream.push(null) : stream.destroy(new Error(why))));
    };

    const timer = setTimeout(() => {
      const why = `took longer than the integration's ${timeoutMs} ms`;
      if (body === undefined) fail(504, why);
      else finish(why);
    }, timeoutMs).unref();
    const take = (chunk: Buffer) => {
      if (hasFailed) return;
      if (body !== undefined) {
        if (!body.destroyed) body.push(chunk);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const at = head.indexOf(delimiter);
      if (at !== -1 && at + delimiter.length <= mostBefore) begin(at);
      else if (head.length >= mostBefore)
        fail(500, `the answer has no metadata and 8 NUL bytes in its first ${mostBefore / 1024} KB`);
    };
    invoke(take).then((outcome) => {
      if (body === undefined && !hasFailed) {
        if (outcome.ok)
          fail(500, `the answer does not begin with metadata and 8 NUL bytes: ${beginningOf(head)}`);
        else fail(502, outcome.error);
      }
      finish(outcome.ok ? undefined : outcome.error);
    });
  });
}

function beginningOf(head: Buffer): string {
  return shown(head.toString("utf8", 0, 200));
}

function responseOf(metadata: Buffer): Omit<HttpResponse, "body"> | { readonly fault: string } {
  const text = metadata.toString("utf8");
  try {
    const { statusCode, headers, multiValueHeaders, cookies = [] } = metadataOf(text);
    if (!Array.isArray(cookies))
      throw new MalformedAnswer(`the answer's cookies are ${shown(cookies)}, not a list`);
    const multiple = cookies.length === 0 ? multiValueHeaders : withCookies(multiValueHeaders, cookies);
    return {
      statusCode: statusOf(statusCode),
      headers: Object.fromEntries([
        ["content-type", ["application/json"]],
        ...answerHeaders(headers, multiple),
      ]),
    };
  } catch (error) {
    if (error instanceof MalformedAnswer) return { fault: error.message };
    throw error;
  }
}

function metadataOf(text: string): Readonly<Record<string, unknown>> {
  let metadata: unknown;
  try {
    metadata = JSON.parse(text);
  } catch {
    throw new MalformedAnswer(`the answer's metadata is no JSON: ${shown(text)}`);
  }
  if (metadata === null || typeof metadata !== "object" || Array.isArray(metadata))
    throw new MalformedAnswer(`the answer's metadata is ${shown(metadata)}, not an object`);
  const unknown = Object.keys(metadata).find((key) => !fields.includes(key));
  if (unknown === undefined) return metadata as Record<string, unknown>;
  throw new MalformedAnswer(
    `the answer's metadata has '${unknown}', and AWS documents only ${fields.join(", ")}`,
  );
}

function withCookies(multiValueHeaders: unknown, cookies: readonly unknown[]): unknown {
  const headers = (multiValueHeaders ?? {}) as Record<string, unknown[]>;
  const name = Object.keys(headers).find((one) => one.toLowerCase() === "set-cookie") ?? "set-cookie";
  return { ...headers, [name]: [...(headers[name] ?? []), ...cookies] };
}
