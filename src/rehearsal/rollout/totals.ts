import type { ErrorInformation } from "@aws-sdk/client-codedeploy";
import { counted } from "../../release/counted";
import { table } from "../../terminal/table";
import { failuresNeeded } from "./metric-alarm";
import type { PlannedShift } from "./planned-shift";
import type { EndedShift } from "./shift";
import type { Subject } from "./subject";
import { clockTime } from "./time";

/** CodeDeploy has shifted, rolled back or stopped; a release was released, stopped by the guard or held. */
export type Result = "shifted" | "rolled back" | "stopped" | "released" | "stopped by the guard" | "held";

/** What became of a shift, in numbers. All of them are since the deployment was started. */
export interface Totals {
  readonly result: Result;
  /** Until it was shifted, rolled back or stopped. */
  readonly tookMs: number;
  /** The alarms that stopped it, or the code of what else did. */
  readonly stoppedBy: readonly string[];
  readonly requests: number;
  readonly failed: number;
  /** Those of `failed` until then. */
  readonly failedUntilEnd: number;
  /** Those of `failed` that no alarm on errors sees. */
  readonly unseen: number;
  /** How many of them it took to make an alarm red. @default - no alarm on failures has stopped it */
  readonly failuresNeeded?: number;
  /** By version, or `(none)`. */
  readonly byVersion: ReadonlyMap<
    string,
    { readonly requests: number; readonly failed: number; readonly failedUntilEnd: number }
  >;
}

/** What moved users, as it has ended. */
export interface Ended extends Pick<EndedShift, "startedAt" | "endedAt" | "stretches"> {
  readonly result: Result;
  /** The alarms that stopped it, or the code of what else did. */
  readonly stoppedBy: readonly string[];
}

export function totalsOf(shift: EndedShift, planned: Pick<PlannedShift, "alarms">): Totals {
  const { info } = shift.deployment;
  const isBack = shift.rollback !== undefined;
  const result = info.status === "Succeeded" ? "shifted" : isBack ? "rolled back" : "stopped";
  return countsOf({ ...shift, result, stoppedBy: reasonsOf(info.errorInformation) }, planned);
}

export function countsOf(
  { startedAt, endedAt, stretches, result, stoppedBy }: Ended,
  planned: Pick<PlannedShift, "alarms">,
): Totals {
  const since = stretches.filter(({ fromMs }) => fromMs >= startedAt.getTime());
  const byVersion = new Map<string, { requests: number; failed: number; failedUntilEnd: number }>();
  for (const stretch of since) {
    const isBefore = stretch.toMs <= endedAt.getTime();
    for (const [version, { requests, failed }] of stretch.byVersion) {
      const before = byVersion.get(version) ?? { requests: 0, failed: 0, failedUntilEnd: 0 };
      byVersion.set(version, {
        requests: before.requests + requests,
        failed: before.failed + failed,
        failedUntilEnd: before.failedUntilEnd + (isBefore ? failed : 0),
      });
    }
  }
  const sum = (of: (one: { requests: number; failed: number }) => number, some = since) =>
    some.reduce((total, one) => total + of(one), 0);
  return {
    result,
    tookMs: endedAt.getTime() - startedAt.getTime(),
    requests: sum(({ requests }) => requests),
    failed: sum(({ failed }) => failed),
    failedUntilEnd: sum(
      ({ failed }) => failed,
      since.filter(({ toMs }) => toMs <= endedAt.getTime()),
    ),
    unseen: since.reduce((total, one) => total + (one.unseen ?? 0), 0),
    stoppedBy,
    failuresNeeded: neededBy(planned, stoppedBy),
    byVersion,
  };
}

/**
 * A line for each version, and what it comes to.
 *
 * @param late names of alarms that went off when nothing was there to stop any more
 */
export function totalsText(
  totals: Totals,
  { subject, from, to }: Pick<PlannedShift, "from" | "to"> & { readonly subject: Pick<Subject, "unseen"> },
  late: readonly string[] = [],
): string {
  const { byVersion } = totals;
  const versions = [...new Set([from, to, ...byVersion.keys()])];
  const rows = versions.map((version) => {
    const { requests = 0, failed = 0, failedUntilEnd = 0 } = byVersion.get(version) ?? {};
    return [
      version,
      counted(requests),
      counted(failed),
      counted(failedUntilEnd),
      counted(failed - failedUntilEnd),
    ];
  });
  const { requests, failed, failedUntilEnd } = totals;
  const sum = [
    "all",
    counted(requests),
    counted(failed),
    counted(failedUntilEnd),
    counted(failed - failedUntilEnd),
  ];
  const lines = table(["version", "requests", "failed", untilThen(totals), "after it"], [...rows, sum]);
  return `${lines}\n\n${[verdict(totals), ...unseenText(totals, subject), ...lateText(totals, late)].join("\n")}`;
}

const untilThens: Readonly<Record<Result, string>> = {
  shifted: "during the shift",
  "rolled back": "before the rollback",
  stopped: "before the stop",
  released: "during the release",
  "stopped by the guard": "before the stop",
  held: "until it was held",
};

const verdicts: Readonly<Record<Result, string>> = {
  shifted: "Shifted",
  "rolled back": "Rolled back",
  stopped: "Stopped, and not rolled back,",
  released: "Released",
  "stopped by the guard": "Stopped by the guard",
  held: "Held",
};

function untilThen({ result }: Totals): string {
  return untilThens[result];
}

function verdict(totals: Totals): string {
  const { result, tookMs, stoppedBy, requests, failed, failedUntilEnd, failuresNeeded } = totals;
  const why = stoppedBy.length === 0 ? "" : `, because of ${stoppedBy.join(" and ")}`;
  const end = `${verdicts[result]} after ${clockTime(tookMs)}${why}.`;
  if (failed === 0) return `${end}\nNo request failed.`;
  const many = failedUntilEnd === failed ? "all" : counted(failedUntilEnd);
  const needed = failuresNeeded === undefined ? "" : `; the alarm needed ${counted(failuresNeeded)}`;
  return `${end}\n${counted(failed)} of ${counted(requests, "request")} failed, ${many} of them ${untilThen(totals)}${needed}.`;
}

function unseenText({ failed, unseen }: Totals, { unseen: what }: Pick<Subject, "unseen">): string[] {
  if (unseen === 0) return [];
  const many = unseen === failed ? "All" : counted(unseen);
  return [`${many} of them are ${what}, and no alarm on errors sees them.`];
}

function lateText({ result }: Totals, late: readonly string[]): string[] {
  if (result !== "shifted" || late.length === 0) return [];
  return [
    `Too late: ${late.join(" and ")} went into ALARM after that, when nothing is rolled back any more.`,
  ];
}

/** The alarms that a deployment was stopped by, or the code of what else it was. */
function reasonsOf({ code, message = "" }: ErrorInformation = {}): string[] {
  const alarms = [...message.matchAll(/<([^>]+)>/g)].flatMap(([, name]) => name ?? []);
  if (alarms.length > 0) return alarms;
  return code === undefined ? [] : [code];
}

/** How many failures it takes to make the first of the alarms red that a deployment was stopped by. */
function neededBy(
  { alarms }: Pick<PlannedShift, "alarms">,
  stoppedBy: readonly string[],
): number | undefined {
  const counts = alarms
    .filter(({ name }) => stoppedBy.includes(name))
    .flatMap((alarm) => failuresNeeded(alarm) ?? []);
  return counts.length === 0 ? undefined : Math.min(...counts);
}
