import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline, Readable } from "node:stream";

/** What a server sends back. */
export interface Answer {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  /** A stream is sent while it is read; where it fails, the connection is closed. */
  readonly body?: string | Buffer | Readable;
}

/** An answer in JSON. */
export function json(value: unknown, { status = 200, headers = {} }: Partial<Answer> = {}): Answer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(value) };
}

/**
 * An HTTP server for this machine alone. It listens on 127.0.0.1, and refuses a request whose `Host` is not this
 * machine's own: a web page can lead a name of its own to 127.0.0.1 (DNS rebinding), and would reach what is served
 * here from any browser on this machine.
 */
export class LoopbackServer {
  private readonly server: Server;

  /** @param answer where it throws, the connection is closed without an answer */
  constructor(answer: (request: IncomingMessage) => Promise<Answer>) {
    this.server = createServer((request, response) => {
      const foreign = foreignHost(request);
      if (foreign !== undefined) return send(response, foreign);
      answer(request)
        .then((given) => send(response, given))
        // The caller is gone, or sent what cannot be read.
        .catch(() => response.destroy());
    });
  }

  /**
   * @param port @default - any that is free
   * @returns the address
   * @throws where the port is taken
   */
  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, "127.0.0.1", resolve);
    });
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Closes it with the connections that are open. It may never have listened. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }
}

/**
 * The body of a request.
 *
 * @returns `undefined` for one of more bytes than that: it is read to its end and dropped, so that the caller gets to
 * see the answer
 */
export async function bodyOf(request: IncomingMessage, mostBytes: number): Promise<Buffer | undefined> {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  if (length === undefined && encoding === undefined) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= mostBytes) chunks.push(chunk);
  }
  return bytes > mostBytes ? undefined : Buffer.concat(chunks);
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers);
  if (!(body instanceof Readable)) {
    response.end(body);
    return;
  }
  response.flushHeaders();
  pipeline(body, response, (error) => {
    if (error) response.destroy();
  });
}

/** @returns the refusal of a request for another host. @default - it is for this one */
function foreignHost({ headers: { host }, url = "" }: IncomingMessage): Answer | undefined {
  // A whole address is what a client sends to its proxy; no page can have a browser send one here.
  const isToProxy = /^https?:/i.test(url);
  if (host === undefined || isToProxy || isLoopback(host)) return undefined;
  const message = `Host must be 127.0.0.1, localhost or [::1], got ${JSON.stringify(host.slice(0, 100))}`;
  const headers = { "content-type": "application/json", connection: "close" };
  return { status: 403, headers, body: JSON.stringify({ message }) };
}

/** Whatever the port: it may be one that leads here. */
function isLoopback(host: string): boolean {
  return /^(localhost|\[::1\]|127(\.\d{1,3}){3})(:\d+)?$/i.test(host);
}
