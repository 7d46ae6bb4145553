import { randomUUID } from "node:crypto";
import { newTrace } from "../trace-id";
import { environmentOf } from "./environment";
import { Executor } from "./executor";
import type { FunctionVersion } from "./function";
import type { InvocationContext, OnChunk, Outcome, Reply } from "./invocation";

/** How long a handler may take to load: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const initTimeoutMs = 10_000;
/** A function gets another executor when a call has waited this long for one, up to the most. */
const growAfterMs = 20;
const mostExecutors = 16;
/**
 * An executor whose calls take less than this gets several at once, because waking its process takes longer than
 * they do. A function that has one gets no other.
 */
const quickMs = 1;
const mostAtOnce = 8;
/** What a call is taken to need as long as nothing is known of it. */
const unknownMs = 10;

interface Waiting {
  readonly event: string;
  readonly invokedArn: string;
  readonly traceId: string;
  readonly requestId: string;
  readonly since: number;
  /** @default - the answer is waited for */
  readonly onChunk?: OnChunk;
  /** The pieces of an answer that is waited for. */
  readonly chunks: Buffer[];
  readonly settle: (outcome: Outcome) => void;
}

interface Instance {
  readonly executor: Executor;
  readonly logStreamName: string;
  ready: boolean;
  /** What it was given: it works on the first, and has begun none of the others. */
  readonly calls: Waiting[];
  /** What its calls took lately. */
  meanMs: number;
  /** When it began the first of its calls. */
  begunAt: number;
  timer?: NodeJS.Timeout;
}

/**
 * Runs one version of a function: its code, environment, memory and timeout. Each executor does one call
 * at a time, and whatever a handler does ends with its executor: calls that it has not begun go to another.
 */
export class FunctionPool {
  private readonly instances = new Set<Instance>();
  private readonly waiting: Waiting[] = [];
  private growth?: NodeJS.Timeout;
  private isDispatching = false;
  private closed = false;

  /**
   * @param folder where the function's code stands, which nobody changes
   * @param onLog gets each line that the handler prints
   * @param variables environment variables beside the function's own, or in place of them
   */
  constructor(
    readonly lambda: FunctionVersion,
    private readonly folder: string,
    private readonly onLog: (line: string) => void,
    private readonly variables: Readonly<Record<string, string>> = {},
  ) {}

  /**
   * @param invokedArn the function's, with the qualifier that it was called by
   * @param traceId the trace that the call belongs to. @default - it begins one, which is not sampled
   * @param onChunk gets the answer while it is written. @default - it stands in the outcome
   */
  invoke(event: string, invokedArn: string, traceId = newTrace(), onChunk?: OnChunk): Promise<Outcome> {
    return new Promise((settle) => {
      const requestId = randomUUID();
      const since = Date.now();
      this.waiting.push({ event, invokedArn, traceId, requestId, since, onChunk, chunks: [], settle });
      this.dispatch();
    });
  }

  /** Ends every executor once no call waits for it; with `atOnce` also those that work. */
  close(atOnce = false): void {
    this.closed = true;
    if (!atOnce) {
      this.dispatch();
      return;
    }
    for (const instance of this.instances) this.retire(instance);
    this.waiting.length = 0;
  }

  /** Hands out together what came in one turn of the event loop. */
  private dispatch(): void {
    if (this.isDispatching) return;
    this.isDispatching = true;
    setImmediate(() => {
      this.isDispatching = false;
      for (const instance of this.instances) {
        const room = roomOf(instance);
        if (room > 0 && this.waiting.length > 0) this.give(instance, this.waiting.splice(0, room));
        if (this.closed && instance.ready && instance.calls.length === 0) this.retire(instance);
      }
      if (this.waiting.length > 0) this.grow();
    });
  }

  /** At once for the first, later only for calls that wait: starting one costs more than most calls. */
  private grow(): void {
    if (this.instances.size === 0) {
      this.start();
      return;
    }
    if (this.growth !== undefined || this.instances.size >= mostExecutors) return;
    this.growth = setTimeout(() => {
      this.growth = undefined;
      if (this.needsAnother()) this.start();
      this.dispatch();
    }, growAfterMs);
  }

  private needsAnother(): boolean {
    const [first] = this.waiting;
    if (first === undefined || Date.now() - first.since < growAfterMs) return false;
    const ready = [...this.instances].filter((one) => one.ready);
    // More at once would take the processor from those that work.
    if (this.instances.size - ready.length >= ready.length) return false;
    return !ready.some(isQuick);
  }

  private start(): void {
    const logStreamName = `rehearsal/[${this.lambda.version}]${randomUUID().replaceAll("-", "")}`;
    const environment = {
      ...environmentOf(this.lambda, this.folder),
      AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
      ...this.variables,
    };
    const instance: Instance = {
      executor: new Executor(this.lambda, this.folder, environment, {
        onReply: (reply) => this.receive(instance, reply),
        onExit: (reason) => this.remove(instance, reason),
        onLog: this.onLog,
      }),
      logStreamName,
      ready: false,
      calls: [],
      meanMs: unknownMs,
      begunAt: 0,
    };
    this.instances.add(instance);
    instance.timer = setTimeout(
      () => this.fail(instance, "Init timed out after 10.00 seconds"),
      initTimeoutMs,
    );
  }

