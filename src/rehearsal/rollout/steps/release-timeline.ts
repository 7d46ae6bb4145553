import { reasonOf, worseText } from "../../../verdict/reason";
import { percentText } from "../time";
import { alarmEvent, faultEvents, inOrder, type TimelineEvent, type Told } from "../timeline";
import type { PlannedRelease } from "./planned-release";
import type { PlayedRelease } from "./played-release";
import { type AskedVerdict, type MadeMove, theVerdict } from "./stepped-release";
import type { Look } from "./woken-guard";

/** All that happened in a release, in its order. */
export function releaseTimeline(played: PlayedRelease, planned: PlannedRelease): TimelineEvent[] {
  const { made, refused, looks, alarmChanges, shares, messages, troubles, endedAt, result, stretches } =
    played;
  const { from, to } = planned;
  const end = new Date(Math.max(...stretches.map(({ toMs }) => toMs)));
  const isMade = (at: Date) => made.some((one) => one.at.getTime() === at.getTime());
  const told: Told[] = [
    // A move waits for its answer.
    ...played.verdicts.map((one) => verdictEvent(one, to)),
    ...made.map((one) => moveEvent(one, to)),
    ...alarmChanges.filter(({ state, before }) => state === "ALARM" || before === "ALARM").map(alarmEvent),
    ...(refused === undefined ? [] : [refusedEvent(refused, played)]),
    ...troubles.map(({ at, message }): Told => ({ at, event: `the guard fails: ${message}`, kind: "bad" })),
    ...looks.flatMap((one) => [...verdictOfGuard(one), lookEvent(one, from)]),
    // Of the moves that no verb made.
    ...shares
      .filter(({ at }) => !isMade(at))
      .map(({ at, percent }): Told => ({ at, percent, event: shareEvent(planned, percent) })),
    ...messages.map(({ at, subject }): Told => ({ at, event: `SNS: ${subject}` })),
    ...(result === "released" ? [{ at: endedAt, event: `${to} is released`, kind: "good" as const }] : []),
    ...faultEvents(played, planned, end),
    { at: end, event: "the rehearsal ends" },
  ];
  return inOrder(told, played);
}

function moveEvent({ at, move: { verb, percent } }: MadeMove, to: string): Told {
  const event =
    verb === "promote" ? `promote: ${to} has 100 %` : `${verb}: ${to} has ${percentText(percent)}`;
  return { at, event, percent };
}

function refusedEvent({ at, move: { verb } }: MadeMove, { stoppedBy, verdicts }: PlayedRelease): Told {
  const answer = verdicts.at(-1)?.verdict.answer;
  const why = stoppedBy.includes(theVerdict)
    ? `the verdict is ${answer}`
    : `${stoppedBy.join(" and ")} in ALARM`;
  return { at, event: `${verb} is refused: ${why}`, kind: "bad" };
}

/** What a step that waits for the verdict was told. */
function verdictEvent({ at, move: { verb }, verdict }: AskedVerdict, to: string): Told {
  const { answer } = verdict;
  if (answer === "not enough yet")
    return { at, event: `${verb} waits for the verdict: ${answer}: ${reasonOf(verdict, to)}` };
  const reason = answer === "worse" ? worseText(verdict) : reasonOf(verdict, to);
  return { at, event: `the verdict is ${answer}: ${reason}`, kind: answer === "worse" ? "bad" : "good" };
}

/** Alarms have a line of their own. */
function verdictOfGuard({ at, action: { reason } }: Look): Told[] {
  return reason.startsWith(theVerdict) ? [{ at, event: reason, kind: "bad" }] : [];
}

function lookEvent({ at, action }: Look, from: string): Told {
  if (action.kind === "tell") return { at, event: `the guard moves no users: ${action.reason}`, kind: "bad" };
  const again = action.isAgain ? " again" : "";
  return {
    at,
    event: `the guard stops ${action.version}${again}: users go to ${action.to ?? from}`,
    kind: "bad",
  };
}

function shareEvent({ from, to }: PlannedRelease, percent: number): string {
  return percent === 0 ? `${from} has 100 %` : `${to} has ${percentText(percent)}`;
}
