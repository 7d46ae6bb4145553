import { type ReleaseContext, runsContainers } from "../release-context";
import { codeDeployPlatform } from "../rollout";
import type { Finding } from "./finding";

/** CodeDeploy shifts in one way, and that of its platform. */
export function checkRollout({ file }: ReleaseContext): Finding[] {
  return [...oneWay(file), ...ofPlatform(file)];
}

function ofPlatform(file: ReleaseContext["file"]): Finding[] {
  const { config, waitMinutes, terminationMinutes } = file.rollout ?? {};
  const findings: Finding[] = [];
  const platform = codeDeployPlatform(file);
  if (config !== undefined && !config.startsWith(platform)) {
    const message = `must be one of CodeDeploy's for ${platform} with ${file.strategy}`;
    findings.push({ field: ["rollout", "config"], message, value: config });
  }
  if (runsContainers(file)) return findings;
  const given = Object.entries({ waitMinutes, terminationMinutes }).filter(
    ([, value]) => value !== undefined,
  );
  const message = `must not be given with ${file.strategy}: it belongs to ecs-blue-green`;
  return [...findings, ...given.map(([name]) => ({ field: ["rollout", name], message }))];
}

function oneWay(file: ReleaseContext["file"]): Finding[] {
  const { config, canary, linear } = file.rollout ?? {};
  const ways = Object.entries({ config, canary, linear }).filter(([, way]) => way !== undefined);
  if (ways.length <= 1) return [];
  const value = ways.map(([name]) => name);
  return [{ field: ["rollout"], message: "must have one of 'config', 'canary' and 'linear'", value }];
}
