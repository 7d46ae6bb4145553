import { type Applied, type AppliedState, within } from "../terraform/applied-state";
import { type Backends, noBackends, originOf } from "./backends";
import { type Definition, parseDefinition } from "./definition";
import { variablesIn } from "./integration-target";
import { parseResourcePolicy, type ResourcePolicy } from "./resource-policy";
import { type UsagePlan, usagePlansOf } from "./usage-plans";

/** What stable, or the canary, of a stage is served from: a deployment and its variables. */
export interface ServedDeployment {
  readonly isCanary: boolean;
  readonly deploymentId: string;
  readonly definition: Definition;
  /** Whom the deployment admits. @default - everybody */
  readonly policy?: ResourcePolicy;
  /** The stage's variables, for the canary with its overrides merged over them. */
  readonly variables: Readonly<Record<string, string>>;
  /** Those that name what answers and are its own: the canary's overrides alone. */
  readonly ownVariables: Readonly<Record<string, string>>;
}

export interface Throttling {
  readonly rateLimit: number;
  readonly burstLimit: number;
}

/** A stage of the API, as it is after an apply. */
export interface Stage {
  readonly name: string;
  readonly stable: ServedDeployment;
  /** The canary and its share of the requests, 0 to 100. @default - no canary */
  readonly canary?: { readonly served: ServedDeployment; readonly percent: number };
  readonly throttling: Throttling;
  /** Limits of single routes, which go in place of the stage's: by `GET /orders/{id}`. */
  readonly routeThrottling: ReadonlyMap<string, Throttling>;
  /** Who has an API key for it. */
  readonly usagePlans: readonly UsagePlan[];
}

export interface Api {
  readonly id: string;
  readonly executionArn: string;
  /** The one that users call stands first: the output `stage` names it where there are several. */
  readonly stages: readonly Stage[];
}

/**
 * The one API of a stack.
 *
 * @param callsHttp whether the addresses of HTTP integrations are called. @default - they are not
 * @param backends what is called in their place. @default - nothing
 */
export function apiOf(state: AppliedState, callsHttp = false, backends = noBackends): Api {
  const [api, ...others] = state.ofType("aws_api_gateway_rest_api");
  if (api === undefined || others.length > 0) {
    throw new Error(
      `the rehearsal needs a stack with one API, but this one has ${others.length + (api ? 1 : 0)}`,
    );
  }
  const { id, execution_arn, policy } = api.attributes;
  const executionArn = String(execution_arn);
  // Also one that no deployment has yet.
  within(api.address, () => policyOf(policy as string | undefined, executionArn));
  const stages = state
    .ofType("aws_api_gateway_stage")
    .map((stage) => stageOf({ state, executionArn, callsHttp, backends }, stage));
  const rank = ({ name }: Stage) => (name === state.outputs["stage"] ? 0 : 1);
  return {
    id: String(id),
    executionArn,
    stages: stages.sort((a, b) => rank(a) - rank(b)),
  };
}

/** What stages are read out of. */
interface Surroundings {
  readonly state: AppliedState;
  readonly executionArn: string;
  readonly callsHttp: boolean;
  readonly backends: Backends;
}

function stageOf(from: Surroundings, { attributes }: Applied): Stage {
  const { state } = from;
  const name = String(attributes["stage_name"]);
  const variables = (attributes["variables"] ?? {}) as Record<string, string>;
  const canary = attributes["canary_settings"] as Record<string, unknown> | undefined;
  const overrides = (canary?.["stage_variable_overrides"] ?? {}) as Record<string, string>;
  return {
    name,
    stable: servedOf(from, attributes["deployment_id"], variables),
    canary: canary && {
      served: servedOf(from, canary["deployment_id"], variables, overrides),
      percent: Number(canary["percent_traffic"] ?? 0),
    },
    throttling: throttlingOf(state, name).get("*/*") ?? accountThrottling,
    routeThrottling: throttlingOf(state, name),
    usagePlans: usagePlansOf(state, String(attributes["rest_api_id"]), name),
  };
}

function servedOf(
  { state, executionArn, callsHttp, backends }: Surroundings,
  deploymentId: unknown,
  variables: Record<string, string>,
  overrides?: Record<string, string>,
): ServedDeployment {
  const deployment = state
    .ofType("aws_api_gateway_deployment")
    .find((one) => one.attributes["id"] === deploymentId);
  if (deployment?.snapshot === undefined) throw new Error(`Deployment id does not exist: ${deploymentId}`);
  const all = { ...variables, ...overrides };
  const definition = parseDefinition(deployment.snapshot.body, {
    all: callsHttp,
    isReplaced: (uri) => backends.has(originOf(uri, all) ?? ""),
  });
  return {
    isCanary: overrides !== undefined,
    deploymentId: String(deploymentId),
    definition,
    policy: policyOf(deployment.snapshot.policy, executionArn),
    variables: all,
    ownVariables: namingTargets(overrides ?? variables, definition),
  };
}

/** The variables that stand in the address of an integration. */
function namingTargets(variables: Record<string, string>, { routes }: Definition): Record<string, string> {
  const uris = routes.flatMap(({ integration }) => (integration.type === "lambda" ? integration.uri : []));
  const names = new Set(uris.flatMap((uri) => variablesIn(uri)));
  return Object.fromEntries(Object.entries(variables).filter(([name]) => names.has(name)));
}

/** An empty policy is none. */
function policyOf(policy: string | undefined, executionArn: string): ResourcePolicy | undefined {
  return policy ? parseResourcePolicy(policy, executionArn) : undefined;
}

/** AWS's own limits of an account and region, where the stage has none. */
const accountThrottling: Throttling = { rateLimit: 10_000, burstLimit: 5_000 };

/** By route; what is for all of the stage has stars for it. */
function throttlingOf(state: AppliedState, stageName: string): ReadonlyMap<string, Throttling> {
  const all = state
    .ofType("aws_api_gateway_method_settings")
    .filter(({ attributes }) => attributes["stage_name"] === stageName);
  return new Map(
    all.map(({ attributes }) => {
      const { throttling_rate_limit, throttling_burst_limit } = (attributes["settings"] ?? {}) as Record<
        string,
        number
      >;
      const { rateLimit, burstLimit } = accountThrottling;
      const limits = {
        rateLimit: throttling_rate_limit ?? rateLimit,
        burstLimit: throttling_burst_limit ?? burstLimit,
      };
      return [routeOf(String(attributes["method_path"])), limits] as const;
    }),
  );
}

/** `orders/{id}/GET` gives `GET /orders/{id}`. */
function routeOf(methodPath: string): string {
  if (methodPath === "*/*") return methodPath;
  const slash = methodPath.lastIndexOf("/");
  const path = methodPath.slice(0, slash).replaceAll("~1", "/").replace(/^\/*/, "/");
  return `${methodPath.slice(slash + 1)} ${path}`;
}
