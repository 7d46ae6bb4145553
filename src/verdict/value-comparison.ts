import { type Comparison, evidenceOf, type Levels } from "./comparison";
import { UsuallySo } from "./usually-so";

/** A minute's value of both, such as their p95. */
export interface ValueMinute {
  /** @default - there is none of the minute, or of too few requests */
  readonly stable?: number;
  readonly canary?: number;
}

/** What of two values is worse, and by how much it must be. */
export interface Worse {
  readonly direction: "lower" | "higher";
  /** As a share of stable's value. */
  readonly by: number;
}

/**
 * Compares values of which only one a minute is known, such as percentiles: in how many minutes is the canary's worse
 * than stable's by what matters? Both are of the same minute, so what slows down both says nothing.
 */
export class ValueComparison {
  private readonly worseUsually = new UsuallySo(true);
  private readonly worseRarely = new UsuallySo(false);
  private readonly sums = { stable: 0, canary: 0 };
  private minutes = 0;
  private given = 0;
  private worseMinutes = 0;
  private strongest = 0;
  private foundWorse = false;

  constructor(
    private readonly name: string,
    private readonly worse: Worse,
    private readonly levels: Levels,
  ) {}

  add({ stable, canary }: ValueMinute): void {
    this.minutes += 1;
    if (stable === undefined || canary === undefined) return;
    this.given += 1;
    this.sums.stable += stable;
    this.sums.canary += canary;
    const { direction, by } = this.worse;
    const isWorse = direction === "lower" ? canary > stable * (1 + by) : canary < stable * (1 - by);
    if (isWorse) this.worseMinutes += 1;
    this.worseUsually.add(isWorse);
    this.worseRarely.add(!isWorse);
    this.strongest = Math.max(this.strongest, this.worseUsually.logEvidence);
    if (this.worseUsually.logEvidence >= Math.log(this.levels.worse)) this.foundWorse = true;
  }

  get isWorse(): boolean {
    return this.foundWorse;
  }

  result(): Comparison {
    const isAsGood = this.worseRarely.logEvidence >= Math.log(this.levels.asGood);
    const perGiven = this.minutes / this.given;
    const hasValues = this.given > 0;
    return {
      name: this.name,
      unit: "value",
      answer: this.foundWorse ? "worse" : isAsGood ? "as good" : "not enough yet",
      ...(hasValues && { stable: this.sums.stable / this.given, canary: this.sums.canary / this.given }),
      minutes: { compared: this.given, worse: this.worseMinutes },
      evidence: { worse: evidenceOf(this.strongest), asGood: evidenceOf(this.worseRarely.logEvidence) },
      needed: this.levels,
      ...(!this.foundWorse &&
        !isAsGood &&
        hasValues && {
          minutesToAsGood: Math.ceil(this.worseRarely.minutesToFind(Math.log(this.levels.asGood)) * perGiven),
        }),
    };
  }
}
