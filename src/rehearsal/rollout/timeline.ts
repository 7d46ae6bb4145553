import { counted } from "../../release/counted";
import { coloured } from "../../terminal/colour";
import { table } from "../../terminal/table";
import type { LifecycleEventName } from "../codedeploy/lifecycle";
import { toldFaults } from "./fault-text";
import { waitMinutesOf } from "./operator";
import type { PlannedShift } from "./planned-shift";
import type { PlayedShift } from "./played-shift";
import type { SceneEvent } from "./scene";
import type { AlarmChange, EndedDeployment } from "./shift";
import { toldByCodeDeploy } from "./subject";
import { clockTime, percentText } from "./time";

/** What happened, and when. */
export interface TimelineEvent {
  /** Since the deployment was started. */
  readonly atMs: number;
  readonly event: string;
  readonly kind: "news" | "bad" | "good";
  /** The new version's share from then on. */
  readonly percent: number;
  /** Requests that have failed since the deployment was started. */
  readonly failed: number;
}

/** What a hook prints last tells why it fails. */
const mostLogLines = 3;

export interface Told {
  readonly at: Date;
  readonly event: string;
  readonly kind?: TimelineEvent["kind"];
  /** @default - as before */
  readonly percent?: number;
}

/** All that happened in a shift, in its order. */
export function timelineOf(played: PlayedShift, planned: PlannedShift): TimelineEvent[] {
  const { startedAt, deployment, rollback, shares, alarmChanges, sceneEvents, stretches } = played;
  const moves = shares.map(({ at, percent }) => ({ at, percent, event: shareEvent(planned, percent) }));
  const back = rollback === undefined ? [] : moves.splice(-1);
  const beside = (during: SceneEvent["during"]) =>
    sceneEvents.filter((one) => one.during === during).map(sceneEvent);
  const end = new Date(Math.max(...stretches.map(({ toMs }) => toMs)));
  const told: Told[] = [
    { at: startedAt, event: `${nameOf(deployment, planned)} is started` },
    ...deployment.lifecycle.flatMap(({ lifecycleEventName: name = "" }) => [
      ...(name === "BeforeAllowTraffic" ? waitEvents(played, planned) : []),
      ...hookEvents(played, planned, name as LifecycleEventName),
      ...beside(name as LifecycleEventName),
      ...(name === "AllowTraffic" ? moves : []),
    ]),
    ...alarmChanges.filter(({ state, before }) => state === "ALARM" || before === "ALARM").map(alarmEvent),
    ...beside("termination"),
    endEvent(deployment, nameOf(deployment, planned)),
    ...(rollback === undefined
      ? []
      : [
          rollbackEvent(rollback, nameOf(rollback, planned)),
          ...back,
          ...beside("rollback"),
          endEvent(rollback, nameOf(rollback, planned)),
        ]),
    ...faultEvents(played, planned, end),
    { at: end, event: "the rehearsal ends" },
  ];
  return inOrder(told, played);
}

/** What happened, in its order, with the share and the failures of each moment. */
export function inOrder(told: Told[], played: Pick<PlayedShift, "startedAt" | "stretches">): TimelineEvent[] {
  const { startedAt } = played;
  let percent = 0;
  return told
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ at, event, kind = "news", ...moved }) => {
      percent = moved.percent ?? percent;
      const failed = failedBetween(played, startedAt.getTime(), at.getTime());
      return { atMs: at.getTime() - startedAt.getTime(), event, kind, percent, failed };
    });
}

export function timelineTable(events: readonly TimelineEvent[], { to }: Pick<PlannedShift, "to">): string {
  const rows = events.map(({ atMs, event, percent, failed }) => [
    clockTime(atMs).padStart(6),
    percentText(percent),
    counted(failed),
    event,
  ]);
  const [head = "", ...lines] = table(["  time", `version ${to}`, "failed", "event"], rows).split("\n");
  const colours = { news: undefined, bad: "red", good: "green" } as const;
  const painted = lines.map((line, index) => {
    const colour = colours[events[index]?.kind ?? "news"];
    return colour === undefined ? line : coloured(colour, line);
  });
  return [coloured("bold", head), ...painted].join("\n");
}

/** Alarms that went off after the end. */
export function lateAlarms({
  alarmChanges,
  endedAt,
}: Pick<PlayedShift, "alarmChanges" | "endedAt">): string[] {
  const late = alarmChanges.filter(({ at, state }) => state === "ALARM" && at.getTime() > endedAt.getTime());
  return [...new Set(late.map(({ alarm }) => alarm))];
}

