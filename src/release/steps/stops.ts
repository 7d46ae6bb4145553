import type { Standing } from "./standing";

/** What the guard or an emergency did to a version: it took the users from it. */
export interface Stop {
  /** The version that was stopped. */
  readonly version: string;
  /** When, in UTC to the second. */
  readonly at: string;
  /** Who stopped it: `guard`, or the command that a person ran. */
  readonly by: string;
  /** Name of the alarm that was in ALARM, the first where there were several. @default - a verdict or a person stopped it */
  readonly alarm?: string;
  /** Why, in words: the alarms that were in ALARM, or what the person wrote. */
  readonly reason: string;
  /** Percent by version before. */
  readonly from: Readonly<Record<string, number>>;
  /** Percent by version then. */
  readonly to: Readonly<Record<string, number>>;
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
const mostBytes = 4096;

/** The longest reason that is kept, as JSON has it: a few stops must fit beside each other. */
const mostReasonBytes = 1024;

/** The value of the parameter before anything was stopped. */
export const noStops = '{"stops":[]}';

/** Name of the SSM parameter that holds what was stopped of a service. */
export function stopsParameter(release: string): string {
  return `/lambda-release/${release}/stops`;
}

/** What was stopped, the latest first, each version once. Whatever is no stop is left out. */
export function readStops(value: string): Stop[] {
  let stops: unknown;
  try {
    stops = (JSON.parse(value) as { stops?: unknown }).stops;
  } catch {
    return [];
  }
  return Array.isArray(stops) ? stops.filter(isStop) : [];
}

/**
 * The parameter's value with one more stop. A version has its latest stop alone; the oldest stops leave where the
 * value would be longer than SSM takes, and a long reason is cut off.
 */
export function withStop(value: string, stop: Stop): string {
  const latest = { ...stop, reason: shortened(stop.reason) };
  const stops = [latest, ...readStops(value).filter(({ version }) => version !== stop.version)];
  while (stops.length > 1 && Buffer.byteLength(stopsText(stops)) > mostBytes) stops.pop();
  return stopsText(stops);
}

/** The stop of a version that no later decision has lifted. Times are compared as times. */
export function stopOf(
  stops: readonly Stop[],
  { version, since }: { readonly version: string; readonly since?: string },
): Stop | undefined {
  const stop = stops.find((one) => one.version === version);
  if (stop === undefined || since === undefined) return stop;
  return Date.parse(since) > Date.parse(stop.at) ? undefined : stop;
}

/** The stop of the version that a release has on trial, or as stable, where its file has not taken it in. */
export function stopToTakeIn(
  { stable, stableSince, canary }: Pick<Standing, "stable" | "stableSince" | "canary">,
  stops: readonly Stop[],
): Stop | undefined {
  return stopOf(stops, canary ?? { version: stable, since: stableSince });
}

/** `v2 was stopped at 2026-11-27T10:41:07Z by guard (alarm orders-dev-v2-errors)` */
export function stopText({ version, at, by, reason }: Stop): string {
  return `${version} was stopped at ${at} by ${by} (${reason})`;
}

/** By whole signs, as many bytes as they have when they are written. */
function shortened(reason: string): string {
  const signs = [...reason];
  let left = mostReasonBytes;
  const end = signs.findIndex((sign) => {
    left -= Buffer.byteLength(JSON.stringify(sign)) - 2;
    return left < 0;
  });
  return end < 0 ? reason : `${signs.slice(0, end).join("")}…`;
}

function stopsText(stops: readonly Stop[]): string {
  return JSON.stringify({ stops });
}

function isStop(value: unknown): value is Stop {
  const { version, at } = (value ?? {}) as Partial<Stop>;
  return typeof version === "string" && typeof at === "string" && !Number.isNaN(Date.parse(at));
}
