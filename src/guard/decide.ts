import type { GuardedAlarms } from "../release/alarms/guarded-alarms";
import type { GuardSettings } from "../release/guard";
import type { Split } from "../release/split";
import type { Decided, Decision } from "../release/steps/decision";
import { type Stop, stopOf } from "../release/steps/stops";

/** An alarm in ALARM. */
export interface RedAlarm {
  readonly name: string;
  /** Since when. @default - CloudWatch does not say */
  readonly since?: Date;
  /** Why, as CloudWatch says it. @default - it does not */
  readonly reason?: string;
}

/** What the guard knows when it decides. */
export interface Sight {
  /** Who serves users in AWS. */
  readonly traffic: Split;
  /** By what decision. @default - the pointer does not say */
  readonly decision?: Decision;
  /** Since when AWS has had the stable version serve everybody, or earlier. @default - AWS does not say */
  readonly promoted?: Date;
  readonly red: readonly RedAlarm[];
  /** Why the version on trial is worse than stable. @default - it is not, as far as is known */
  readonly worse?: string;
  readonly stops: readonly Stop[];
  readonly now: Date;
}

export type Action =
  | { readonly kind: "nothing" }
  /** Users of a version go to another one. */
  | {
      readonly kind: "stop";
      readonly version: string;
      readonly to: string;
      readonly reason: string;
      /** Names of the alarms in ALARM that it is stopped for. None where the verdict or an earlier stop says so. */
      readonly alarms: readonly string[];
      /** Whether it was stopped before, and something gave it users again. */
      readonly isAgain: boolean;
    }
  /** A person has to decide. */
  | { readonly kind: "tell"; readonly version: string; readonly reason: string };

/** How many minutes after a stop an alarm on all versions may still see what the stopped version did. */
const echoMinutes = 5;

/** How late a promotion may be deployed: what changes a pointer later than that is no promotion. */
const lateHours = 24;

const nothing: Action = { kind: "nothing" };

/**
 * What the guard does about what it sees. It never gives users to a version of which an alarm is in ALARM. A verdict is
 * of the version on trial alone: once it is promoted, there is nothing to compare it with.
 */
export function decide(
  { afterPromotionMinutes }: Pick<GuardSettings, "afterPromotionMinutes">,
  alarms: GuardedAlarms,
  sight: Sight,
): Action {
  const { traffic, red } = sight;
  const trial =
    traffic.canary !== undefined && traffic.canary.percent > 0 ? traffic.canary.version : undefined;
  const way = trial === undefined ? afterPromotion(sight) : { from: trial, to: traffic.stable };
  if (way === undefined) return nothing;
  const redOf = (version: string) => red.filter(({ name }) => alarms.ofVersion[version]?.includes(name));
  const again = stoppedBefore(sight, way.from);
  const isOver = trial === undefined && !isWithin(sight, afterPromotionMinutes);
  const ofAll = [...alarms.ofAll, ...(trial === undefined ? (alarms.afterPromotion ?? []) : [])];
  const shared = red.filter((one) => ofAll.includes(one.name));
  const redOfAll = trial === undefined ? shared.filter((one) => !isEcho(one, sight)) : shared;
  // Those that were in ALARM before a promotion tell of the former version, but for those on the trial.
  const isOfFormer = (one: RedAlarm) =>
    trial === undefined && !alarms.ofTrial?.includes(one.name) && isBeforePromotion(one, sight);
  const former = redOfAll.filter(isOfFormer);
  const bad = isOver ? [] : [...redOf(way.from), ...redOfAll.filter((one) => !former.includes(one))];
  const reasons = [
    ...bad.map(({ name, reason }) => `alarm ${name}${reason === undefined ? "" : `: ${reason}`}`),
    ...(trial === undefined || sight.worse === undefined ? [] : [sight.worse]),
  ];
  if (again === undefined && reasons.length === 0 && (isOver || former.length === 0)) return nothing;
  if (again === undefined && former.length > 0) {
    const names = former.map(({ name }) => name).join(", ");
    const why = [
      ...reasons,
      `${names} was in ALARM before ${way.from} served everybody, so ${way.to} may be no better`,
    ];
    return { kind: "tell", version: way.from, reason: why.join("; ") };
  }
  const reason =
    reasons.length > 0
      ? reasons.join("; ")
      : `it was stopped at ${again?.at}, and got users again by an older decision`;
  const other = redOf(way.to);
  if (other.length > 0) {
    const names = other.map(({ name }) => name).join(", ");
    return { kind: "tell", version: way.from, reason: `${reason}; but ${way.to} is in ALARM too (${names})` };
  }
  const alarmed = bad.map(({ name }) => name);
  return {
    kind: "stop",
    version: way.from,
    to: way.to,
    reason,
    alarms: alarmed,
    isAgain: again !== undefined,
  };
}

/** From the version that was promoted back to the one before, as long as the pointer says which. */
function afterPromotion({ traffic, decision }: Sight): { from: string; to: string } | undefined {
  const { stable, former } = decision ?? {};
  if (former === undefined || stable?.version !== traffic.stable || former === traffic.stable)
    return undefined;
  return { from: traffic.stable, to: former };
}

function isWithin(sight: Sight, minutes: number): boolean {
  const since = promotedAt(sight);
  return since !== undefined && sight.now.getTime() < since + minutes * 60_000;
}

/** When the promotion was live: the file has the time at which it was decided, and a deploy may come hours later. */
function promotedAt({ decision, promoted }: Sight): number | undefined {
  if (decision?.stable.since === undefined) return undefined;
  const decided = Date.parse(decision.stable.since);
  const live = promoted?.getTime() ?? decided;
  return live > decided && live <= decided + lateHours * 3_600_000 ? live : decided;
}

function isBeforePromotion({ since }: RedAlarm, sight: Sight): boolean {
  const promoted = promotedAt(sight);
  return since !== undefined && promoted !== undefined && since.getTime() < promoted;
}

/** Whether an alarm on all versions tells of the version that was stopped last: it takes minutes to be OK again. */
function isEcho({ since }: RedAlarm, { stops: [last] }: Sight): boolean {
  if (since === undefined || last === undefined) return false;
  return since.getTime() <= Date.parse(last.at) + echoMinutes * 60_000;
}

/** The stop of a version that no later decision lifted: an apply that ran beside the stop can bring it back. */
function stoppedBefore({ decision, stops }: Sight, version: string): Stop | undefined {
  const decided: readonly (Decided | undefined)[] = [decision?.canary, decision?.stable];
  return stopOf(stops, decided.find((one) => one?.version === version) ?? { version });
}