/** The new version's share at a moment, in percent. */
export function percentAt({ shares }: Pick<PlayedShift, "shares">, ms: number): number {
  return shares.filter(({ at }) => at.getTime() <= ms).at(-1)?.percent ?? 0;
}

/** Requests that failed between two moments, at each of which there was a stretch's end. */
export function failedBetween(
  { stretches }: Pick<PlayedShift, "stretches">,
  fromMs: number,
  toMs: number,
): number {
  return stretches
    .filter((one) => one.fromMs >= fromMs && one.toMs <= toMs)
    .reduce((sum, { failed }) => sum + failed, 0);
}

function hookEvents(
  { deployment, hookLogs }: PlayedShift,
  { hooks, subject }: PlannedShift,
  name: LifecycleEventName,
): Told[] {
  const hook = hooks[name];
  const found = deployment.lifecycle.find(({ lifecycleEventName }) => lifecycleEventName === name);
  if (hook === undefined || found?.endTime === undefined) return [];
  const at = found.endTime;
  const isBad = found.status !== "Succeeded";
  const said = isBad
    ? (hookLogs.get(hook) ?? [])
        .slice(-mostLogLines)
        .map((line) => ({ at, event: `  ${line}`, kind: "bad" as const }))
    : [];
  const { event: told } = subject.told ?? toldByCodeDeploy;
  return [{ at, event: `${told(name)} ${found.status}`, kind: isBad ? "bad" : "news" }, ...said];
}

function waitEvents({ wait, deployment }: PlayedShift, planned: PlannedShift): Told[] {
  if (wait === undefined) return [];
  const { action, since, actedAt } = wait;
  const minutes = counted(waitMinutesOf(planned) ?? 0, "minute");
  const acted =
    actedAt === undefined
      ? { at: deployment.info.completeTime as Date, event: "no operator has answered", kind: "bad" as const }
      : { at: actedAt, event: `the operator ${action === "stop" ? "stops it" : "continues it"}` };
  return [{ at: since, event: `waits for the operator, ${minutes} at most` }, acted];
}

/** What begins on purpose while it is played. */
/** When faults begin that are not there all along. */
export function faultEvents(
  { faults, startedAt }: Pick<PlayedShift, "faults" | "startedAt">,
  { subject }: { readonly subject: Pick<PlannedShift["subject"], "answers" | "kinds"> },
  end: Date,
): Told[] {
  return toldFaults(faults, subject)
    .filter(({ fromMs }) => Number.isFinite(fromMs))
    .map(({ what, text, fromMs }) => ({
      at: new Date(startedAt.getTime() + fromMs),
      event: `${what} from now on: ${text}`,
      kind: "bad" as const,
    }))
    .filter(({ at }) => at.getTime() <= end.getTime());
}

function sceneEvent({ at, event, isBad }: PlayedShift["sceneEvents"][number]): Told {
  return { at, event, kind: isBad ? "bad" : "news" };
}

export function shareEvent({ from, to }: Pick<PlannedShift, "from" | "to">, percent: number): string {
  return percent === 0 ? `version ${from} has 100 %` : `version ${to} has ${percentText(percent)}`;
}

export function alarmEvent({ at, alarm, state }: AlarmChange): Told {
  return { at, event: `alarm ${alarm} is ${state}`, kind: state === "ALARM" ? "bad" : "good" };
}

/** What rolls another one back was made by CodeDeploy itself. */
function nameOf({ info }: EndedDeployment, { subject: { told = toldByCodeDeploy } }: PlannedShift): string {
  const name = info.creator === "codeDeployRollback" ? told.rollback : told.deployment;
  return name ?? String(info.deploymentId);
}

function rollbackEvent({ info }: EndedDeployment, name: string): Told {
  return { at: info.createTime as Date, event: `${name} ${/^d-/.test(name) ? "rolls it back" : "begins"}` };
}

function endEvent({ info }: EndedDeployment, name: string): Told {
  const { status, errorInformation, completeTime } = info;
  const why = errorInformation === undefined ? "" : `: ${errorInformation.code}`;
  return {
    at: completeTime as Date,
    event: `${name} ${status}${why}`,
    kind: status === "Succeeded" ? "good" : "bad",
  };
}
