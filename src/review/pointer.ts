import { aliasedFunction } from "../release/functions/alias-variable";
import { functionsTarget, type Target, versionTarget } from "../release/pointer";
import { type LambdaVersionsRelease, pointerOf } from "../release/release";
import { type SplitNumbers, splitOfNumbers } from "../release/served-numbers";
import { familyOf, taskFamily } from "../release/shifts/ecs";
import { type Split, sharesOf, withoutNoise } from "../release/split";
import { modelOf } from "../release/strategies/strategies";
import { splitBy } from "../release/traffic";
import type { Plan, PlannedResource, Values } from "./plan";
import type { Side } from "./side";
import { versionText } from "./step";

/**
 * The resources of a plan that say who serves the users: the stage, the alias of each function behind it, or the
 * service of containers that ECS moves.
 *
 * @returns nothing where CodeDeploy moves that, for then no plan says it
 */
export function pointersOf(plan: Plan, { release }: Side): readonly PlannedResource[] {
  const { movedBy } = modelOf(release);
  if (movedBy === "codedeploy") return [];
  if (movedBy === "ecs") return plan.resources.filter(({ type }) => type === "aws_ecs_service");
  const isStage = movedBy === "stage";
  const type = isStage ? "aws_api_gateway_stage" : "aws_lambda_alias";
  return plan.resources.filter((one) => one.type === type && one.part.of === (isStage ? "stage" : "alias"));
}

/** What the pointers are before or after a plan, of those that are there. */
export function valuesOf(pointers: readonly PlannedResource[], when: "before" | "after"): readonly Values[] {
  return pointers.map((one) => one[when]).filter((values) => values !== undefined);
}

/** `v1 90 %, v2 10 %`: who gets what by the values of the pointers. */
export function trafficSaid(values: readonly Values[], side: Side): string {
  return splitText(splitSaid(values, side));
}

/** The same as versions and a share. */
export function splitSaid(values: readonly Values[], side: Side): Split {
  const { release } = side;
  if (release.versionKind === "lambda" && modelOf(release).movedBy === "alias")
    return splitOfNumbers(release, numbersSaid(values, release));
  if (release.versionKind === "container") return { stable: versionOfTasks(values[0], release) };
  return ofStage(values[0] ?? {}, side);
}

/** Whether each of several functions has an alias that serves users: one may stay as it is while users are moved. */
export function isOfSeveralAliases({ release }: Side): boolean {
  return (
    release.versionKind === "lambda" && modelOf(release).movedBy === "alias" && release.functions.length > 1
  );
}

/** What the aliases of several functions say and must say, where the two differ: of one function the traffic tells it. */
export function differentAliases(
  values: readonly Values[],
  side: Side,
): readonly { readonly alias: string; readonly said: string; readonly meant: string }[] {
  const { release } = side;
  if (release.versionKind !== "lambda" || !isOfSeveralAliases(side)) return [];
  const { aliases } = pointerOf(release);
  const said = numbersSaid(values, release);
  return Object.entries(aliases).flatMap(([alias, target]) => {
    const name = aliasedFunction(release.functions, alias)?.lambda.name ?? "";
    const texts = [said[name], target].map((one) => (one === undefined ? "nothing" : numbersText(one)));
    const [there = "", here = ""] = texts;
    return there === here ? [] : [{ alias, said: there, meant: here }];
  });
}

/** Whether another alias of a service serves users, or serves them otherwise. */
export function movesAliases(base: Side, head: Side): boolean {
  const [before, after] = [base, head].map(({ release }) =>
    release.versionKind === "lambda" ? JSON.stringify(pointerOf(release).aliases) : undefined,
  );
  return before !== after;
}

function numbersSaid(
  values: readonly Values[],
  { functions }: LambdaVersionsRelease,
): Readonly<Record<string, SplitNumbers>> {
  const said = values.flatMap((value): [string, SplitNumbers][] => {
    const [only, ...others] = functions;
    const lambda =
      others.length === 0 ? only : functions.find(({ awsName }) => awsName === value["function_name"]);
    if (lambda === undefined) return [];
    const weights = first(value["routing_config"])?.["additional_version_weights"] ?? {};
    const version = String(value["function_version"]);
    return [[lambda.name, { version, weights: weights as SplitNumbers["weights"] }]];
  });
  return Object.fromEntries(said);
}

function numbersText({ version, weights }: SplitNumbers): string {
  const shared = Object.entries(weights).filter(([, weight]) => weight > 0);
  const shares = shared.map(([number, weight]) => `, ${withoutNoise(weight * 100)} % to ${number}`);
  return `version ${version}${shares.join("")}`;
}

/** The same by a release file. */
export function trafficMeant({ standing }: Side): string {
  return splitText(splitBy(standing));
}

/** A canary without a share serves nobody: it is the same for users as none. */
export function splitText(split: Split): string {
  const canary = split.canary?.percent === 0 ? undefined : split.canary;
  return sharesText([...sharesOf({ ...split, canary })]);
}

/** `v1 90 %, v2 10 %` */
export function sharesText(shares: readonly (readonly [string, number])[]): string {
  return shares.map(([version, percent]) => `${versionText(version)} ${percent} %`).join(", ");
}

/** The version whose task definition a service names. Before it is made, its ARN is not known. */
function versionOfTasks(
  service: Values | undefined,
  { name, versions }: Extract<Side["release"], { readonly versionKind: "container" }>,
): string {
  const definition = service?.["task_definition"];
  if (definition === undefined || definition === null) return "a task definition that is to be created";
  const family = familyOf(String(definition));
  return versions.find((version) => taskFamily(name, version.name) === family)?.name ?? family;
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
  if (release.versionKind === "lambda") {
    const published = release.versions.find(({ name }) => name === version);
    return published === undefined ? {} : versionTarget(published, release.functions).variables;
  }
  return functionsTarget({ name: version, functions: functions.get(version) ?? [] }).variables;
}

function first(block: unknown): Values | undefined {
  return Array.isArray(block) ? (block[0] as Values | undefined) : undefined;
}
