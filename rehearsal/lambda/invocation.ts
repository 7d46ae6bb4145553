/** What a function is told of one invocation. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  /** How long the function has, from when it begins. */
  readonly timeoutMs: number;
}

/** How an invocation ended. */
export type Outcome =
  | { readonly ok: true; readonly answer: unknown /** Its size as JSON. */; readonly bytes: number }
  | { readonly ok: false; readonly error: string };

/** What an executor is asked. */
export interface Call {
  /** JSON, on one line. */
  readonly event: string;
  readonly context: InvocationContext;
}

/**
 * What it says: that the handler is loaded, and then one reply for each call, in their order, or that it will not
 * do the next `count` behind the one that it works on. `tookMs`: how long the handler took. `isLast`: it ends with
 * this.
 */
export type Reply =
  | { readonly type: "ready" }
  | { readonly type: "back"; readonly count: number }
  | { readonly type: "answer"; readonly answer: unknown; readonly bytes: number; readonly tookMs: number }
  | { readonly type: "error"; readonly error: string; readonly isLast?: boolean };
