import { setTimeout as pause, setImmediate as turn } from "node:timers/promises";
import type { Clock } from "./clock";

export interface VirtualClockOptions {
  /** @default - 2026-01-01T00:00:00Z */
  readonly startsAt?: Date;
  /** How long it really stands still for an answer that may never come, a hook's. @default 5000 */
  readonly patienceMs?: number;
}

interface Sleeper {
  readonly wakesAt: number;
  readonly wake: () => void;
}

/**
 * A clock that goes on only when it is told to, from one sleeper to the next. It stands still while real work is
 * done, so the same calls come in the same order at the same times in each run.
 */
export class VirtualClock implements Clock {
  private time: number;
  private readonly patienceMs: number;
  private sleepers: Sleeper[] = [];
  private readonly work = new Set<Promise<unknown>>();

  constructor({ startsAt = new Date("2026-01-01T00:00:00Z"), patienceMs = 5000 }: VirtualClockOptions = {}) {
    this.time = startsAt.getTime();
    this.patienceMs = patienceMs;
  }

  now(): Date {
    return new Date(this.time);
  }

  /** Lets that much time pass, and returns when all that happens in it has happened. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await this.settle();
      const next = this.sleepers[0];
      if (next === undefined || next.wakesAt > end) break;
      this.time = next.wakesAt;
      next.wake();
    }
    this.time = end;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.sleepers = this.sleepers.filter((one) => one !== sleeper);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const sleeper: Sleeper = { wakesAt: this.time + ms, wake };
      this.sleepers = [...this.sleepers, sleeper].sort((a, b) => a.wakesAt - b.wakesAt);
      signal?.addEventListener("abort", wake);
      if (signal?.aborted) wake();
    });
  }

  during<T>(work: Promise<T>): Promise<T> {
    this.standStillFor(work);
    return work;
  }

  awaiting<T>(answer: Promise<T>): Promise<T> {
    const patience = new AbortController();
    const patient = pause(this.patienceMs, undefined, { signal: patience.signal }).catch(() => undefined);
    this.standStillFor(Promise.race([answer, patient]).finally(() => patience.abort()));
    return answer;
  }

  private standStillFor(work: Promise<unknown>): void {
    const done: Promise<unknown> = work.catch(() => undefined).then(() => this.work.delete(done));
    this.work.add(done);
  }

  /** Waits until no work is under way, and none follows from what was done. */
  private async settle(): Promise<void> {
    do {
      await Promise.all(this.work);
      await turn();
    } while (this.work.size > 0);
  }
}
