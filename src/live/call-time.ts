import { type ChildProcess, spawnSync } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { AwsError } from "./aws-error";

/** How long AWS may take, in milliseconds. */
export interface TimeLimits {
  /** One request with its whole answer. */
  readonly requestMs: number;
  /** One call: credentials, requests that are tried again, and the pauses between them. */
  readonly callMs: number;
  /** All calls of a verb together. The time in which a person is asked does not count. */
  readonly verbMs: number;
}

/** Four tries of a request fit into a call. The help and docs/operating.md repeat these numbers. */
export const awsTimeLimits: TimeLimits = { requestMs: 7_000, callMs: 30_000, verbMs: 120_000 };

/** The time that the calls of one verb have. */
export class CallTime {
  private spentMs = 0;
  private running = 0;
  private since = 0;

  constructor(readonly limits: TimeLimits = awsTimeLimits) {}

  /** Starts the verb's time again: for the next poll of a watch, or to look up a call that may have arrived. */
  renew(): void {
    this.spentMs = 0;
    this.since = performance.now();
  }

  /**
   * Makes one call, and ends it when its time is over.
   *
   * @param call `lambda:UpdateAlias`
   * @param run gets a signal that ends what is still open, and notes each request that it sends
   * @throws {AwsError} named TimeoutError where the call, or the verb, has no time left
   */
  async bounded<T>(
    call: string,
    run: (signal: AbortSignal, onRequest: () => void) => Promise<T>,
  ): Promise<T> {
    const leftMs = this.limits.verbMs - this.spent();
    const boundMs = Math.min(this.limits.callMs, leftMs);
    if (boundMs <= 0) throw new AwsError("TimeoutError", this.overText(call), "lost");
    const ending = new AbortController();
    const children = new NewChildren();
    let requests = 0;
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const isVerb = leftMs <= this.limits.callMs;
        const text = requests === 0 ? this.credentialsText(boundMs) : this.lateText(call, boundMs, isVerb);
        reject(new AwsError("TimeoutError", text, "lost"));
        ending.abort();
        if (requests === 0) children.end();
      }, boundMs);
    });
    this.begin();
    try {
      const answer = run(ending.signal, () => requests++).finally(() => children.forget());
      return await Promise.race([answer, over]);
    } finally {
      this.end();
      clearTimeout(timer);
    }
  }

  /** Calls that run at the same time count once. */
  private spent(): number {
    return this.spentMs + (this.running > 0 ? performance.now() - this.since : 0);
  }

  private begin(): void {
    if (this.running++ === 0) this.since = performance.now();
  }

  private end(): void {
    const spent = this.spent();
    if (--this.running === 0) this.spentMs = spent;
  }

  private credentialsText(boundMs: number): string {
    return `no AWS credentials after ${seconds(boundMs)}: is a credential_process, SSO or the instance's metadata stuck?`;
  }

  private lateText(call: string, boundMs: number, isVerb: boolean): string {
    return isVerb ? this.overText(call) : `AWS does not answer ${call} within ${seconds(boundMs)}`;
  }

  private overText(call: string): string {
    return `AWS took more than ${seconds(this.limits.verbMs)} for this command, which stops at ${call}`;
  }
}

/** The processes that are started meanwhile: the SDK gives a `credential_process` no end. */
class NewChildren {
  private readonly started: ChildProcess[] = [];
  private isOver = false;
  private readonly note = (message: unknown) => {
    const { process } = message as { process: ChildProcess };
    this.started.push(process);
    // The SDK asks such a process a second time when the first one was ended.
    if (this.isOver) setImmediate(() => endProcess(process));
  };

  constructor() {
    subscribe("child_process", this.note);
  }

  forget(): void {
    unsubscribe("child_process", this.note);
  }

  /** Ends them, and those that are yet to come. */
  end(): void {
    this.isOver = true;
    for (const child of this.started) endProcess(child);
  }
}

/** The SDK starts it by a shell, which would leave it behind. Windows has no pkill, and no such shell. */
function endProcess(child: ChildProcess): void {
  if (child.pid !== undefined && child.exitCode === null) spawnSync("pkill", ["-P", String(child.pid)]);
  child.kill();
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function seconds(ms: number): string {
  const value = Number((ms / 1000).toFixed(1));
  return value === 1 ? "1 second" : `${value} seconds`;
}
