import type { IncomingMessage, ServerResponse } from "node:http";

/** More than any call of AWS's control planes takes; Lambda takes 6 MB for an invocation. */
const mostBytes = 6 * 1024 * 1024;

/** A body that is longer than is read here. */
export class BodyTooLong extends Error {
  constructor() {
    super(`the body must have at most ${mostBytes / 1024 / 1024} MB`);
  }
}

/**
 * Refuses a request whose `Host` is not this machine's own. A web page can lead a name of its own to 127.0.0.1 (DNS
 * rebinding), and would reach what is served here from any browser on this machine.
 *
 * @returns whether it was refused, and answered
 */
export function refuseForeignHost(request: IncomingMessage, response: ServerResponse): boolean {
  const { host } = request.headers;
  // A whole address is what a client sends to its proxy; no page can have a browser send one here.
  const isToProxy = /^https?:/i.test(request.url ?? "");
  if (host === undefined || isToProxy || isLoopback(host)) return false;
  const line = `Host must be 127.0.0.1, localhost or [::1], got ${JSON.stringify(host.slice(0, 100))}`;
  response.writeHead(403, { "content-type": "application/json", connection: "close" });
  response.end(JSON.stringify({ message: line }));
  return true;
}

/** Whatever the port: it may be one that leads here. */
function isLoopback(host: string): boolean {
  return /^(localhost|\[::1\]|127(\.\d{1,3}){3})(:\d+)?$/i.test(host);
}

/** The body of a request. @throws {BodyTooLong} */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new BodyTooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
