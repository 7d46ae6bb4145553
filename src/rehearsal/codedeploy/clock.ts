/** What time it is for deployments, and how they wait. */
export interface Clock {
  now(): Date;
  /** Waits that long, or until the signal is given. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Waits for real work, which takes none of a virtual clock's time. */
  during<T>(work: Promise<T>): Promise<T>;
  /** Waits for an answer that may never come. */
  awaiting<T>(answer: Promise<T>): Promise<T>;
}

/** The time of this machine. */
export class RealClock implements Clock {
  private readonly startedAt = Date.now();

  /** @param speed how much faster it goes: at 60 a minute takes a second */
  constructor(private readonly speed = 1) {}

  now(): Date {
    return new Date(this.startedAt + (Date.now() - this.startedAt) * this.speed);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, ms / this.speed);
      signal?.addEventListener("abort", wake);
      if (signal?.aborted) wake();
    });
  }

  during<T>(work: Promise<T>): Promise<T> {
    return work;
  }

  awaiting<T>(answer: Promise<T>): Promise<T> {
    return answer;
  }
}
