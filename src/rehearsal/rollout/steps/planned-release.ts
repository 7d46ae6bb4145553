import { tellingOfTrial } from "../../../release/alarms/alarm-names";
import type { PlannedMoves } from "../../../release/files/rehearsed-moves";
import type { Guarded } from "../../../release/guarded";
import type { AppliedState } from "../../terraform/applied-state";
import type { MetricAlarm } from "../metric-alarm";
import { alarmOf } from "../planned-shift";
import type { PlayedNames } from "../played-metric";
import type { Subject } from "../subject";

/** The way of a version to all users, with what watches it: as the files and the stack's JSON say. */
export interface PlannedRelease extends Omit<PlannedMoves, "before"> {
  /** `<environment>/<service>` */
  readonly service: string;
  /** What fails and is slow on purpose. */
  readonly subject: Pick<Subject, "answers" | "kinds" | "unseen" | "timeoutMs">;
  /** What the guard's function is given. @default - the release has no guard */
  readonly guarded?: Guarded;
  /** Those of the release's alarms that are evaluated here. */
  readonly alarms: readonly MetricAlarm[];
  /** The others, which are never red here, with the reason. */
  readonly silentAlarms: readonly { readonly name: string; readonly reason: string }[];
  /** Names of the alarms that keep a verb from giving the version more users. */
  readonly refusing: readonly string[];
}

/** The output `alarms` of a stack. */
interface AlarmsOutput {
  readonly all: readonly string[];
  readonly by_version: Readonly<Record<string, readonly string[]>>;
}

const noAlarms: AlarmsOutput = { all: [], by_version: {} };

/**
 * @param state with the stack of the first move applied
 * @param played names of the metrics that are played, by namespace
 */
export function plannedRelease(
  state: AppliedState,
  service: string,
  moves: Omit<PlannedMoves, "before">,
  {
    guarded,
    played,
    subject,
  }: Pick<PlannedRelease, "guarded" | "subject"> & { readonly played: PlayedNames },
): PlannedRelease {
  const { all, by_version: ofVersion } = (state.outputs["alarms"] ?? noAlarms) as AlarmsOutput;
  const names = [...new Set([...Object.values(ofVersion).flat(), ...all])];
  const release = service.split("/").reverse().join("-");
  const alarms = names.map((name) => ({ name, alarm: alarmOf(state, name, played) }));
  return {
    ...moves,
    service,
    subject,
    guarded,
    alarms: alarms.flatMap(({ alarm }) => (typeof alarm === "string" ? [] : [alarm])),
    silentAlarms: alarms.flatMap(({ name, alarm }) =>
      typeof alarm === "string" ? [{ name, reason: alarm }] : [],
    ),
    refusing: tellingOfTrial(release, [...new Set([...(ofVersion[moves.to] ?? []), ...all])]),
  };
}
