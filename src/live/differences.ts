import type { AliasTarget, Pointer, Target } from "../release/pointer";
import type { FunctionsRelease } from "../release/release";
import { pointerOf, splitOf } from "../release/release";
import { withoutNoise } from "../release/split";
import type { CodedeployAliasRelease } from "../release/strategies/codedeploy-alias";
import type { EcsBlueGreenRelease } from "../release/strategies/ecs-blue-green";
import type { LiveApi, LiveSide, LiveState } from "./live-state";
import { type LiveTraffic, liveTraffic } from "./live-traffic";

/** A line for each thing in which AWS is not as a release says; none where it is. */
export function differences(release: FunctionsRelease, live: LiveState): string[] {
  const traffic = liveTraffic(release, live);
  const pointer = pointerOf(release);
  if ("rollout" in release) return differentFromRollout(release, traffic);
  return [
    ...unknownVersions(traffic),
    ...differentVersions(release, traffic),
    ...(live.api === undefined ? [] : differentTargets(release, pointer, live.api, traffic)),
    ...differentAliases(pointer, live),
    ...(release.functions.length > 1 ? differentWeights(pointer, live) : []),
  ];
}

function differentVersions(release: FunctionsRelease, traffic: LiveTraffic): string[] {
  const lines: string[] = [];
  const stable = release.stable.name;
  if (traffic.stable !== stable) lines.push(`stable is ${stable} in the file, but ${traffic.stable} in AWS`);
  const here = canaryText(splitOf(release)?.canary);
  const there = canaryText(traffic.canary);
  if (here !== there) lines.push(`the canary is ${here} in the file, but ${there} in AWS`);
  return lines;
}

function unknownVersions({ unknown }: LiveTraffic): string[] {
  return unknown.map((version) => `${version} serves traffic in AWS, but the file does not list it`);
}

/** Between stable and canary users are CodeDeploy's to move: only another version is a difference. */
export function differentFromRollout(
  { stable, canary }: CodedeployAliasRelease | EcsBlueGreenRelease,
  traffic: LiveTraffic,
): string[] {
  const { stable: served, canary: shared, unknown } = traffic;
  const named = [stable.name, canary?.version.name];
  const file = canary === undefined ? `stable is ${stable.name}` : `CodeDeploy moves ${named.join(" to ")}`;
  const others = [served, shared?.version]
    .filter((version) => version !== undefined && !named.includes(version) && !unknown.includes(version))
    .map((version) => `${file} in the file, but ${version} serves in AWS`);
  return [...unknownVersions(traffic), ...others];
}

function canaryText(canary: LiveTraffic["canary"]): string {
  return canary === undefined ? "none" : `${canary.version} at ${canary.percent} %`;
}

/** How the versions are served that are the right ones: the deployment, and what the stage variables name. */
function differentTargets(
  release: FunctionsRelease,
  pointer: Pointer,
  api: LiveApi,
  traffic: LiveTraffic,
): string[] {
  const { stage } = api;
  const isStable = traffic.stable === release.stable.name;
  const isCanary = traffic.canary?.version === splitOf(release)?.canary?.version;
  return [
    ...(isStable && pointer.stable ? differentTarget(traffic.stable, pointer.stable, stage, api) : []),
    ...(isCanary && pointer.canary && stage.canary
      ? differentTarget(traffic.canary?.version ?? "", pointer.canary, stage.canary, api)
      : []),
  ];
}

function differentTarget(who: string, target: Target, side: LiveSide, { deployments }: LiveApi): string[] {
  const lines: string[] = [];
  const description = deployments.find(({ id }) => id === side.deploymentId)?.description;
  if (description !== target.deployment) {
    const served = description === undefined ? side.deploymentId : `'${description}'`;
    lines.push(`${who} has the deployment ${served} in AWS, but must have '${target.deployment}'`);
  }
  for (const [name, value] of Object.entries(target.variables)) {
    if (side.variables[name] === value) continue;
    lines.push(
      `${who} has ${name} = '${side.variables[name] ?? ""}' on the stage in AWS, but must have '${value}'`,
    );
  }
  return lines;
}

/** The traffic of a service tells the largest share alone. */
function differentWeights(pointer: Pointer, { aliases, api }: LiveState): string[] {
  if (api?.stage.canary !== undefined) return [];
  return Object.entries(pointer.aliases).flatMap(([name, target]) => {
    const alias = aliases.get(name);
    if (alias === undefined || alias.version !== target.version) return [];
    const [there, here] = [weightsText(alias), weightsText(target)];
    return there === here ? [] : [`the alias ${name} gives ${there} in AWS, but must give ${here}`];
  });
}

function weightsText({ weights }: AliasTarget): string {
  const shares = Object.entries(weights)
    .filter(([, weight]) => weight > 0)
    .map(([version, weight]) => `${withoutNoise(weight * 100)} % to version ${version}`);
  return shares.join(", ") || "nothing to another version";
}

function differentAliases(pointer: Pointer, { aliases, api }: LiveState): string[] {
  return Object.entries(pointer.aliases).flatMap(([name, target]) => {
    const alias = aliases.get(name);
    if (alias === undefined) return [`the alias ${name} is missing in AWS`];
    if (alias.version !== target.version)
      return [`the alias ${name} names version ${alias.version} in AWS, but must name ${target.version}`];
    // Beside a canary of the stage the two shares multiply, and no version's own is left to tell.
    const others = Object.keys(alias.weights);
    if (api?.stage.canary === undefined || others.length === 0) return [];
    return [`the alias ${name} has a weight for version ${others.join(", ")} in AWS, but must have none`];
  });
}
