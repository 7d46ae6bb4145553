import { counted } from "../../../release/counted";
import { alarmLines, faultLines, type Line } from "../announcement";
import type { Faults } from "../faults";
import { percentText } from "../time";
import type { PlannedRelease } from "./planned-release";
import type { PlayedRelease } from "./played-release";
import { mostVerdictMinutes } from "./stepped-release";
import { type Wakers, wakeSeconds } from "./woken-guard";

/** What fails and is slow on purpose, how it can fail, and what failures no alarm on errors sees. */
export function releaseSubject(isServedByApi: boolean): Omit<PlannedRelease["subject"], "timeoutMs"> {
  return {
    answers: "invocations",
    // Without an API nobody sees the status of an answer.
    kinds: isServedByApi ? ["throw", "500", "timeout"] : ["throw", "timeout"],
    unseen: "answers of the function itself: no errors to Lambda",
  };
}

export interface ReleaseAnnouncementOptions {
  readonly rate: number;
  readonly seed: number;
  readonly lateMinutes: number;
  readonly wakers: Wakers;
  /** Whether the version runs the code of the stable one. */
  readonly isSameCode: boolean;
  readonly howBad?: boolean;
}

/** What is about to be rehearsed, a line for each part. */
export function releaseAnnouncement(
  planned: PlannedRelease,
  faults: Faults,
  { rate, seed, lateMinutes, wakers, isSameCode, howBad }: ReleaseAnnouncementOptions,
): Line[] {
  const { service, from, to, assumed } = planned;
  return [
    ["to release", `${to} of ${service}, which ${from} serves: ${stepsText(planned)}`],
    ...assumed.map((text): Line => ["assumed", text]),
    ...(isSameCode
      ? [
          [
            "same code",
            `${to} runs the code of ${from}: --from <git ref> takes the old code from a commit`,
          ] as const,
        ]
      : []),
    ...alarmLines(planned, "nothing can stop this release"),
    ["guard", guardText(planned, wakers)],
    ...verdictLines(planned, howBad),
    ...faultLines(faults, planned, howBad ? planned.to : undefined),
    ...(lateMinutes > 0 ? [["late", `metrics, by ${counted(lateMinutes, "minute")}`] as const] : []),
    ["traffic", `${counted(rate)} requests per second, seed ${seed}`],
  ];
}

/** `10 % for 15 minutes, 50 % for 1 minute, then everybody` */
function stepsText({ moves }: PlannedRelease): string {
  const steps = moves.slice(0, -1).map(({ percent, atMinutes }, index) => {
    const minutes = (moves[index + 1]?.atMinutes ?? atMinutes) - atMinutes;
    const verdict = moves[index + 1]?.awaits === undefined ? "" : " and the verdict";
    return `${percentText(percent)} for ${counted(minutes, "minute")}${verdict}`;
  });
  return steps.length === 0 ? "everybody at once" : `${steps.join(", ")}, then everybody`;
}

function guardText({ guarded }: PlannedRelease, { patterns, eachMinute }: Wakers): string {
  if (guarded === undefined)
    return "none: nothing moves users back; an alarm in ALARM only refuses the next step";
  const wakers = [
    ...(patterns.length > 0 ? [`an alarm wakes it within ${wakeSeconds} seconds (assumed)`] : []),
    ...(eachMinute ? ["a schedule each minute"] : []),
  ];
  return wakers.join(", and ") || "nothing wakes it";
}

/** What a verdict compares here. @returns nothing where nobody asks for one */
function verdictLines({ moves, guarded }: PlannedRelease, howBad = false): (readonly [string, string])[] {
  if (moves.every(({ awaits }) => awaits === undefined) && guarded?.guard.verdict !== true) return [];
  if (howBad)
    return [["verdict", "not drawn: alarms alone stop a version, and steps end with their bake time"]];
  const limit = `a step waits at most ${mostVerdictMinutes / 60} hours for it`;
  return [["verdict", `compares failed answers; no latency, which is this machine's; ${limit}`]];
}

/** How long it took to see a failure and to take the version back, in seconds. */
export interface Reaction {
  /** From the version's first failure to the first alarm in ALARM that stopped it. @default - there is none */
  readonly secondsToAlarm?: number;
  /** From that alarm until the users were moved. @default - nobody was moved */
  readonly secondsToMove?: number;
}

export function reactionOf({
  startedAt,
  endedAt,
  alarmChanges,
  stoppedBy,
  result,
  firstFailureAt,
}: PlayedRelease): Reaction {
  const red = alarmChanges.find(
    ({ at, alarm, state }) => at >= startedAt && state === "ALARM" && stoppedBy.includes(alarm),
  );
  if (red === undefined) return {};
  const between = (from: Date, to: Date) => Math.round((to.getTime() - from.getTime()) / 1000);
  return {
    ...(firstFailureAt !== undefined && { secondsToAlarm: between(firstFailureAt, red.at) }),
    ...(result === "stopped by the guard" && { secondsToMove: between(red.at, endedAt) }),
  };
}

/** What a release shows beside its numbers, in sentences. */
export function releaseSentences(played: PlayedRelease, planned: PlannedRelease): string[] {
  const { result, stale, made, alarmChanges, endedAt } = played;
  const { to, guarded } = planned;
  const { secondsToAlarm, secondsToMove } = reactionOf(played);
  const lines: string[] = [];
  if (secondsToAlarm !== undefined) {
    const moved =
      secondsToMove === undefined
        ? ""
        : `, and the users moved ${counted(secondsToMove, "second")} after that`;
    lines.push(
      `The alarm was in ALARM ${counted(secondsToAlarm, "second")} after the first failure${moved}.`,
    );
  }
  if (result === "held") {
    const percent = percentText(made.at(-1)?.move.percent ?? 0);
    lines.push(
      `${to} keeps ${percent} of the users: ${guarded === undefined ? "the release has no guard" : "the guard moves no users"}.`,
    );
  }
  const red = alarmChanges.filter(({ at, state }) => state === "ALARM" && at >= (made[0]?.at ?? endedAt));
  if (guarded === undefined && red.length > 0)
    lines.push('Nothing moves the users back. With "guard": {} the guard would do it.');
  if (stale !== undefined) lines.push(...staleLines(stale));
  return lines;
}

function staleLines({ move, refused }: NonNullable<PlayedRelease["stale"]>): string[] {
  const what = `An apply of the file as it was before the stop (${move.verb}, ${percentText(move.percent)})`;
  return refused === undefined
    ? [`${what} is accepted: the version has users again.`]
    : [`${what} is refused:`, refused];
}
