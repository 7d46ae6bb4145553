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
  | { readonly ok: true; readonly answer: unknown }
  | { readonly ok: false; readonly error: string };

/** What an executor is asked, as it crosses to the worker or child: one event at a time, as JSON text. */
export interface Call {
  readonly event: string;
  readonly context: InvocationContext;
}

/** What it says: that the handler is loaded, and then one reply for each call. `isLast`: it ends with this. */
export type Reply =
  | { readonly type: "ready" }
  | { readonly type: "answer"; readonly answer: string; readonly externalBytes?: number }
  | { readonly type: "error"; readonly error: string; readonly isLast?: boolean };

/** One running instance of a function: a Node worker or a Python child. It does one call at a time. */
export interface Executor {
  call(call: Call): void;
  /** Ends it, whatever it does. */
  stop(): void;
}

export interface ExecutorEvents {
  readonly onReply: (reply: Reply) => void;
  /** It is gone: by itself, or because it was stopped. */
  readonly onExit: (reason: string) => void;
  /** A line that the handler printed. */
  readonly onLog: (line: string) => void;
}
