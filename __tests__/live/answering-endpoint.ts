import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** An answer of AWS: a status and what stands in the body. */
export interface Answer {
  readonly status?: number;
  /** As AWS names an error. */
  readonly error?: string;
  readonly body?: object | string | Uint8Array;
  /** How the body comes to an end: after its first byte, never. @default - at once */
  readonly stalls?: boolean;
}

/** What answers one call: several are given one after the other, the last of them again and again. */
export type Answers = OneAnswer | readonly OneAnswer[];

/** A function is called when the call comes. "cut" breaks the connection. */
type OneAnswer = Answer | (() => Answer) | "cut";

/** The answers, by the call's name. */
export type Table = Readonly<Record<string, Answers>>;

export interface Call {
  /** `PATCH /restapis/abc/stages/dev`; CloudWatch, SSM and SNS have one path, and name their calls: `DescribeAlarms` */
  readonly name: string;
  readonly body: unknown;
}

export const accountId = "111122223333";

/** As STS answers, in XML. */
export function identity(account: string): Answer {
  return {
    body: `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  };
}

/** A local AWS that answers from a table and writes down what it was asked. The SDK is led there. */
export class AnsweringEndpoint {
  readonly calls: Call[] = [];
  /** By the call's name. */
  readonly table = new Map<string, Answers>();

  private constructor(
    private readonly server: Server,
    /** The environment before this leads the SDK here. */
    private readonly before: NodeJS.ProcessEnv,
  ) {
    server.on("request", (request, response) => this.answer(request, response));
  }

  static async start(): Promise<AnsweringEndpoint> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const before = { ...process.env };
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
    });
    const endpoint = new AnsweringEndpoint(server, before);
    endpoint.set({});
    return endpoint;
  }

  /** Answers from this table, and forgets what was asked. */
  set(table: Table): void {
    this.calls.length = 0;
    this.table.clear();
    for (const [name, answers] of Object.entries({ "POST /": identity(accountId), ...table }))
      this.table.set(name, answers);
  }

  /** The names of all calls but STS's. */
  get asked(): string[] {
    return this.calls.map(({ name }) => name).filter((name) => name !== "POST /");
  }

  /** Those that change something. */
  get changes(): Call[] {
    return this.calls.filter(({ name }) => !/^(GET|Get|POST \/$|Describe)/.test(name));
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
    process.env = { ...this.before };
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    const told = ["position", "Marker", "Qualifier"].filter((key) => searchParams.has(key));
    const query = told.map((key) => `?${key}=${searchParams.get(key)}`).join("");
    const [, target] = String(request.headers["x-amz-target"]).split(".");
    const sent = await text(request);
    const form = new URLSearchParams(sent.startsWith("Action=Publish&") ? sent : "");
    const action = target ?? form.get("Action");
    const name = action ?? `${request.method} ${decodeURIComponent(pathname)}${query}`;
    const fields = form.size > 0 ? Object.fromEntries(form) : sent;
    this.calls.push({ name, body: sent.startsWith("{") ? JSON.parse(sent) : fields });
    const next = this.next(name);
    if (next === "cut") {
      request.socket.destroy();
      return;
    }
    const answer = typeof next === "function" ? next() : next;
    const { error, body = {}, stalls = false, status = error === undefined ? 200 : 400 } = answer;
    response.writeHead(status, error === undefined ? {} : { "x-amzn-errortype": error });
    const sentBody = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
    if (stalls) response.write(sentBody.slice(0, 1));
    else response.end(sentBody);
  }

  private next(name: string): OneAnswer {
    const answers = this.table.get(name) ?? { status: 404, error: "UnknownCall", body: { message: name } };
    if (!isList(answers)) return answers;
    const [first = "cut", ...rest] = answers;
    if (rest.length > 0) this.table.set(name, rest);
    return first;
  }
}

function isList(answers: Answers): answers is readonly OneAnswer[] {
  return Array.isArray(answers);
}
