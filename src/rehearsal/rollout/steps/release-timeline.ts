import { percentText } from "../time";
import { alarmEvent, faultEvents, inOrder, type TimelineEvent, type Told } from "../timeline";
import type { PlannedRelease } from "./planned-release";
import type { PlayedRelease } from "./played-release";
import type { MadeMove } from "./stepped-release";
import type { Look } from "./woken-guard";

/** All that happened in a release, in its order. */
export function releaseTimeline(played: PlayedRelease, planned: PlannedRelease): TimelineEvent[] {
  const { made, refused, looks, alarmChanges, shares, messages, troubles, endedAt, result, stretches } =
    played;
  const { from, to } = planned;
  const end = new Date(Math.max(...stretches.map(({ toMs }) => toMs)));
  const isMade = (at: Date) => made.some((one) => one.at.getTime() === at.getTime());
  const told: Told[] = [
    ...made.map((one) => moveEvent(one, to)),
    ...alarmChanges.filter(({ state, before }) => state === "ALARM" || before === "ALARM").map(alarmEvent),
    ...(refused === undefined ? [] : [refusedEvent(refused, played.stoppedBy)]),
    ...troubles.map(({ at, message }): Told => ({ at, event: `the guard fails: ${message}`, kind: "bad" })),
    ...looks.map((one) => lookEvent(one, from)),
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

function refusedEvent({ at, move: { verb } }: MadeMove, red: readonly string[]): Told {
  return { at, event: `${verb} is refused: ${red.join(" and ")} in ALARM`, kind: "bad" };
}

function lookEvent({ at, action }: Look, from: string): Told {
  if (action.kind === "tell") return { at, event: `the guard moves nobody: ${action.reason}`, kind: "bad" };
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
