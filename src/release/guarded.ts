import { answersAlarmName, metricAlarmsOn } from "./alarm-names";
import type { Decision } from "./decision";
import type { GuardSettings } from "./guard";
import type { FunctionsRelease } from "./release";
import { modelOf } from "./strategies/strategies";

/** Alarms of a release, by what they tell of. */
export interface GuardedAlarms {
  /** By version, the alarms that tell of it alone. */
  readonly ofVersion: Readonly<Record<string, readonly string[]>>;
  /** Those that tell of every version that serves: on an alias, and `own`. */
  readonly ofAll: readonly string[];
}

/**
 * What the guard's function is given of a release: all but who serves users, which it reads in AWS. So a step changes
 * nothing in it.
 */
export interface Guarded {
  readonly guard: GuardSettings;
  readonly alarms: GuardedAlarms;
  /** Without what a step moves, and without what functions are made of. */
  readonly release: FunctionsRelease;
}

const moved: readonly string[] = ["stable", "stableSince", "former", "canary", "blue", "preview", "steps"];
/** Folders of code that is not deployed, and what only the first deploy looks for. */
const notDeployed: readonly string[] = ["unpublished", "adopted"];
/** Of a function, and of the service. */
const leftOut: readonly string[] = ["settings", "source", "role", "requests", "alarms", "triggers"];
const keptOfEnvironment: readonly string[] = ["name", "region"];

/** @returns nothing where the release has no guard */
export function guardedOf(release: FunctionsRelease): Guarded | undefined {
  const { guard } = release;
  if (guard === undefined) return undefined;
  const kept = Object.entries(release).filter(([name]) => ![...moved, ...notDeployed].includes(name));
  return {
    guard,
    alarms: guardedAlarms(release),
    release: JSON.parse(JSON.stringify(Object.fromEntries(kept), withoutParts)) as FunctionsRelease,
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

function withoutParts(this: unknown, key: string, value: unknown): unknown {
  if (leftOut.includes(key)) return undefined;
  // That there is one says that there is an API.
  if (key === "definition") return {};
  if (key !== "environment" || value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => keptOfEnvironment.includes(name)));
}

function guardedAlarms(release: FunctionsRelease): GuardedAlarms {
  const { alarms, versions } = release;
  if (alarms === undefined) return { ofVersion: {}, ofAll: [] };
  const { aliasOf, watched } = modelOf(release);
  const namesOf = (version: string, isOfVersion: boolean) =>
    watched(release, [version])
      .filter(({ scope }) => (scope === "version") === isOfVersion)
      .flatMap((one) => metricAlarmsOn(alarms, one).map(({ name }) => name));
  // One alias of all: the alarm on a version looks at the one that was published last.
  const [last] = versions.slice(-1);
  const hasOwn = versions.filter((one) => aliasOf !== "all" || one === last).map(({ name }) => name);
  const onAnswers = (alarms.answers?.on ?? []).map((scope) => answersAlarmName(release.name, scope));
  const shared = last === undefined ? [] : namesOf(last.name, false);
  return {
    ofVersion: Object.fromEntries(hasOwn.map((version) => [version, namesOf(version, true)])),
    // That on the canary's answers looks at whichever version is on trial.
    ofAll: [...shared, ...onAnswers, ...alarms.own],
  };
}
