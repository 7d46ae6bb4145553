import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as an address got it. */
export interface Got {
  readonly method: string;
  readonly url: string;
  /** By their names as they were sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What it answers. */
export interface Given {
  readonly status?: number;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
  /** @default - at once */
  readonly afterMs?: number;
}

/** A server on loopback that an HTTP integration calls. */
export class CalledAddress {
  readonly got: Got[] = [];
  private readonly server: Server;

  private constructor(answer: (got: Got) => Given | "cut") {
    this.server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { rawHeaders, method = "", url = "" } = request;
      const headers = Object.fromEntries(
        rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ""]] : [])),
      );
      const got = { method, url, headers, body: Buffer.concat(chunks).toString() };
      this.got.push(got);
      const given = answer(got);
      if (given === "cut") return request.socket.destroy();
      const { status = 200, body = "", afterMs = 0 } = given;
      setTimeout(() => response.writeHead(status, given.headers).end(body), afterMs);
    });
  }

  static async of(answer: (got: Got) => Given | "cut"): Promise<CalledAddress> {
    const called = new CalledAddress(answer);
    await new Promise<void>((resolve) => called.server.listen(0, "127.0.0.1", resolve));
    return called;
  }

  /** `127.0.0.1:41234` */
  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get last(): Got {
    const last = this.got.at(-1);
    if (last === undefined) throw new Error("nobody called");
    return last;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
