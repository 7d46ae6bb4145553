import { functionsTarget, type Target, versionTarget } from "../release/pointer";
import { type Split, sharesOf, withoutNoise } from "../release/split";
import { modelOf } from "../release/strategies/strategies";
import { splitBy } from "../release/traffic";
import type { Plan, PlannedResource, Values } from "./plan";
import type { Side } from "./side";
import { versionText } from "./step";

/**
 * The resource of a plan that says who serves the users: the stage, or the alias behind it.
 *
 * @returns nothing where CodeDeploy moves that, for then no plan says it
 */
export function pointerOf(plan: Plan, { release }: Side): PlannedResource | undefined {
  const { movedBy } = modelOf(release);
  if (movedBy === "codedeploy") return undefined;
  const isStage = movedBy === "stage";
  const type = isStage ? "aws_api_gateway_stage" : "aws_lambda_alias";
  return plan.resources.find((one) => one.type === type && one.part.of === (isStage ? "stage" : "alias"));
}

/** `v1 90 %, v2 10 %`: who gets what by the values of the pointer. */
export function trafficSaid(values: Values, side: Side): string {
  return splitText(modelOf(side.release).movedBy === "stage" ? ofStage(values, side) : ofAlias(values));
}

/** The same by a release file. */
export function trafficMeant({ standing }: Side): string {
  return splitText(splitBy(standing));
}

/** A canary without a share serves nobody: it is the same for users as none. */
function splitText(split: Split): string {
  const canary = split.canary?.percent === 0 ? undefined : split.canary;
  const shares = [...sharesOf({ ...split, canary })];
  return shares.map(([version, percent]) => `${versionText(version)} ${percent} %`).join(", ");
}

function ofAlias({ function_version, routing_config }: Values): Split {
  const weights = first(routing_config)?.["additional_version_weights"] as Record<string, number> | undefined;
  const [canary] = Object.entries(weights ?? {});
  return {
    stable: String(function_version),
    canary: canary && { version: canary[0], percent: withoutNoise(canary[1] * 100) },
  };
}

function ofStage({ variables, canary_settings }: Values, side: Side): Split {
  const named = (variables ?? {}) as Record<string, string>;
  const canary = first(canary_settings);
  const overrides = (canary?.["stage_variable_overrides"] ?? {}) as Record<string, string>;
  return {
    stable: versionNamed(named, side),
    canary: canary && {
      version: versionNamed({ ...named, ...overrides }, side),
      percent: Number(canary["percent_traffic"] ?? 0),
    },
  };
}

/** The version whose functions, or alias, the stage variables name. */
function versionNamed(variables: Readonly<Record<string, string>>, side: Side): string {
  const found = side.versions.find((version) =>
    Object.entries(variablesOf(version, side)).every(([name, value]) => variables[name] === value),
  );
  const own = "stage" in side.release ? (side.release.stage?.variables ?? {}) : {};
  const named = Object.entries(variables).flatMap(([name, value]) => (own[name] === undefined ? value : []));
  return found ?? (named.join(" and ") || "nothing");
}

function variablesOf(version: string, { release, functions }: Side): Target["variables"] {
  if (modelOf(release).versionKind !== "functions") return versionTarget(version).variables;
  return functionsTarget({ name: version, functions: functions.get(version) ?? [] }).variables;
}

function first(block: unknown): Values | undefined {
  return Array.isArray(block) ? (block[0] as Values | undefined) : undefined;
}
