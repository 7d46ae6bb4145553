import { isCountedInAccessLogs } from "./alarms/access-metrics";
import { type GuardedAlarms, guardedAlarms } from "./alarms/guarded-alarms";
import type { GuardSettings } from "./guard";
import { type FunctionsRelease, isServedByApi } from "./release";
import type { Decision } from "./steps/decision";
import type { ReleaseFunction } from "./version";

/**
 * What the guard's function is given of a release: all but who serves users, which it reads in AWS. So a step changes
 * nothing in it.
 */
export interface Guarded {
  /** The guard's own settings. */
  readonly guard: GuardSettings;
  /** The alarms that it acts on. */
  readonly alarms: GuardedAlarms;
  /** Whether the answers of stable and canary are counted in the access logs. */
  readonly countsAccessLogs: boolean;
  /** Without what a step moves, and without what functions are made of. */
  readonly release: FunctionsRelease;
}

/** What a step moves, and what no move of users needs. */
const leftOut: readonly string[] = [
  ...["stable", "stableSince", "former", "canary", "blue", "preview", "steps"],
  ...["adopted", "unpublished", "requests", "alarms", "triggers"],
];

/** @returns nothing where the release has no guard */
export function guardedOf(release: FunctionsRelease): Guarded | undefined {
  const { guard } = release;
  if (guard === undefined) return undefined;
  return {
    guard,
    alarms: guardedAlarms(release, guard),
    countsAccessLogs: isCountedInAccessLogs(release),
    release: withoutParts(release, guard.verdict === true ? [] : ["verdict"]),
  };
}

/** The same release where these versions serve users, and no other. */
export function standingAt(
  { release }: Guarded,
  { stable, former }: Omit<Decision, "canary">,
): FunctionsRelease {
  const named = (name: string) => release.versions.find((one) => one.name === name);
  const version = named(stable.version);
  if (version === undefined) throw new Error(`there is no version ${stable.version} in the guard's release`);
  const moved = {
    stable: version,
    stableSince: stable.since,
    former: former === undefined ? undefined : named(former),
  };
  return { ...release, ...moved } as FunctionsRelease;
}

/** Part by part: a stage variable, or a function in the numbers of a version, may be named as any of them. */
function withoutParts(release: FunctionsRelease, alsoLeftOut: readonly string[]): FunctionsRelease {
  const { environment, functions, versions } = release;
  const all = [...leftOut, ...alsoLeftOut];
  const kept = {
    ...Object.fromEntries(Object.entries(release).filter(([name]) => !all.includes(name))),
    environment: { name: environment.name, region: environment.region },
    functions: functions.map(bare),
    versions: versions.map((one) =>
      "functions" in one ? { ...one, functions: one.functions.map(bare) } : one,
    ),
    // That there is one says that there is an API.
    definition: isServedByApi(release) ? {} : undefined,
  };
  return JSON.parse(JSON.stringify(kept)) as FunctionsRelease;
}

function bare({ settings, source, role, projectLayers, ...kept }: ReleaseFunction): object {
  return kept;
}
