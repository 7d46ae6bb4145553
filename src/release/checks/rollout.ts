import { closest } from "fastest-levenshtein";
import { functionNames } from "../functions/service-functions";
import type { ReleaseContext } from "../release-context";
import { predefinedConfigs, rollbackEvents } from "../schema/rollout";
import { modelOf, ofContainers } from "../strategies/strategies";
import type { Finding } from "./finding";

/** CodeDeploy shifts in one way, and that of its platform. */
export function checkRollout(context: ReleaseContext): Finding[] {
  const { file } = context;
  return [...oneWay(file), ...ofPlatform(file), ...allTogether(context)];
}

/** One function that stays where it was stopped would be at another version than the others. */
function allTogether(context: ReleaseContext): Finding[] {
  const { file } = context;
  const { movedBy, versionKind } = modelOf(file);
  const { rollbackOn: value = rollbackEvents } = file.rollout ?? {};
  const isOne = movedBy !== "codedeploy" || versionKind !== "lambda" || functionNames(context).length === 1;
  if (isOne || rollbackEvents.every((event) => value.includes(event))) return [];
  const message = `must have all of ${rollbackEvents.join(", ")} with several functions: they are rolled back together`;
  return [{ field: ["rollout", "rollbackOn"], message, value }];
}

function ofPlatform(file: ReleaseContext["file"]): Finding[] {
  const { config, waitMinutes, terminationMinutes } = file.rollout ?? {};
  const findings: Finding[] = [];
  const isOfContainers = modelOf(file).versionKind === "container";
  const platform = isOfContainers ? "ECS" : "Lambda";
  const known: readonly string[] = predefinedConfigs[platform];
  if (config !== undefined && !known.includes(config)) {
    const message = otherConfig(config, platform, file.strategy);
    findings.push({ field: ["rollout", "config"], message, value: config });
  }
  if (isOfContainers) return findings;
  const given = Object.entries({ waitMinutes, terminationMinutes }).filter(
    ([, value]) => value !== undefined,
  );
  const message = `must not be given with ${file.strategy}: it belongs to ${ofContainers}`;
  return [...findings, ...given.map(([name]) => ({ field: ["rollout", name], message }))];
}

type Platform = keyof typeof predefinedConfigs;

/** What is wrong with a name that the platform does not have. SAM's own names are those of Lambda without the platform. */
function otherConfig(given: string, platform: Platform, strategy: string): string {
  const name = given.replace(/^CodeDeployDefault\./, "");
  const bare = name.replace(/^(Lambda|ECS)/, "");
  if (platform === "Lambda" && /^(Lambda)?Linear10PercentEvery1Minutes$/.test(name))
    return `must be "LambdaLinear10PercentEvery1Minute": ECS spells it in the plural, Lambda in the singular`;
  if (platform === "ECS" && name === "ECSLinear10PercentEvery1Minute")
    return `must be "ECSLinear10PercentEvery1Minutes": Lambda spells it in the singular, ECS in the plural`;
  const others: readonly string[] = predefinedConfigs[platform === "ECS" ? "Lambda" : "ECS"];
  if (others.includes(given)) return `must be a CodeDeploy configuration for ${platform} with ${strategy}`;
  const own = predefinedConfigs[platform];
  const numbers = (config: string) => config.match(/\d+/g)?.join();
  const alike = own.filter((config) => numbers(config) === numbers(bare));
  const nearest = closest(`${platform}${bare}`, alike.length > 0 ? alike : own);
  return `must be a CodeDeploy configuration for Lambda or ECS, without "CodeDeployDefault."; the nearest is "${nearest}"`;
}

function oneWay(file: ReleaseContext["file"]): Finding[] {
  const { config, canary, linear } = file.rollout ?? {};
  const ways = Object.entries({ config, canary, linear }).filter(([, way]) => way !== undefined);
  if (ways.length <= 1) return [];
  const value = ways.map(([name]) => name);
  return [{ field: ["rollout"], message: "must have one of 'config', 'canary' and 'linear'", value }];
}
