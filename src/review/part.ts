import { alarmScopes, answersScopes, targetGroups } from "../release/alarms/alarm-scopes";
import { alarmsId, constructIds, hookId, stageAliasesId, stageAliasId } from "../release/construct-ids";
import { hookMoments } from "../release/functions/hooks";

/**
 * What a resource is in its stack, by its address: cdktf makes it of the ids of the constructs, which stay as they
 * are because another id would replace what is live.
 */
export type Part =
  /** What a version brings: `version` is its id, which has hyphens for dots. */
  | { readonly of: "version"; readonly version: string }
  /** The deployment of one API definition, for all versions that have it. */
  | { readonly of: "definition"; readonly fingerprint: string }
  /** A function whose versions Lambda keeps, and what belongs to it. */
  | { readonly of: "function" }
  /** An alias that splits or switches, where it is not the stage. */
  | { readonly of: "alias" }
  /** The stage that users call. */
  | { readonly of: "stage" }
  | { readonly of: "stage settings" }
  | { readonly of: "stage logs" }
  /** What leads from the domain to the stage. */
  | { readonly of: "address" }
  /** Its usage plans and API keys. */
  | { readonly of: "usage plans" }
  /** The stage `preview` or `blue`, with what it brings. */
  | { readonly of: "temporary" }
  | { readonly of: "policy" }
  | { readonly of: "api" }
  /** The definition that is worked on, which the next deployment snapshots. */
  | { readonly of: "working definition" }
  /** What refuses to destroy what users call. */
  | { readonly of: "protection" }
  /** What users of containers call, and CodeDeploy turns. */
  | { readonly of: "load balancer" }
  /** The alarms that look at an alias, and what it serves of the latest version. */
  | { readonly of: "alarms" }
  /** What is counted in the access logs. */
  | { readonly of: "access metrics" }
  | { readonly of: "dashboard" }
  /** What takes a bad version back, and what was stopped. */
  | { readonly of: "guard" }
  /** What CodeDeploy needs to move users. */
  | { readonly of: "rollout" }
  /** What invokes the function besides the API. */
  | { readonly of: "triggers" }
  /** The functions that CodeDeploy asks. */
  | { readonly of: "hooks" }
  /** The service of containers, its load balancer and network. */
  | { readonly of: "containers" }
  /** What every version's tasks write to and may do. */
  | { readonly of: "tasks" }
  /** What another construct than those of this project brings. */
  | { readonly of: "other" };

const ids = constructIds;
const hookRules: readonly string[] = [ids.fromHooks, ids.fromHooksToTest];
const always = (of: Part["of"]) => () => ({ of }) as Part;

/** By the id of a construct in the stack, what its resources are: by the ids below it, where there are some. */
const parts: ReadonlyMap<string, (below: readonly string[]) => Part> = new Map([
  [ids.version, ([version = ""]) => ({ of: "version", version })],
  [ids.definition, ([fingerprint = ""]) => ({ of: "definition", fingerprint })],
  ...[ids.function, ids.functions].map((id) => [id, always("function")] as const),
  ...[ids.live, ids.greenAlias, ids.liveAliases, ids.greenAliases].map(
    (id) => [id, always("alias")] as const,
  ),
  ...[ids.canaryStage, ids.liveStage, ids.greenStage].map((id) => [id, partOfStage] as const),
  ...[ids.preview, ids.blue]
    .flatMap((stage) => [stage, stageAliasId(stage), stageAliasesId(stage)])
    .map((id) => [id, partOfTemporary] as const),
  ...[...alarmScopes, ...targetGroups, ...answersScopes].map(
    (scope) => [alarmsId(scope), always("alarms")] as const,
  ),
  [ids.accessMetrics, always("access metrics")],
  [ids.dashboard, always("dashboard")],
  ...[ids.stops, ids.share, ids.guard].map((id) => [id, always("guard")] as const),
  [ids.functionAlarms, always("alarms")],
  [ids.basePath, always("address")],
  [ids.rollout, always("rollout")],
  ...hookMoments.map((moment) => [hookId(moment), always("hooks")] as const),
  [ids.triggers, always("triggers")],
  [ids.hooksSecurityGroup, always("hooks")],
  [ids.api, partOfApi],
  [ids.loadBalancer, partOfLoadBalancer],
  ...[ids.network, ids.containers].map((id) => [id, always("containers")] as const),
  [ids.tasks, always("tasks")],
]);

/** What limits how much may be called. */
const limits: readonly string[] = [ids.usagePlans, ids.routeThrottling];

function partOfStage([below]: readonly string[]): Part {
  if (below === undefined) return { of: "stage" };
  if (below === ids.stageSettings || below === ids.webAcl) return { of: "stage settings" };
  if (limits.includes(below)) return { of: "usage plans" };
  return { of: below === ids.stageLogs ? "stage logs" : "other" };
}

function partOfTemporary([, below]: readonly string[]): Part {
  return { of: below !== undefined && limits.includes(below) ? "usage plans" : "temporary" };
}

function partOfApi([below]: readonly string[]): Part {
  if (below === undefined) return { of: "api" };
  if (below === ids.policy) return { of: "policy" };
  return { of: below === ids.workingDefinition ? "working definition" : "other" };
}

/** Its security group lets the hooks in. */
function partOfLoadBalancer([below, rule = ""]: readonly string[]): Part {
  if (below === undefined) return { of: "load balancer" };
  const isOfHooks = below === ids.securityGroup && hookRules.includes(rule);
  return { of: isOfHooks ? "hooks" : "containers" };
}

/** @param address `aws_api_gateway_stage.canary-stage_EA838A75` */
export function partOf(address: string): Part {
  const [, name = ""] = address.split(".");
  // cdktf joins the ids of the constructs; no id of the project's own has an underscore.
  const [id = "", ...below] = nameWithoutHash(name).split("_");
  const isProtection = (below.at(-1) ?? id).endsWith(ids.protection);
  return isProtection ? { of: "protection" } : (parts.get(id)?.(below) ?? { of: "other" });
}

/** As a reader knows it: `aws_api_gateway_stage.canary-stage`. */
export function shortAddress(address: string): string {
  return nameWithoutHash(address);
}

function nameWithoutHash(name: string): string {
  return name.replace(/_[0-9A-F]{8}$/, "");
}
