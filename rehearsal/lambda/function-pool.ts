import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { Executor } from "./executor";
import type { FunctionVersion } from "./function";
import type { Call, InvocationContext, Outcome, Reply } from "./invocation";

/** How long a handler may take to load: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const initTimeoutMs = 10_000;
/** A function gets another executor when a call has waited this long for one, up to the most. */
const growAfterMs = 20;
const mostExecutors = 16;

interface Waiting {
  readonly event: string;
  readonly invokedArn: string;
  readonly requestId: string;
  readonly since: number;
  readonly settle: (outcome: Outcome) => void;
}

interface Instance {
  readonly executor: Executor;
  readonly logStreamName: string;
  ready: boolean;
  /** The call that it works on. */
  current?: Waiting;
  timer?: NodeJS.Timeout;
}

/**
 * Runs one version of a function: its code, environment, memory and timeout. Each executor does one call
 * at a time, and whatever a handler does ends with its executor.
 */
export class FunctionPool {
  private readonly instances = new Set<Instance>();
  private readonly waiting: Waiting[] = [];
  private growth?: NodeJS.Timeout;
  private closed = false;

  /**
   * @param folder where the function's code stands, which nobody changes
   * @param onLog gets each line that the handler prints
   */
  constructor(
    readonly lambda: FunctionVersion,
    private readonly folder: string,
    private readonly onLog: (line: string) => void,
  ) {}

  /** @param invokedArn the function's, with the qualifier that it was called by */
  invoke(event: string, invokedArn: string): Promise<Outcome> {
    return new Promise((settle) => {
      this.waiting.push({ event, invokedArn, requestId: randomUUID(), since: Date.now(), settle });
      this.dispatch();
    });
  }

  /** Ends every executor once its call is done; with `atOnce` also those that work. */
  close(atOnce = false): void {
    this.closed = true;
    for (const instance of this.instances)
      if (atOnce || instance.current === undefined) this.retire(instance);
  }

  private dispatch(): void {
    for (const instance of this.instances) {
      if (this.waiting.length === 0) return;
      if (instance.ready && instance.current === undefined)
        this.give(instance, this.waiting.shift() as Waiting);
    }
    if (this.waiting.length > 0) this.grow();
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
      const [first] = this.waiting;
      if (first !== undefined && Date.now() - first.since >= growAfterMs) this.start();
      this.dispatch();
    }, growAfterMs);
  }

  private start(): void {
    const instance: Instance = {
      executor: new Executor(this.lambda, this.folder, this.environment(), {
        onReply: (reply) => this.receive(instance, reply),
        onExit: (reason) => this.remove(instance, reason),
        onLog: this.onLog,
      }),
      logStreamName: `rehearsal/[${this.lambda.version}]${randomUUID().replaceAll("-", "")}`,
      ready: false,
    };
    this.instances.add(instance);
    instance.timer = setTimeout(
      () => this.fail(instance, "Init timed out after 10.00 seconds"),
      initTimeoutMs,
    );
  }

  private give(instance: Instance, waiting: Waiting): void {
    const { timeoutSeconds } = this.lambda;
    instance.current = waiting;
    instance.timer = setTimeout(
      () => this.fail(instance, `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`),
      timeoutSeconds * 1000,
    );
    const call: Call = { event: waiting.event, context: this.context(instance, waiting) };
    instance.executor.call(call);
  }

  private receive(instance: Instance, reply: Reply): void {
    clearTimeout(instance.timer);
    if (reply.type === "ready") {
      instance.ready = true;
    } else if (!instance.ready) {
      // The handler cannot be loaded: a call that waits for it fails with the reason.
      this.fail(instance, reply.type === "error" ? reply.error : "");
      return;
    } else {
      const { current } = instance;
      instance.current = undefined;
      const outcome: Outcome =
        reply.type === "answer"
          ? { ok: true, answer: reply.answer, bytes: reply.bytes }
          : { ok: false, error: reply.error };
      current?.settle(outcome);
      const isLast = reply.type === "error" && reply.isLast === true;
      if (this.closed || isLast) this.retire(instance);
    }
    this.dispatch();
  }

  /** Ends an executor and its call, or while it loads the call that waits longest. */
  private fail(instance: Instance, error: string): void {
    const call = instance.current ?? (instance.ready ? undefined : this.waiting.shift());
    instance.current = undefined;
    this.retire(instance);
    call?.settle({ ok: false, error });
    this.dispatch();
  }

  /** It gets no further call, also while it is still about to end. */
  private retire(instance: Instance): void {
    this.instances.delete(instance);
    clearTimeout(instance.timer);
    instance.executor.stop();
  }

  private remove(instance: Instance, reason: string): void {
    if (this.instances.has(instance)) this.fail(instance, reason);
  }

  private context({ logStreamName }: Instance, { requestId, invokedArn }: Waiting): InvocationContext {
    const { functionName, version, memoryMb, timeoutSeconds } = this.lambda;
    return {
      awsRequestId: requestId,
      functionName,
      functionVersion: version,
      invokedFunctionArn: invokedArn,
      memoryLimitInMB: String(memoryMb),
      logGroupName: `/aws/lambda/${functionName}`,
      logStreamName,
      deadlineMs: Date.now() + timeoutSeconds * 1000,
    };
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html: nothing of this machine's but the path. */
  private environment(): Record<string, string> {
    const { functionName, version, region, memoryMb, handler, runtime, environment } = this.lambda;
    return {
      ...environment,
      AWS_DEFAULT_REGION: region,
      AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
      AWS_LAMBDA_FUNCTION_NAME: functionName,
      AWS_LAMBDA_FUNCTION_VERSION: version,
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
      AWS_REGION: region,
      LAMBDA_TASK_ROOT: this.folder,
      LANG: "en_US.UTF-8",
      PATH: process.env["PATH"] ?? "",
      TZ: environment["TZ"] ?? ":UTC",
      // Where the AWS SDK is found, which Lambda brings and no package holds.
      NODE_PATH: join(__dirname, "../../node_modules"),
      _HANDLER: handler,
    };
  }
}
