import { type Comparison, evidenceOf, type Levels } from "./comparison";
import { FailsMore } from "./fails-more";
import { FailsNoMore } from "./fails-no-more";
import { hasBoth, type Margin, marginAbove, nothing, plus, type ShareMinute, shareOf } from "./share-minute";

/** From how many of the last minutes the traffic to come is taken. */
const recentMinutes = 15;

/**
 * Compares two shares, minute by minute. What was found worse once stays so: the chance of a mistake is that of all
 * looks together.
 */
export class ShareComparison {
  private readonly more: FailsMore;
  private readonly noMore: FailsNoMore;
  private readonly recent: ShareMinute[] = [];
  private all: ShareMinute = { stable: nothing, canary: nothing };
  private worse: ShareMinute | undefined;
  private strongest = 0;

  constructor(
    private readonly name: string,
    private readonly margin: Margin,
    private readonly levels: Levels,
  ) {
    this.more = new FailsMore(margin);
    this.noMore = new FailsNoMore(margin);
  }

  add(minute: ShareMinute): void {
    const { stable, canary } = this.all;
    this.all = { stable: plus(stable, minute.stable), canary: plus(canary, minute.canary) };
    this.recent.push(minute);
    if (this.recent.length > recentMinutes) this.recent.shift();
    if (!hasBoth(minute)) return;
    this.more.add(minute);
    this.noMore.add(minute);
    this.strongest = Math.max(this.strongest, this.more.logEvidence);
    if (this.more.logEvidence >= Math.log(this.levels.worse) && this.more.matters)
      this.worse ??= this.more.against;
  }

  get isWorse(): boolean {
    return this.worse !== undefined;
  }

  result(): Comparison {
    const { stable, canary } = this.worse ?? this.all;
    const isAsGood = this.noMore.logEvidence >= Math.log(this.levels.asGood);
    return {
      name: this.name,
      unit: "share",
      answer: this.worse ? "worse" : isAsGood ? "as good" : "not enough yet",
      stable: shareOf(stable),
      canary: shareOf(canary),
      of: { stable, canary },
      evidence: { worse: evidenceOf(this.strongest), asGood: evidenceOf(this.noMore.logEvidence) },
      needed: this.levels,
      ...(!this.worse && !isAsGood && this.ahead()),
    };
  }

  /** What the next minutes are expected to bring at the rate of the last ones. */
  private ahead(): Pick<Comparison, "seen" | "minutesToAsGood"> {
    const minutes = this.recent.length;
    const [stable, canary] = (["stable", "canary"] as const).map(
      (role) => this.recent.reduce((sum, one) => sum + one[role].requests, 0) / minutes,
    );
    if (!stable || !canary) return {};
    const share = shareOf(this.all.stable);
    const worse = marginAbove(share, this.margin);
    const minute = (canaryShare: number): ShareMinute => ({
      stable: { requests: stable, failed: stable * share },
      canary: { requests: canary, failed: canary * canaryShare },
    });
    return {
      seen: {
        stable: share,
        canary: worse,
        minutes: whole(this.more.minutesToFind(Math.log(this.levels.worse), minute(worse))),
      },
      minutesToAsGood: whole(this.noMore.minutesToFind(Math.log(this.levels.asGood), minute(share))),
    };
  }
}

/** @returns nothing for what is not expected at all */
function whole(minutes: number): number | undefined {
  return Number.isFinite(minutes) ? Math.max(1, Math.ceil(minutes)) : undefined;
}
