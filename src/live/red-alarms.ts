import { alarmNamesOfTrial } from "../release/alarms/alarm-names";
import { Unable } from "../release/files/project";
import type { Release } from "../release/release";
import { inSeconds } from "../release/time";
import { Refusal } from "../release/verbs/transitions";
import type { LiveAlarm } from "./alarms";

/**
 * Whether a version of a release may get more users.
 *
 * @returns names of alarms that its stack has yet to make
 * @throws {Refusal} while one is red
 * @throws {Unable} where AWS cannot be asked, or the file names an alarm that is not there
 */
export async function refuseWhileRed(release: Release, version: string): Promise<readonly string[]> {
  const { made, own } = alarmNamesOfTrial(release, version);
  if (made.length + own.length === 0) return [];
  const alarms = await asked(release, [...made, ...own]);
  const red = alarms.filter(({ state }) => state === "ALARM");
  if (red.length > 0)
    throw new Refusal(
      [
        `not sending more traffic to ${version} while an alarm is in ALARM`,
        ...red.map(redLine),
        `check the alarm: npx lambda-release status ${release.environment.name}/${release.service} --live`,
        `fix the cause in a new version, or use --ignore-alarms to override`,
      ].join("\n  "),
    );
  const missing = alarms.filter(({ state }) => state === "missing").map(({ name }) => name);
  const unknown = missing.filter((name) => own.includes(name));
  if (unknown.length > 0)
    throw new Unable(
      `there is no alarm ${unknown.join(", ")} in ${release.environment.region}, which 'alarms.own' names: ` +
        "remove it from the file, or use --ignore-alarms",
    );
  return missing;
}

/** Since when an alarm is red, and why: without a colour, for scripts get it too. */
export function redLine({ name, since, reason }: LiveAlarm): string {
  const time = since === undefined ? "" : ` since ${inSeconds(since)}`;
  return `${name} is in ALARM${time}${reason === undefined ? "" : `: ${reason}`}`;
}

async function asked({ service, environment }: Release, names: readonly string[]) {
  const { readAlarms } = await import("./alarms.js");
  try {
    return await readAlarms(environment, names);
  } catch (error) {
    throw Unable.causedBy(
      error,
      `the alarms of ${environment.name}/${service} cannot be asked: ${(error as Error).message}; ` +
        "use credentials that may call cloudwatch:DescribeAlarms, or --ignore-alarms",
    );
  }
}
