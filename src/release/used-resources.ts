import { isCountedInAccessLogs } from "./alarms/access-metrics";
import { holdsAliasAlone } from "./functions/alias-variable";
import type { Trigger } from "./functions/triggers";
import { deployedFunctions, type Release } from "./release";
import { goesOnByItself } from "./steps/auto-steps";

/** What the releases of an environment use and do not make: a deploy may use exactly these. */
export interface UsedResources {
  /** KMS keys of the functions' environment variables. */
  readonly keys: readonly string[];
  /** ARNs of the web ACLs of stages. */
  readonly webAcls: readonly string[];
  /** Whether a stage has usage plans: an API key's id says nothing of its service, so all of the account are meant. */
  readonly hasUsagePlans: boolean;
  /** Whether CloudWatch has a dashboard of a service. */
  readonly hasDashboards: boolean;
  /** Whether requests are counted in the access logs of a stage. */
  readonly countsAccessLogs: boolean;
  /** Objects in S3 with code, as `<bucket>/<key>`. */
  readonly codeObjects: readonly string[];
  /** Names of the layers that the stacks make. */
  readonly layers: readonly string[];
  /** What invokes the functions besides APIs. */
  readonly triggers: readonly Trigger[];
  /** Whether CodeDeploy moves the alias of a function that is not named as its service. */
  readonly movesNamedFunctions: boolean;
  /** Whether a workflow compares versions by their metrics, before a step goes on by itself. */
  readonly comparesVersions: boolean;
  /** What guards use. @default - no release has one */
  readonly guards?: UsedByGuards;
}

export interface UsedByGuards {
  /** ARNs of the SNS topics that they tell what they did. */
  readonly topics: readonly string[];
  /** Whether one compares the canary with stable. */
  readonly compares: boolean;
  /** Functions of their releases whose names are not of this project, with their versions and aliases. */
  readonly adoptedFunctions: readonly string[];
}

export function usedResources(releases: readonly Release[]): UsedResources {
  const functions = releases.flatMap((release) => deployedFunctions(release));
  const settings = functions.map((one) => one.settings);
  return {
    codeObjects: distinct(
      functions.flatMap(({ source }) =>
        source.language === "stored" ? `${source.bucket}/${source.key}` : [],
      ),
    ),
    layers: distinct(functions.flatMap((one) => (one.projectLayers ?? []).map(({ awsName }) => awsName))),
    keys: distinct(settings.flatMap(({ kmsKeyArn }) => kmsKeyArn ?? [])),
    webAcls: distinct(releases.flatMap((one) => ("stage" in one ? (one.stage?.webAclArn ?? []) : []))),
    hasUsagePlans: releases.some((release) => "stage" in release && release.stage?.usagePlans !== undefined),
    hasDashboards: releases.some(({ dashboard }) => dashboard),
    countsAccessLogs: releases.some(isCountedInAccessLogs),
    triggers: releases.flatMap((release) => ("triggers" in release ? release.triggers : [])),
    movesNamedFunctions: releases.some(
      (release) =>
        release.strategy === "codedeploy-alias" &&
        !release.functions.every(({ aliasVariable }) => holdsAliasAlone(aliasVariable)),
    ),
    comparesVersions: releases.some(goesOnByItself),
    guards: usedByGuards(releases.filter(({ guard }) => guard !== undefined)),
  };
}

function usedByGuards(guarded: readonly Release[]): UsedByGuards | undefined {
  if (guarded.length === 0) return undefined;
  const functions = guarded.flatMap((release) => deployedFunctions(release));
  return {
    compares: guarded.some(({ guard }) => guard?.verdict === true),
    topics: distinct(guarded.flatMap(({ guard }) => guard?.topics ?? [])),
    adoptedFunctions: distinct(
      functions.flatMap(({ adopted, awsName }) => (adopted ? [awsName, `${awsName}:*`] : [])),
    ),
  };
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
