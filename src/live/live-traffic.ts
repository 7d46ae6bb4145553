import { functionsTarget, liveAlias } from "../release/pointer";
import { type ApiRelease, type FunctionsRelease, isServedByApi, type Release } from "../release/release";
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
  const isByStage = isServedByApi(release) && api !== undefined;
  return trafficOf(release, isByStage ? splitOf(release, api, aliases) : splitOfAlias(liveAlias, aliases));
}

/** The shares of two versions that serve, or of one. */
export function trafficOf(release: Pick<Release, "versions">, split: Split): LiveTraffic {
  const listed = release.versions.map(({ name }) => name);
  const shares = sharesOf(split, listed);
  return { ...split, shares, unknown: [...shares.keys()].filter((version) => !listed.includes(version)) };
}

/** The stage and the alias of its stable side both can split; in this project's stacks only one of them does. */
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
  return { ...splitOfAlias(stage.variables["alias"], aliases), stable };
}

function splitOfAlias(name: string | undefined, aliases: LiveState["aliases"]): Split {
  const alias = aliases.get(name ?? "");
  const stable = versionOfAlias(name, aliases);
  const [weighted] = Object.entries(alias?.weights ?? {});
  if (weighted === undefined) return { stable };
  const [version, weight] = weighted;
  return { stable, canary: { version, percent: withoutNoise(weight * 100) } };
}

function versionOfAlias(name: string | undefined, aliases: LiveState["aliases"]): string {
  if (name === undefined) return "(no alias)";
  return aliases.get(name)?.version ?? `(no alias ${name})`;
}

function versionOf(
  release: ApiRelease,
  { deployments }: LiveApi,
  aliases: LiveState["aliases"],
  side: LiveSide,
): string {
  if (release.versionKind !== "functions") return versionOfAlias(side.variables["alias"], aliases);
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
