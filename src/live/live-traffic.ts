import { aliasInVariable } from "../release/functions/alias-variable";
import { functionsTarget, liveAlias, versionTarget } from "../release/pointer";
import {
  type ApiRelease,
  type FunctionsRelease,
  isServedByApi,
  type LambdaVersionsRelease,
  type Release,
} from "../release/release";
import {
  type ServedNumbers,
  type SplitNumbers,
  splitOfNumbers,
  versionServed,
} from "../release/served-numbers";
import { type Split, sharesOf, type Traffic, withoutNoise } from "../release/split";
import { versionId } from "../release/version-id";
import type { LiveApi, LiveSide, LiveState } from "./live-state";

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

export function liveTraffic(release: FunctionsRelease, live: LiveState): LiveTraffic {
  const { api, aliases } = live;
  if (isServedByApi(release) && api !== undefined) return trafficOf(release, splitOf(release, api, aliases));
  if (release.versionKind === "functions") throw new Error(`${release.strategy} has no aliases`);
  return trafficOf(release, splitOfAliases(release, aliases));
}

/** The shares of two versions that serve, or of one. */
export function trafficOf(release: Pick<Release, "versions">, split: Split): LiveTraffic {
  const listed = release.versions.map(({ name }) => name);
  const shares = sharesOf(split, listed);
  return { ...split, shares, unknown: [...shares.keys()].filter((version) => !listed.includes(version)) };
}

/** The stage and the aliases of its stable side both can split; in this project's stacks only one of them does. */
function splitOf(release: ApiRelease, api: LiveApi, aliases: LiveState["aliases"]): Split {
  const { stage } = api;
  const stable = versionOf(release, api, aliases, stage);
  if (stage.canary !== undefined) {
    const { percent } = stage.canary;
    return {
      stable,
      canary: { version: versionOf(release, api, aliases, stage.canary), percent: withoutNoise(percent) },
    };
  }
  if (release.versionKind === "functions") return { stable };
  const named = namedBy(release, aliases, ({ aliasVariable }) => stage.variables[aliasVariable]);
  return { ...splitOfNumbers(release, named), stable };
}

/** Without an API, the aliases say it all. */
function splitOfAliases(release: LambdaVersionsRelease, aliases: LiveState["aliases"]): Split {
  return splitOfNumbers(
    release,
    namedBy(release, aliases, (one) => aliasInVariable(one, liveAlias)),
  );
}

/** What the alias of each function names. @param aliasOf as a stage variable has it */
function namedBy(
  { functions }: LambdaVersionsRelease,
  aliases: LiveState["aliases"],
  aliasOf: (lambda: LambdaVersionsRelease["functions"][number]) => string | undefined,
): Record<string, SplitNumbers> {
  const named = functions.flatMap((one): [string, SplitNumbers][] => {
    const alias = aliasOf(one);
    if (alias === undefined) return [];
    return [[one.name, aliases.get(alias) ?? { version: `(no alias ${alias})`, weights: {} }]];
  });
  return Object.fromEntries(named);
}

function versionOf(
  release: ApiRelease,
  { deployments }: LiveApi,
  aliases: LiveState["aliases"],
  side: LiveSide,
): string {
  if (release.versionKind !== "functions") {
    const named = Object.entries(
      namedBy(release, aliases, ({ aliasVariable }) => side.variables[aliasVariable]),
    );
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