  private give(instance: Instance, given: readonly Waiting[]): void {
    instance.calls.push(...given);
    if (instance.calls.length === given.length) this.begin(instance);
    instance.executor.send(given.map((one) => ({ event: one.event, context: this.context(instance, one) })));
  }

  /** From now on its first call's time runs. */
  private begin(instance: Instance): void {
    const { timeoutSeconds } = this.lambda;
    const timeoutMs = timeoutSeconds * 1000;
    instance.begunAt = Date.now();
    instance.timer = setTimeout(
      () => this.fail(instance, `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`, timeoutMs),
      timeoutMs,
    );
  }

  private receive(instance: Instance, reply: Reply): void {
    if (reply.type === "back") {
      // Its call waits for something, and so would those behind it.
      instance.meanMs = unknownMs;
      this.waiting.unshift(...instance.calls.splice(1, reply.count));
      this.dispatch();
      return;
    }
    if (reply.type === "chunk") {
      const [call] = instance.calls;
      if (call?.onChunk === undefined) call?.chunks.push(reply.chunk);
      else call.onChunk(reply.chunk);
      return;
    }
    clearTimeout(instance.timer);
    if (reply.type === "ready") {
      instance.ready = true;
    } else if (!instance.ready) {
      // The handler cannot be loaded: a call that waits for it fails with the reason.
      this.fail(instance, reply.type === "error" ? reply.error : "");
      return;
    } else {
      const call = instance.calls.shift();
      const failedAfterMs = Date.now() - instance.begunAt;
      if (instance.calls.length > 0) this.begin(instance);
      if (reply.type !== "error") instance.meanMs += (reply.tookMs - instance.meanMs) / 16;
      if (call !== undefined) call.settle(outcomeOf(reply, call, failedAfterMs));
      const isLast = reply.type === "error" && reply.isLast === true;
      if (isLast) this.retire(instance);
    }
    this.dispatch();
  }

  /**
   * Ends an executor and its call, or while it loads the call that waits longest.
   *
   * @param tookMs how long the call took. @default - since it was begun
   */
  private fail(instance: Instance, error: string, tookMs = Date.now() - instance.begunAt): void {
    const isBegun = instance.ready;
    const call = instance.ready ? instance.calls.shift() : this.waiting.shift();
    this.retire(instance);
    call?.settle(isBegun ? { ok: false, error, tookMs } : { ok: false, error });
    this.dispatch();
  }

  /** It gets no further call, also while it is still about to end, and gives back those that it has not begun. */
  private retire(instance: Instance): void {
    this.instances.delete(instance);
    clearTimeout(instance.timer);
    this.waiting.unshift(...instance.calls.splice(0));
    instance.executor.stop();
  }

  private remove(instance: Instance, reason: string): void {
    if (this.instances.has(instance)) this.fail(instance, reason);
  }

  private context(
    { logStreamName }: Instance,
    { requestId, invokedArn, traceId }: Waiting,
  ): InvocationContext {
    const { functionName, version, memoryMb, timeoutSeconds } = this.lambda;
    return {
      awsRequestId: requestId,
      functionName,
      functionVersion: version,
      invokedFunctionArn: invokedArn,
      memoryLimitInMB: String(memoryMb),
      logGroupName: `/aws/lambda/${functionName}`,
      logStreamName,
      traceId,
      timeoutMs: timeoutSeconds * 1000,
    };
  }
}

function outcomeOf(
  reply: Extract<Reply, { readonly type: "answer" | "end" | "error" }>,
  { onChunk, chunks }: Waiting,
  failedAfterMs: number,
): Outcome {
  if (reply.type === "error") return { ok: false, error: reply.error, tookMs: failedAfterMs };
  if (reply.type === "end") {
    const streamed = Buffer.concat(chunks);
    const answer = jsonOrText(streamed.toString("utf8"));
    return { ok: true, answer, bytes: streamed.length, tookMs: reply.tookMs, isStream: true };
  }
  onChunk?.(Buffer.from(JSON.stringify(reply.answer)));
  return { ok: true, answer: reply.answer, bytes: reply.bytes, tookMs: reply.tookMs };
}

/** What Lambda gives to those who wait for a stream is its text, whatever it is. */
function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isQuick({ meanMs, calls, begunAt }: Instance): boolean {
  return meanMs < quickMs && (calls.length === 0 || Date.now() - begunAt < growAfterMs);
}

/** How many more calls it may be given. */
function roomOf(instance: Instance): number {
  if (!instance.ready) return 0;
  return (isQuick(instance) ? mostAtOnce : 1) - instance.calls.length;
}
