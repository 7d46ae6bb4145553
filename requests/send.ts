import type { RequestInFile } from "../release/schema";

export interface Answer {
  /** @default - there was no response */
  readonly status?: number;
  /** The response's body, or why there was none. */
  readonly body: string;
  readonly latencyMs: number;
}

/** Sends a request once. A redirection is an answer like any other. */
export async function send(url: string, { method, path, body }: RequestInFile): Promise<Answer> {
  const startedAt = performance.now();
  try {
    const response = await fetch(`${url.replace(/\/$/, "")}${path}`, {
      method,
      body,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(30_000),
    });
    return {
      body: await response.text(),
      status: response.status,
      latencyMs: performance.now() - startedAt,
    };
  } catch (error) {
    const { cause, message } = error as Error;
    return {
      body: cause instanceof Error ? cause.message : message,
      latencyMs: performance.now() - startedAt,
    };
  }
}
