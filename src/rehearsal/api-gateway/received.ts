import type { IncomingMessage } from "node:http";
import type { RequestTarget } from "./request-target";
import type { Trace } from "./trace";

/** A request as it came. */
export interface Received {
  readonly request: IncomingMessage;
  readonly requestId: string;
  readonly httpMethod: string;
  readonly target: RequestTarget;
  readonly trace: Trace;
  readonly now: Date;
}
