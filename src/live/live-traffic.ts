import { functionsTarget, versionTarget } from "../release/pointer";
import type { ApiRelease, LambdaVersionsRelease, Release } from "../release/release";
import {
  type ServedNumbers,
  type SplitNumbers,
  splitOfNumbers,
  versionServed,
} from "../release/served-numbers";
import { type Split, sharesOf, type Traffic, withoutNoise } from "../release/split";
import { versionId } from "../release/version-id";
import type { LiveSide, LiveState } from "./live-state";

/**
 * Who serves users now. Versions have the names of the release file; one that it does not know has the name that
 * AWS gives it.
 */
export interface LiveTraffic extends Split {
  /** By version; those of the file come first, in its order. */
  readonly shares: Traffic;
  /** The versions among them that the file does not know. */
  readonly unknown: readonly string[];
}

export function liveTraffic(release: ApiRelease, live: LiveState): LiveTraffic {
  return trafficOf(release, splitOf(release, live));
}

/** The shares of two versions that serve, or of one. */
export function trafficOf(release: Pick<Release, "versions">, split: Split): LiveTraffic {
  const listed = release.versions.map(({ name }) => name);
  const shares = sharesOf(split, listed);
  return { ...split, shares, unknown: [...shares.keys()].filter((version) => !listed.includes(version)) };
}

/** The stage and the aliases of its stable side both can split; in this project's stacks only one of them does. */
function splitOf(release: ApiRelease, live: LiveState): Split {
  const { stage } = live;
  const stable = versionOf(release, live, stage);
  if (stage.canary !== undefined) {
    const { percent } = stage.canary;
    return {
      stable,
      canary: { version: versionOf(release, live, stage.canary), percent: withoutNoise(percent) },
    };
  }
  if (release.versionKind === "functions") return { stable };
  const { canary } = splitOfNumbers(release, namedBy(release, live, stage));
  return { stable, canary };
}

/** What the aliases name that one side of the stage leads to, by function. */
function namedBy(
  { functions }: LambdaVersionsRelease,
  { aliases }: LiveState,
  { variables }: LiveSide,
): Record<string, SplitNumbers> {
  const named = functions.flatMap((one): [string, SplitNumbers][] => {
    const alias = variables[one.aliasVariable];
    if (alias === undefined) return [];
    return [[one.name, aliases.get(alias) ?? { version: `(no alias ${alias})`, weights: {} }]];
  });
  return Object.fromEntries(named);
}

function versionOf(release: ApiRelease, live: LiveState, side: LiveSide): string {
  const { deployments } = live;
  if (release.versionKind !== "functions") {
    const named = Object.entries(namedBy(release, live, side));
    const numbers: ServedNumbers = Object.fromEntries(named.map(([name, { version }]) => [name, version]));
    return versionServed(release, numbers, (version) =>
      hasAll(side.variables, versionTarget(version, release.functions).variables),
    );
  }
  const known = release.versions.find((version) =>
    hasAll(side.variables, functionsTarget(version).variables),
  );
  if (known !== undefined) return known.name;
  // The file's own variables name no function.
  const functions = Object.entries(side.variables).flatMap(([name, value]) =>
    release.stage.variables[name] === undefined ? value : [],
  );
  const described = deployments.find(({ id }) => id === side.deploymentId)?.description ?? "";
  const isNamedSo = described !== "" && functions.every((name) => name.endsWith(`-${versionId(described)}`));
  return isNamedSo ? described : functions.join(" + ") || "(no function)";
}

function hasAll(
  variables: Readonly<Record<string, string>>,
  expected: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(expected).every(([name, value]) => variables[name] === value);
}
