import { counted } from "../../release/counted";
import { sinceText, toldFaults } from "./fault-text";
import type { Faults } from "./faults";
import { told } from "./metric-alarm";
import type { PlannedShift } from "./planned-shift";
import { toldByCodeDeploy } from "./subject";

export interface AnnouncementOptions {
  readonly rate: number;
  readonly seed: number;
  readonly lateMinutes: number;
  readonly howBad?: boolean;
  /** Whether the new version runs the code of the stable one. */
  readonly isSameCode: boolean;
  /** How the new version is run. @default - it is not told */
  readonly runs?: Line;
}

export type Line = readonly [what: string, text: string];

/** What is about to be rehearsed, a line for each part. */
export function announcementOf(
  planned: PlannedShift,
  faults: Faults,
  { rate, seed, lateMinutes, howBad, isSameCode, runs }: AnnouncementOptions,
): Line[] {
  const { subject, from, to, group } = planned;
  const copy = `${to} runs the code of ${from}: --from <git ref> takes the old code from a commit`;
  return [
    ["to shift", `${subject.name} from ${from} to ${to} by ${group.deploymentConfigName}`],
    ...(runs === undefined ? [] : [runs]),
    ...when(isSameCode && !howBad, ["same code", copy]),
    ...alarmLines(planned),
    ...rollbackLines(planned),
    ...(howBad ? [] : hookLines(planned)),
    ...faultLines(faults, planned, howBad === true ? planned.to : undefined),
    ...when(lateMinutes > 0, ["late", `metrics, by ${counted(lateMinutes, "minute")}`]),
    ["traffic", `${counted(rate)} requests per second, seed ${seed}`],
  ];
}

/** @param none what is said where there are none */
export function alarmLines(
  { alarms, silentAlarms }: Pick<PlannedShift, "alarms" | "silentAlarms">,
  none = "only a hook can stop this shift",
): Line[] {
  const lines = [
    ...alarms.map((alarm) => `${alarm.name}: ${told(alarm)}`),
    ...silentAlarms.map(({ name, reason }) => `${name}: not evaluated here: ${reason}`),
  ];
  return (lines.length > 0 ? lines : [`none: ${none}`]).map((text) => ["alarm", text]);
}

function hookLines({ hooks, silentHooks, subject }: PlannedShift): Line[] {
  const { event } = subject.told ?? toldByCodeDeploy;
  return [
    ...Object.entries(hooks).map(([name, hook]) => `${event(name)} ${hook}`),
    ...Object.entries(silentHooks).map(
      ([name, hook]) => `${event(name)} ${hook}: not called here: the stack does not create it`,
    ),
  ].map((text) => ["hook", text]);
}

/** Nothing where it rolls back on whatever stops it. */
function rollbackLines({ group }: PlannedShift): Line[] {
  const events = group.autoRollbackConfiguration?.events ?? [];
  if (events.length === 3) return [];
  return [["rolls back", events.length === 0 ? "never" : `on ${events.join(" and ")} alone`]];
}

/** @param varied the version whose share is asked for. @default - none */
export function faultLines(
  faults: Faults,
  { subject }: { readonly subject: Pick<PlannedShift["subject"], "answers" | "kinds"> },
  varied?: string,
): Line[] {
  return toldFaults(faults, subject, varied).map((fault) => [fault.what, `${fault.text}${sinceText(fault)}`]);
}

function when(holds: boolean, line: Line): Line[] {
  return holds ? [line] : [];
}
