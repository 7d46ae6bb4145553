import type { SeenRequest } from "../rehearsal/run-observer";
import { binomialInterval } from "../traffic/binomial";
import { quantile } from "../traffic/quantile";
import { type ExpectedShare, type Observation, verdict } from "../traffic/report";

/** What is known of the requests since the shares became what they are. */
export interface Tally {
  readonly since: Date;
  readonly versions: readonly VersionTally[];
  /** How many there were. */
  readonly requests: number;
  /** Those that reached no version: API Gateway answered, or the route has no function. */
  readonly unreached: number;
  /** Whether the split is as expected, in words. @default - no request came */
  readonly verdict?: { readonly isOk: boolean; readonly text: string };
  /** The last minute, second by second, the oldest first: requests by version. */
  readonly seconds: readonly ReadonlyMap<string, number>[];
  /** The newest first. */
  readonly last: readonly SeenRequest[];
}

export interface VersionTally {
  readonly version: string;
  /** The share that it should have, 0 to 100. */
  readonly expected: number;
  readonly requests: number;
  /** The share that it has, 0 to 100. */
  readonly share: number;
  /** Which shares 95 of 100 rehearsals stay within. */
  readonly within: { readonly low: number; readonly high: number };
  readonly failed: number;
  readonly p50?: number;
  readonly p95?: number;
}

/** How many requests a split is judged by: the last ones. */
const mostKept = 10_000;
const mostShown = 8;
const shownSeconds = 60;

/** Counts the requests of a rehearsal, and begins anew whenever other shares are applied. */
export class RequestTally {
  private expected: readonly ExpectedShare[] = [];
  private since: Date;
  private kept: Observation[] = [];
  private last: SeenRequest[] = [];
  private readonly seconds = new Map<number, Map<string, number>>();

  constructor(private readonly now: () => Date = () => new Date()) {
    this.since = now();
  }

  /** An apply of the same shares goes on counting. */
  applied(expected: readonly ExpectedShare[]): void {
    const text = (shares: readonly ExpectedShare[]) => JSON.stringify(shares);
    if (text(expected) === text(this.expected)) return;
    this.expected = expected;
    this.since = this.now();
    this.kept = [];
  }

  add(request: SeenRequest): void {
    const { version, latencyMs, status } = request;
    this.kept.push({ version, latencyMs, failed: status >= 400 });
    // Not with each request: a list is as long as what is moved.
    if (this.kept.length > 2 * mostKept) this.kept = this.kept.slice(-mostKept);
    this.last = [request, ...this.last].slice(0, mostShown);
    const second = Math.floor(this.now().getTime() / 1000);
    const counts = this.seconds.get(second) ?? new Map<string, number>();
    this.seconds.set(second, counts.set(version ?? "", (counts.get(version ?? "") ?? 0) + 1));
    for (const one of this.seconds.keys()) if (one < second - shownSeconds) this.seconds.delete(one);
  }

  tally(): Tally {
    const reached = this.kept.filter(({ version }) => version !== undefined);
    const end = Math.floor(this.now().getTime() / 1000);
    const { ok: isOk, text } = verdict(reached, this.expected);
    return {
      since: this.since,
      versions: this.versions().map((version) => this.ofVersion(version, reached)),
      requests: this.kept.length,
      unreached: this.kept.length - reached.length,
      verdict: reached.length === 0 ? undefined : { isOk, text },
      seconds: Array.from(
        { length: shownSeconds },
        (_, index) => this.seconds.get(end - shownSeconds + 1 + index) ?? new Map<string, number>(),
      ),
      last: this.last,
    };
  }

  private versions(): string[] {
    const answered = this.kept.flatMap(({ version }) => version ?? []);
    return [...new Set([...this.expected.map(({ version }) => version), ...answered])];
  }

  private ofVersion(version: string, reached: readonly Observation[]): VersionTally {
    const own = reached.filter((one) => one.version === version);
    const expected = this.expected.find((one) => one.version === version)?.percent ?? 0;
    const { low, high } = binomialInterval(reached.length, expected / 100);
    const inPercent = (hits: number) => (hits / Math.max(reached.length, 1)) * 100;
    const latencies = own.map(({ latencyMs }) => latencyMs);
    return {
      version,
      expected,
      requests: own.length,
      share: inPercent(own.length),
      within: { low: inPercent(low), high: inPercent(high) },
      failed: own.filter(({ failed }) => failed).length,
      p50: quantile(latencies, 0.5),
      p95: quantile(latencies, 0.95),
    };
  }
}
