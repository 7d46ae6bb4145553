/** What a function is told of one invocation. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  /** When the function runs out of time, in milliseconds since 1970. */
  readonly deadlineMs: number;
}

/** How an invocation ended. */
export type Outcome =
  | { readonly ok: true; readonly answer: unknown /** Its size as JSON. */; readonly bytes: number }
  | { readonly ok: false; readonly error: string };

/** What an executor is asked, one call at a time. */
export interface Call {
  /** JSON, on one line. */
  readonly event: string;
  readonly context: InvocationContext;
}

/** What it says: that the handler is loaded, and then one reply for each call. `isLast`: it ends with this. */
export type Reply =
  | { readonly type: "ready" }
  | { readonly type: "answer"; readonly answer: unknown; readonly bytes: number }
  | { readonly type: "error"; readonly error: string; readonly isLast?: boolean };
