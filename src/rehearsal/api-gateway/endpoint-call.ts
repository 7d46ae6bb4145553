import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { EndpointRequest } from "./endpoint-request";
import { writtenHeaders } from "./request-headers";

/** What an address answered. */
export interface EndpointAnswer {
  readonly status: number;
  /** By their names as they were sent. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Buffer;
}

/** Why it did not: the time was over, there is no such address, or the connection failed or was cut. */
export interface NoAnswer {
  readonly failed: "timeout" | "address" | "network";
  readonly reason: string;
}

/** Calls an address, and follows no redirect. @param mostBytes of an answer that are read */
export function callEndpoint(
  { method, url, headers, body }: EndpointRequest,
  timeoutMs: number,
  mostBytes: number,
): Promise<EndpointAnswer | NoAnswer> {
  return new Promise((resolve) => {
    const open = url.protocol === "https:" ? requestHttps : requestHttp;
    const length = body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) };
    const sent = open(url, { method, headers: { ...Object.fromEntries(copied(headers)), ...length } });
    const timer = setTimeout(() => {
      end({
        failed: "timeout",
        reason: `${method} ${url} took longer than the integration's ${timeoutMs} ms`,
      });
    }, timeoutMs);
    const end = (outcome: EndpointAnswer | NoAnswer) => {
      clearTimeout(timer);
      resolve(outcome);
      sent.destroy();
    };
    sent.on("error", (error: NodeJS.ErrnoException) => end(failure(error, `${method} ${url}`)));
    sent.on("response", (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("error", (error: NodeJS.ErrnoException) => end(failure(error, `${method} ${url}`)));
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > mostBytes)
          end({ failed: "address", reason: `${method} ${url}: the answer is larger than 10 MB` });
      });
      response.on("end", () =>
        end({
          status: response.statusCode ?? 0,
          headers: writtenHeaders(response),
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.end(body);
  });
}

function copied(headers: ReadonlyMap<string, readonly string[]>): [string, string | string[]][] {
  return [...headers].map(([name, values]) => [name, values.length === 1 ? String(values[0]) : [...values]]);
}

function failure(error: NodeJS.ErrnoException, what: string): NoAnswer {
  const isAddress = error.code === "ENOTFOUND" || error.code === "EAI_AGAIN";
  // An error of several addresses has no message of its own.
  const why = error.message || error.code || "the connection failed";
  return { failed: isAddress ? "address" : "network", reason: `${what}: ${why}` };
}
