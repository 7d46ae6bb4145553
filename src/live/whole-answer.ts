/** More than any answer of AWS's that is asked for here. */
const mostBytes = 64 * 1024 * 1024;

/** What is used of the SDK's handler of requests. */
interface RequestHandler {
  handle(request: never, options?: object): Promise<Answer>;
}

interface HandlerOptions {
  readonly abortSignal?: AbortSignal;
  readonly onRequest?: () => void;
}

/**
 * Has a client's handler read each answer to its end before it hands it on, in time. The SDK's own `requestTimeout`
 * ends with the headers of the answer: a body that stalls would be waited for without end.
 *
 * @param requestMs for the connection, the request and the whole answer
 */
export function readWholeAnswers(handler: RequestHandler, requestMs: number): void {
  const handle = handler.handle.bind(handler);
  const whole = async (request: never, options: HandlerOptions = {}) => {
    options.onRequest?.();
    const ending = new AbortController();
    const end = () => ending.abort();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      end();
    }, requestMs);
    options.abortSignal?.addEventListener("abort", end, { once: true });
    try {
      if (options.abortSignal?.aborted) end();
      const answer = await handle(request, { ...options, abortSignal: ending.signal });
      answer.response.body = await bytesOf(answer.response.body);
      return answer;
    } catch (error) {
      if (!isLate) throw error;
      const late = new Error(`no whole answer within ${requestMs} ms`, { cause: error });
      // By this name the SDK knows what is worth another try.
      throw Object.assign(late, { name: "TimeoutError" });
    } finally {
      clearTimeout(timer);
      options.abortSignal?.removeEventListener("abort", end);
    }
  };
  Object.assign(handler, { handle: whole });
}

interface Answer {
  readonly response: { body?: unknown };
}

async function bytesOf(body: unknown): Promise<unknown> {
  if (body === null || typeof body !== "object" || !(Symbol.asyncIterator in body)) return body;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Error(`the answer is longer than ${mostBytes / 1024 / 1024} MB`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
