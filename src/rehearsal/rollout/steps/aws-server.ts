import type { IncomingMessage } from "node:http";
import { type Answer, bodyOf, LoopbackServer } from "../../loopback";
import type { AppliedState } from "../../terraform/applied-state";
import type { Arguments } from "../../terraform/configuration";
import type { Metrics } from "../metrics";
import type { AlarmHistory } from "./alarm-history";

/** What a call of AWS's API is about. */
export interface AwsCall {
  /** `DescribeAlarms`, or `PATCH /restapis/abc/stages/dev` */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly input: Readonly<Record<string, unknown>>;
}

/** A stack that was applied, as AWS has it. */
export interface AwsStack {
  readonly state: AppliedState;
  /** Changes a resource, as a call does. @param changed its attributes */
  change(address: string, changed: Arguments): void;
  /** What CloudWatch tells of alarms. */
  readonly alarms: Pick<AlarmHistory, "stateOf">;
  /** The metrics that it has. */
  readonly metrics: Metrics;
}

/** Answers a call. @returns nothing where it is another service's */
export type AwsService = (call: AwsCall, stack: AwsStack) => Answer | undefined;

/** Of a request to these services: a parameter or a message is far smaller. */
const mostBytes = 1024 * 1024;

/** Services of AWS in front of an applied stack, as far as a guard calls them. */
export class AwsServer {
  private readonly server = new LoopbackServer((request) => this.answer(request));

  constructor(
    private readonly services: readonly AwsService[],
    private readonly stack: () => AwsStack,
  ) {}

  /** @returns the address */
  listen(): Promise<string> {
    return this.server.listen();
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const body = (await bodyOf(request, mostBytes))?.toString() ?? "";
    const call = callOf(request, body);
    for (const service of this.services) {
      const answer = service(call, this.stack());
      if (answer !== undefined) return answer;
    }
    return refusal(400, "UnknownOperationException", `${call.name} is not played`);
  }
}

/** Services in JSON name a call in a header, those of the query protocol in the body, and the others by their path. */
function callOf(request: IncomingMessage, body: string): AwsCall {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://aws");
  const form = body.startsWith("{") ? undefined : new URLSearchParams(body);
  const [, target] = String(request.headers["x-amz-target"] ?? "").split(".");
  const name = target ?? form?.get("Action") ?? `${request.method} ${decodeURIComponent(pathname)}`;
  const input = form === undefined ? JSON.parse(body) : Object.fromEntries(form);
  return { name, query: searchParams, input };
}

export function refusal(status: number, code: string, message: string): Answer {
  const headers = { "content-type": "application/json", "x-amzn-errortype": code };
  return { status, headers, body: JSON.stringify({ message, __type: code }) };
}
