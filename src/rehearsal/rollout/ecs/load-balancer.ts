import { randomUUID } from "node:crypto";
import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { buffer } from "node:stream/consumers";
import { type Answer, bodyOf, LoopbackServer } from "../../loopback";
import type { Random } from "../../random";
import { type FailureKind, onPurpose, type PresentFaults } from "../faults";
import type { ServedRequest } from "../scene";
import type { ListenerShares } from "./listener-shares";
import type { Answerer, LoadBalancerMetrics } from "./load-balancer-metrics";
import type { Targets } from "./local-tasks";
import type { Listener } from "./moved-service";

/** How long a target may be silent, as a load balancer has it unless it is set to something else. */
export const idleMs = 60_000;
/** A load balancer passes on bodies of any size to its targets. This is as much as is kept in memory here. */
const mostMegabytes = 100;

export interface LoadBalancerOptions {
  readonly shares: ListenerShares;
  /** The tasks behind a target group, by its ARN. */
  readonly targets: (targetGroup: string) => Targets | undefined;
  readonly faults: PresentFaults;
  readonly metrics: LoadBalancerMetrics;
  /** Draws the target group of a request, and whether its answer fails. */
  readonly random: Random;
  readonly onRequest: (record: ServedRequest) => void;
}

/** What a target has answered. */
interface Passed {
  readonly status: number;
  readonly headers?: IncomingHttpHeaders;
  readonly body?: Buffer;
}

interface Answered extends Passed {
  readonly version?: string;
  /** @default - the load balancer has answered itself */
  readonly targetGroup?: string;
  readonly reason?: string;
}

/** An application load balancer on loopback, with a port for each of its listeners. */
export class LoadBalancer {
  private readonly servers: LoopbackServer[] = [];
  private readonly agent = new Agent({ keepAlive: true });
  private turn = 0;

  constructor(private readonly options: LoadBalancerOptions) {}

  /** @returns the address of a listener here */
  listen(listener: Listener): Promise<string> {
    const server = new LoopbackServer((incoming) => this.handle(listener, incoming));
    this.servers.push(server);
    return server.listen();
  }

  async close(): Promise<void> {
    this.agent.destroy();
    await Promise.all(this.servers.map((server) => server.close()));
  }

  private async handle(listener: Listener, incoming: IncomingMessage): Promise<Answer> {
    const startedAt = performance.now();
    const answered = await this.answer(listener, incoming);
    const slowMs = this.options.faults.slowMs(answered.version ?? "");
    const tookMs = performance.now() - startedAt + slowMs;
    const { status, headers, body, version, targetGroup, reason } =
      slowMs > 0 && tookMs > idleMs ? silence(answered.version) : answered;
    const answerer: Answerer = { loadBalancer: listener.loadBalancer, targetGroup: suffixOf(targetGroup) };
    this.options.metrics.record(answerer, status, tookMs);
    const { method = "GET", url = "/" } = incoming;
    const requestId = randomUUID();
    const isUnseen = status >= 400 && (status < 500 || targetGroup === undefined);
    this.options.onRequest({ requestId, httpMethod: method, path: url, status, version, reason, isUnseen });
    // Last of all: whoever has it may look at what was told.
    return { status, headers, body };
  }

  /** All that is drawn is drawn before anything is waited for: the same in each run. */
  private async answer(listener: Listener, incoming: IncomingMessage): Promise<Answered> {
    const targetGroup = this.draw(listener);
    const found = this.options.targets(targetGroup);
    if (found === undefined) return { status: 503, reason: `no target is behind ${suffixOf(targetGroup)}` };
    const { version, ports } = found;
    const kind = this.failure(version);
    if (kind === "timeout") return silence(version);
    if (kind !== undefined) return { status: 500, version, targetGroup, reason: onPurpose };
    const port = ports[this.turn++ % ports.length] as number;
    const body = await bodyOf(incoming, mostMegabytes * 1024 * 1024);
    if (body === undefined) {
      return { status: 413, reason: `the rehearsal passes on at most ${mostMegabytes} MB` };
    }
    try {
      return { ...(await this.pass(port, incoming, body)), version, targetGroup };
    } catch (error) {
      const { message } = error as Error;
      const status = message === silent ? 504 : 502;
      return { status, version, reason: `a task of ${version} does not answer: ${message}` };
    }
  }

  private draw(listener: Listener): string {
    const shares = Object.entries(this.options.shares.of(listener.arn)).filter(([, share]) => share > 0);
    let left = shares.length > 1 ? this.options.random() * 100 : 0;
    const drawn = shares.find(([, share]) => {
      left -= share;
      return left < 0;
    });
    return (drawn ?? shares.at(-1))?.[0] ?? "";
  }

  private failure(version: string): FailureKind | undefined {
    const { faults, random } = this.options;
    const failing = faults.failing(version);
    return failing !== undefined && random() < failing.share ? failing.kind : undefined;
  }

  /** @throws where a target does not answer */
  private pass(port: number, incoming: IncomingMessage, sent: Buffer): Promise<Passed> {
    const { method, url: path } = incoming;
    const forwarded = { "x-forwarded-for": incoming.socket.remoteAddress ?? "", "x-forwarded-proto": "http" };
    const headers = { ...incoming.headers, ...forwarded };
    const options = { agent: this.agent, host: "127.0.0.1", port, method, path, headers, timeout: idleMs };
    return new Promise((resolve, reject) => {
      const send = () => {
        const outgoing = request(options, (answer) => {
          const { statusCode: status = 502, headers } = answer;
          for (const name of hopByHop) delete headers[name];
          buffer(answer).then((body) => resolve({ status, headers, body }), reject);
        });
        outgoing.on("timeout", () => outgoing.destroy(new Error(silent)));
        outgoing.on("error", (error: NodeJS.ErrnoException) => {
          // The target has closed a connection that was kept, in this very moment.
          if (outgoing.reusedSocket && error.code === "ECONNRESET") send();
          else reject(error);
        });
        outgoing.end(sent);
      };
      send();
    });
  }
}

/** What is between two neighbours: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const hopByHop = ["connection", "keep-alive", "transfer-encoding"];
const silent = `it is silent for ${idleMs / 1000} s`;

/** What the load balancer answers for a target that is silent on purpose. */
function silence(version: string | undefined): Answered {
  return { status: 504, version, reason: `a task of ${version} does not answer: ${silent}: ${onPurpose}` };
}

/** As metrics name a target group. */
function suffixOf(targetGroup: string | undefined): string | undefined {
  return targetGroup?.replace(/^.*:(?=targetgroup\/)/, "");
}
