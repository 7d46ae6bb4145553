import type { Clock } from "../codedeploy/clock";

/** What became of requests. */
export interface Answered {
  readonly requests: number;
  readonly failed: number;
  /** Those of `failed` that no alarm on errors sees. @default 0 */
  readonly unseen?: number;
  /** By the version that served them, or `(none)`. */
  readonly byVersion: ReadonlyMap<string, { readonly requests: number; readonly failed: number }>;
}

/** Those who send the requests. */
export interface Users {
  /** Sends that many, to whoever serves them at this moment. */
  send(requests: number): Promise<Answered>;
}

/** Requests that fell between two moments, while nobody moved anything. */
export interface Stretch extends Answered {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Requests at a steady rate of the clock's time. They are sent late and many at a time, before anything changes. */
export class Traffic {
  readonly stretches: Stretch[] = [];
  private readonly startsAt: number;
  private sent = 0;
  private sentUntil: number;
  private sending: Promise<void> = Promise.resolve();

  /** @param rate requests per second */
  constructor(
    private readonly clock: Clock,
    private readonly rate: number,
    private readonly users: Users,
  ) {
    this.startsAt = clock.now().getTime();
    this.sentUntil = this.startsAt;
  }

  /** Sends what is due, and returns when all of it is answered. */
  catchUp(): Promise<void> {
    this.sending = this.sending.then(() => this.sendDue());
    return this.sending;
  }

  private async sendDue(): Promise<void> {
    const now = this.clock.now().getTime();
    const due = Math.floor(((now - this.startsAt) * this.rate) / 1000 + 1e-9) - this.sent;
    if (now === this.sentUntil) return;
    this.sent += due;
    const answered =
      due === 0 ? { requests: 0, failed: 0, byVersion: new Map() } : await this.users.send(due);
    this.stretches.push({ fromMs: this.sentUntil, toMs: now, ...answered });
    this.sentUntil = now;
  }
}
