import type { Throttling } from "./stage";

/** A token bucket, as API Gateway's: `burstLimit` tokens at most, `rateLimit` new ones each second. */
export class Throttle {
  private tokens: number;
  private filledAt: number;

  constructor(
    private readonly limits: Throttling,
    now: number,
  ) {
    this.tokens = limits.burstLimit;
    this.filledAt = now;
  }

  /** @param now milliseconds of any clock that does not go back */
  admits(now: number): boolean {
    const { rateLimit, burstLimit } = this.limits;
    this.tokens = Math.min(burstLimit, this.tokens + ((now - this.filledAt) / 1000) * rateLimit);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
