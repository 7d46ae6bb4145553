import type { Report } from "../live/topics";
import type { Counted } from "../live/version-counts";
import { counted } from "../release/counted";
import type { Stop } from "../release/steps/stops";
import type { Action } from "./decide";

/** What a version did since a time, in UTC. */
export interface CountsSince extends Counted {
  readonly since: string;
}

/**
 * @param service `<environment>/<service>`
 * @param counts what the version did. @default - that is not known
 */
export function stopReport(
  service: string,
  { version, reason, from, to }: Stop,
  counts?: CountsSince,
): Report {
  const [next = ""] = Object.keys(to);
  return {
    title: `${service}: the guard stopped ${version}`,
    lines: [
      `${version} had ${from[version] ?? 0} % of the requests. ${next} serves everybody now.`,
      `Why: ${reason}`,
      countsLine(version, counts),
      `Next: run 'npx lambda-release sync ${service}' and merge what it writes. Deploys that give ${version} users are refused until then.`,
      `After the repair: run 'npx lambda-release start ${service} ${version}'.`,
    ],
  };
}

function countsLine(version: string, counts: CountsSince | undefined): string {
  if (counts === undefined)
    return `How many requests ${version} answered, and how many failed, is not known.`;
  const { of, all, failed, since } = counts;
  const [done, ended] =
    of === "requests"
      ? [`answered ${counted(all, "request")}`, "answers of 500 and above"]
      : [`was invoked ${counted(all, "time")}`, "failed invocations"];
  const percent = Number(((100 * failed) / all).toFixed(1));
  return `${version} ${done} since ${since}, with ${counted(failed)} ${ended} (${percent} %). CloudWatch may count more of the last minutes.`;
}

/** What the guard leaves to a person. */
export function needReport(
  service: string,
  { version, reason }: Extract<Action, { readonly kind: "tell" }>,
): Report {
  return {
    title: `${service}: the guard did not move the users of ${version}, a person decides`,
    lines: [
      `Why: ${reason}`,
      `Next: run 'npx lambda-release status ${service} --live' and decide: 'rollback ${service} --now' moves the users.`,
    ],
  };
}
