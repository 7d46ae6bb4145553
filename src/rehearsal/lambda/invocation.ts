/** What a function is told of one invocation. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  /** Root, parent and whether it is sampled: Lambda tells it by an environment variable, anew for each invocation. */
  readonly traceId: string;
  /** How long the function has, from when it begins. */
  readonly timeoutMs: number;
}

/** How an invocation ended. */
export type Outcome =
  | {
      readonly ok: true;
      readonly answer: unknown;
      /** The answer's size as JSON. */
      readonly bytes: number;
      /** How long the handler took. */
      readonly tookMs: number;
      /** Whether the handler streamed it: what is no JSON is text then. @default false */
      readonly isStream?: boolean;
    }
  | {
      readonly ok: false;
      readonly error: string;
      /** How long the handler took. @default - it is not known */
      readonly tookMs?: number;
    };

/** Gets each piece of an answer as the handler writes it. One that does not stream is one piece. */
export type OnChunk = (chunk: Buffer) => void;

/** What of a function is invoked, and the version that it goes to. */
export interface Invoked {
  readonly functionName: string;
  /** The alias or version by which it was called. @default - the function itself */
  readonly qualifier?: string;
  readonly version: string;
}

/** Stands between Lambda and the handlers. */
export interface Invocations {
  /**
   * @param timeoutMs how long the version has
   * @param run has the handler do it
   * @returns how it ends
   */
  invoke(invoked: Invoked, timeoutMs: number, run: () => Promise<Outcome>): Promise<Outcome>;
}

/** What an executor is asked. */
export interface Call {
  /** JSON, on one line. */
  readonly event: string;
  readonly context: InvocationContext;
}

/**
 * What it says: that the handler is loaded, and then one reply for each call, in their order, or that it will not
 * do the next `count` behind the one that it works on. An answer may come in pieces, up to its end. `tookMs`: how long
 * the handler took. `isLast`: it ends with this.
 */
export type Reply =
  | { readonly type: "ready" }
  | { readonly type: "back"; readonly count: number }
  | { readonly type: "answer"; readonly answer: unknown; readonly bytes: number; readonly tookMs: number }
  | { readonly type: "chunk"; readonly chunk: Buffer }
  | { readonly type: "end"; readonly tookMs: number }
  | { readonly type: "error"; readonly error: string; readonly isLast?: boolean };
