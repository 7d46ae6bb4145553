import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array | string;
}

/**
 * Stands between a call and AWS: `forward` has AWS do what the call asks for. What it returns is the answer,
 * and "cut" breaks the connection without one.
 */
export type Fault = (forward: () => Promise<Reply>) => Promise<Reply | "cut">;

/** An error in the form of AWS's REST APIs. */
export function awsError(status: number, type: string, message: string): Reply {
  const headers = { "content-type": "application/json", "x-amzn-errortype": type };
  return { status, headers, body: JSON.stringify({ message }) };
}

/** An endpoint that forwards every call to another one, but for those that it was told to spoil. */
export class FaultyEndpoint {
  /** Every call that came: `PATCH /restapis/<id>/stages/dev`, or the action of the APIs that have one path. */
  readonly calls: string[] = [];
  private readonly faults = new Map<RegExp, Fault>();
  private lastCall = 0;

  private constructor(
    private readonly server: Server,
    private readonly target: string,
  ) {
    server.on("request", (call, answer) => {
      this.handle(call, answer).catch(() => call.socket.destroy());
    });
  }

  static async start(target: string): Promise<FaultyEndpoint> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new FaultyEndpoint(server, target);
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Gives the calls of a pattern to a fault. */
  spoil(pattern: RegExp, fault: Fault): void {
    this.faults.set(pattern, fault);
  }

  /** Forwards everything again. */
  mend(): void {
    this.faults.clear();
  }

  /** Waits until nobody is connected: what called has ended. */
  async untilLeft(): Promise<void> {
    while ((await this.connections()) > 0) await setTimeout(100);
  }

  /** Waits until no call has come for some time: what calls has nothing left to do but wait for an answer. */
  async untilQuiet(milliseconds: number): Promise<void> {
    while (Date.now() - this.lastCall < milliseconds) await setTimeout(100);
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private connections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
    });
  }

  private async handle(call: IncomingMessage, answer: ServerResponse): Promise<void> {
    const name = String(call.headers["x-amz-target"] ?? `${call.method} ${call.url}`);
    this.calls.push(name);
    this.lastCall = Date.now();
    const body = await buffer(call);
    const forward = () => this.forward(call, body);
    const [, fault = forward] = [...this.faults].find(([pattern]) => pattern.test(name)) ?? [];
    const reply = await fault(forward);
    if (reply === "cut") call.socket.destroy();
    else answer.writeHead(reply.status, reply.headers).end(reply.body);
  }

  private forward({ method, headers, url }: IncomingMessage, body: Uint8Array): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const onward = request(`${this.target}${url}`, { method, headers }, async (reply) => {
        resolve({ status: reply.statusCode ?? 502, headers: reply.headers, body: await buffer(reply) });
      });
      onward.on("error", reject);
      onward.end(body);
    });
  }
}
