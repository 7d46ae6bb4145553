import type { LiveAlarm } from "../live/alarms";
import { alarmNamesOf } from "../release/alarm-names";
import type { Change } from "../release/change";
import { Unable } from "../release/project";
import { type Release, resolveRelease } from "../release/release";
import { modelOf } from "../release/strategies/strategies";
import { inSeconds, onTrial, Refusal } from "../release/transitions";
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
  const missing = await refuseWhileRed(resolveRelease(change.after), version);
  if (missing.length > 0)
    throw new Refusal(
      `there is no alarm ${missing.join(", ")} yet, and nothing would stop it: deploy what is committed first, ` +
        "or go on with --ignore-alarms",
    );
}

/**
 * Whether a version of a release may get more users.
 *
 * @returns names of alarms that its stack has yet to make
 * @throws {Refusal} while one is red
 * @throws {Unable} where AWS cannot be asked, or the file names an alarm that is not there
 */
export async function refuseWhileRed(release: Release, version: string): Promise<readonly string[]> {
  const { made, own } = alarmNamesOf(release, [version]);
  if (made.length + own.length === 0) return [];
  const alarms = await asked(release, [...made, ...own]);
  const red = alarms.filter(({ state }) => state === "ALARM");
  if (red.length > 0)
    throw new Refusal(
      [
        `${version} gets no more users while an alarm is red`,
        ...red.map(redLine),
        `look at what alarmed first: npx lambda-release status ${release.environment.name}/${release.service} --live`,
        `repair it in a new version; --ignore-alarms gives ${version} more users although the alarm is red`,
      ].join("\n  "),
    );
  const missing = alarms.filter(({ state }) => state === "missing").map(({ name }) => name);
  const unknown = missing.filter((name) => own.includes(name));
  if (unknown.length > 0)
    throw new Unable(
      `there is no alarm ${unknown.join(", ")} in ${release.environment.region}, which 'alarms.own' names: ` +
        "take it out of the file, or go on with --ignore-alarms",
    );
  return missing;
}

/** The version on trial, or promoted, where it gets more users; CodeDeploy itself looks at the alarms of its shifts. */
function gaining({ after, from, to }: Change): string | undefined {
  const { file } = after;
  if (file.alarms === undefined || modelOf(file).movedBy === "codedeploy") return undefined;
  const version = onTrial(file)?.version ?? file.stable;
  return (to.get(version) ?? 0) > (from.get(version) ?? 0) ? version : undefined;
}

async function asked({ service, environment }: Release, names: readonly string[]) {
  const { readAlarms } = await import("../live/alarms.js");
  try {
    return await readAlarms(environment, names);
  } catch (error) {
    throw new Unable(
      `the alarms of ${environment.name}/${service} cannot be asked: ${(error as Error).message}; ` +
        "go on with credentials that may do cloudwatch:DescribeAlarms, or with --ignore-alarms",
    );
  }
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
  if (state === "ALARM") return coloured("red", "red");
  if (state === "missing") return coloured("yellow", "missing");
  return state === "OK" ? "ok" : "no data";
}

/** Since when an alarm is red, and why: without a colour, for scripts get it too. */
export function redLine({ name, since, reason }: LiveAlarm): string {
  const time = since === undefined ? "" : ` since ${inSeconds(since)}`;
  return `${name} is red${time}${reason === undefined ? "" : `: ${reason}`}`;
}
