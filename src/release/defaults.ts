import { type AlarmsWithDefaults, alarmsWithDefaults } from "./alarms/alarm-defaults";
import type { Environment } from "./environment/environment";
import { guardOf } from "./guard";
import type { ApiInFile } from "./schema/api";
import { deployment } from "./schema/deployment";
import type { FileAsGiven } from "./schema/release";
import { hooks } from "./schema/rollout";
import { deploymentWithDefaults } from "./shifts/deployment";
import { type EcsSettings, ecsWithDefaults } from "./shifts/ecs";
import { rolloutWithDefaults } from "./shifts/rollout-defaults";
import { modelOf, shiftsByItself } from "./strategies/strategies";

/** The share of a canary without `percent`. */
export const defaultPercent = 10;

/** A release file in which nothing that has a default is left out, but what the environment gives it. */
export interface ReleaseFile extends Omit<FileAsGiven, "alarms" | "api" | "ecs"> {
  /** @default - GET /, unless there is no API */
  readonly api?: ApiInFile;
  /** Whether the file says that there is no API. */
  readonly withoutApi: boolean;
  /** @default - none; CodeDeploy and ECS always have alarms to look at */
  readonly alarms?: AlarmsWithDefaults;
  /** Every service of containers has it. */
  readonly ecs?: EcsSettings;
}

/**
 * Adds the defaults that depend on the strategy, which the schema does not know. From here on, a field that is left
 * out and a field that has its default are the same.
 */
export function withDefaults(file: FileAsGiven, environment: Pick<Environment, "guard">): ReleaseFile {
  const model = modelOf(file);
  const { movedBy, versionKind, fields } = model;
  const isByCodeDeploy = movedBy === "codedeploy";
  const isOfContainers = versionKind === "container";
  const { canary, rollout, ecs, api } = file;
  return {
    ...file,
    api: api === false ? undefined : api,
    withoutApi: api === false,
    // CodeDeploy gives the canary its share.
    canary: canary && !isByCodeDeploy ? { ...canary, percent: canary.percent ?? defaultPercent } : canary,
    alarms: alarmsWithDefaults(file, { isGuarded: guardOf(file, environment) !== undefined }),
    rollout: isByCodeDeploy ? rolloutWithDefaults(isOfContainers ? "ECS" : "Lambda", rollout) : rollout,
    deployment:
      movedBy === "ecs" ? deploymentWithDefaults(file.deployment ?? deployment.parse({})) : file.deployment,
    hooks: file.hooks ?? (shiftsByItself(model) ? hooks.parse({}) : undefined),
    ecs: ecs !== undefined || isOfContainers ? ecsWithDefaults(ecs) : undefined,
    greenAlias: file.greenAlias ?? (fields.includes("greenAlias") ? false : undefined),
  };
}
