import type { LiveAlarm } from "../live/alarms";
import { refuseWhileRed } from "../live/red-alarms";
import type { Change } from "../release/files/change";
import { standingOf } from "../release/steps/standing";
import { modelOf, shiftsByItself } from "../release/strategies/strategies";
import { inSeconds } from "../release/time";
import { onTrial, Refusal } from "../release/verbs/transitions";
import { coloured } from "../terminal/colour";
import { table } from "../terminal/table";

/**
 * Refuses a change that gives the version on trial more users while one of the file's alarms is red: all that a verb
 * of files ever asks AWS, and only where there are alarms. The AWS SDK is loaded with the question.
 *
 * @throws {Refusal} while one is red, or is not deployed
 * @throws {Unable} where AWS cannot be asked, or the file names an alarm that is not there
 */
export async function stopWhileRed(change: Change): Promise<void> {
  const version = gaining(change);
  if (version === undefined) return;
  const missing = await refuseWhileRed(change.after, version);
  if (missing.length > 0)
    throw new Refusal(
      `the alarm ${missing.join(", ")} is not deployed yet: deploy first, or use --ignore-alarms`,
    );
}

/** The version on trial, or promoted, where it gets more users; CodeDeploy and ECS look at the alarms of their shifts. */
function gaining({ after, from, to }: Change): string | undefined {
  if (after.alarms === undefined || shiftsByItself(modelOf(after))) return undefined;
  const version = onTrial(standingOf(after))?.version ?? after.stable.name;
  return (to.get(version) ?? 0) > (from.get(version) ?? 0) ? version : undefined;
}

/** The state of each alarm, and since when. */
export function alarmTable(alarms: readonly LiveAlarm[]): string {
  const rows = alarms.map(({ name, state, since }) => [
    name,
    stateText(state),
    since === undefined ? "-" : inSeconds(since),
  ]);
  return table(["alarm", "state", "since"], rows);
}

function stateText(state: LiveAlarm["state"]): string {
  if (state === "ALARM") return coloured("red", "ALARM");
  if (state === "missing") return coloured("yellow", "missing");
  return state === "OK" ? "ok" : "no data";
}
