import { Percent } from "../release/percent";
import { functionsOf } from "../release/release";
import { canaryPercent, isMovedByCodeDeploy } from "../release/traffic";
import type { Plan, PlannedResource, Values } from "./plan";
import type { Side } from "./side";
import { versionText } from "./step";

/** The version that serves most users, and another one with its share, as a resource names them. */
interface Split {
  readonly stable: string;
  readonly canary?: { readonly version: string; readonly percent: number };
}

/**
 * The resource of a plan that says who serves the users: the stage, or the alias behind it.
 *
 * @returns nothing where CodeDeploy moves that, for then no plan says it
 */
export function pointerOf(plan: Plan, { file }: Side): PlannedResource | undefined {
  if (isMovedByCodeDeploy(file)) return undefined;
  const isStage = isMovedByStage(file);
  const type = isStage ? "aws_api_gateway_stage" : "aws_lambda_alias";
  return plan.resources.find((one) => one.type === type && one.part.of === (isStage ? "stage" : "alias"));
}

function isMovedByStage({ strategy }: Side["file"]): boolean {
  return ["canary-stage", "alias-canary-stage", "blue-green-stage"].includes(strategy);
}

/** `v1 90 %, v2 10 %`: who gets what by the values of the pointer. */
export function trafficSaid(values: Values, side: Side): string {
  return splitText(isMovedByStage(side.file) ? ofStage(values, side) : ofAlias(values));
}

/** The same by a release file. */
export function trafficMeant({ file }: Side): string {
  const { stable, canary } = file;
  return splitText({ stable, canary: canary && { version: canary.version, percent: canaryPercent(file) } });
}

/** A canary without a share serves nobody: it is the same for users as none. */
function splitText({ stable, canary }: Split): string {
  if (canary === undefined || canary.percent === 0) return `${versionText(stable)} 100 %`;
  const rest = Percent.isValid(canary.percent) ? Percent.of(canary.percent).rest.value : 100 - canary.percent;
  return `${versionText(stable)} ${rest} %, ${versionText(canary.version)} ${canary.percent} %`;
}

function ofAlias({ function_version, routing_config }: Values): Split {
  const weights = first(routing_config)?.["additional_version_weights"] as Record<string, number> | undefined;
  const [canary] = Object.entries(weights ?? {});
  return {
    stable: String(function_version),
    canary: canary && { version: canary[0], percent: Number((canary[1] * 100).toFixed(Percent.maxDecimals)) },
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
  return found ?? (Object.values(variables).join(" and ") || "nothing");
}

function variablesOf(version: string, { file, context }: Side): Record<string, string> {
  if (file.strategy !== "canary-stage") return { alias: `v${version}` };
  return Object.fromEntries(
    functionsOf(context, version).map(({ stageVariable, awsName }) => [stageVariable, awsName]),
  );
}

function first(block: unknown): Values | undefined {
  return Array.isArray(block) ? (block[0] as Values | undefined) : undefined;
}
