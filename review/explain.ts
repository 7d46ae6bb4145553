import type { Argument, PlannedResource } from "./plan";
import type { Step, StepKind } from "./step";
import { moves } from "./step";

/** Which steps explain that something comes or goes; a version's and a definition's ask for their own step. */
const comesWith: Partial<Record<PlannedResource["part"]["of"], readonly StepKind[]>> = {
  "stage logs": ["stage"],
  policy: ["api", "open", "close"],
  temporary: ["open", "stage"],
  alias: ["concurrency"],
  alarms: ["alarms"],
  rollout: ["rollout"],
  hooks: ["hooks"],
};
const goesWith: typeof comesWith = { ...comesWith, temporary: ["close", "stage"] };

interface Rule {
  readonly part: readonly PlannedResource["part"]["of"][];
  /** @default - every type */
  readonly type?: string;
  /** @default - every argument */
  readonly names?: readonly string[];
  readonly steps: readonly StepKind[];
}

const temporarySteps = ["open", "close", "reopen", "stage", "api"] as const;

/** Which steps explain that an argument changes in place: the first rule that fits says it. */
const rules: readonly Rule[] = [
  { part: ["stage"], names: ["canary_settings", "deployment_id", "variables"], steps: moves },
  { part: ["stage"], names: ["access_log_settings", "xray_tracing_enabled"], steps: ["stage"] },
  { part: ["stage settings"], names: ["settings"], steps: ["stage"] },
  { part: ["stage logs"], names: ["retention_in_days"], steps: ["stage"] },
  { part: ["alias"], type: "aws_lambda_alias", names: ["function_version", "routing_config"], steps: moves },
  { part: ["alias", "version"], type: "aws_lambda_provisioned_concurrency_config", steps: ["concurrency"] },
  // Those on the latest version are aimed at the one that is published.
  { part: ["alarms"], names: ["dimensions"], steps: ["code", "settings"] },
  { part: ["alarms", "version"], type: "aws_cloudwatch_metric_alarm", steps: ["alarms"] },
  { part: ["rollout"], steps: ["rollout", "alarms", "hooks"] },
  { part: ["hooks"], steps: ["hooks"] },
  { part: ["api"], names: ["body", "binary_media_types"], steps: ["api"] },
  { part: ["policy"], names: ["policy"], steps: ["api", "open", "close", "reopen"] },
  { part: ["temporary"], steps: temporarySteps },
  {
    part: ["function", "version"],
    type: "aws_lambda_function",
    names: ["source_code_hash"],
    steps: ["code"],
  },
  { part: ["function", "version"], type: "aws_lambda_function", steps: ["settings"] },
  {
    part: ["function", "version"],
    type: "aws_cloudwatch_log_group",
    names: ["retention_in_days"],
    steps: ["settings"],
  },
  { part: ["function", "version"], type: "aws_iam_role_policy", names: ["policy"], steps: ["settings"] },
];

/**
 * The steps that explain all that a plan does to a resource.
 *
 * @returns nothing where some of it is explained by none
 */
export function explanation(resource: PlannedResource, steps: readonly Step[]): readonly Step[] {
  const adopting = steps.filter(({ kind }) => kind === "deploy" || kind === "adopt");
  switch (resource.action) {
    case "create":
      return [...adopting, ...steps.filter((step) => brings(step, resource))];
    case "import":
      return adopting;
    case "delete":
      return steps.filter((step) => step.kind === "remove" || takesAway(step, resource));
    case "update":
      return resource.isImported ? adopting : updated(resource, steps);
    case "replace":
      return replaced(resource, steps);
    default:
      return [];
  }
}

function brings({ kind, version }: Step, { part, type }: PlannedResource): boolean {
  if (isAlarmOf(part, type) && kind === "alarms") return true;
  if (part.of === "version" && part.version === version) {
    const isConcurrency = type === "aws_lambda_provisioned_concurrency_config";
    return kind === "publish" || kind === "functions" || (kind === "concurrency" && isConcurrency);
  }
  if (part.of === "definition") return kind === "publish";
  return comesWith[part.of]?.includes(kind) === true;
}

function takesAway({ kind, version }: Step, { part, type }: PlannedResource): boolean {
  if (isAlarmOf(part, type) && kind === "alarms") return true;
  if (part.of === "version" && part.version === version) {
    const isConcurrency = type === "aws_lambda_provisioned_concurrency_config";
    return kind === "prune" || kind === "functions" || (kind === "concurrency" && isConcurrency);
  }
  if (part.of === "definition") return kind === "prune";
  return goesWith[part.of]?.includes(kind) === true;
}

/** Whether it is an alarm of one version. */
function isAlarmOf(part: PlannedResource["part"], type: string): boolean {
  return part.of === "version" && type === "aws_cloudwatch_metric_alarm";
}

function updated(resource: PlannedResource, steps: readonly Step[]): readonly Step[] {
  const named = resource.changed.filter((argument) => !isComputed(resource, argument));
  const judged = named.length > 0 ? named : resource.changed;
  const found = judged.map(({ name }) => steps.filter((step) => changes(step, resource, name)));
  return found.some((one) => one.length === 0) ? [] : [...new Set(found.flat())];
}

/** What only AWS knows and no rule names follows from what else changes. */
function isComputed(resource: PlannedResource, { name, isUnknown }: Argument): boolean {
  return isUnknown && !rules.some((rule) => rule.names?.includes(name) && fits(rule, resource, name));
}

function changes(step: Step, resource: PlannedResource, name: string): boolean {
  if (step.kind === "adopt") return true;
  if (name === "tags" || name === "tags_all") return step.kind === "tags";
  const { part } = resource;
  if (part.of === "version" && part.version !== step.version && step.kind !== "alarms") return false;
  return rules.find((rule) => fits(rule, resource, name))?.steps.includes(step.kind) === true;
}

function fits({ part, type, names }: Rule, resource: PlannedResource, name: string): boolean {
  return (
    part.includes(resource.part.of) &&
    (type === undefined || type === resource.type) &&
    (names === undefined || names.includes(name))
  );
}

/**
 * A deployment is made anew for what it snapshots: nobody but those who look is served from a temporary stage's. A
 * configuration of CodeDeploy's is another one with other numbers.
 */
function replaced({ part, type }: PlannedResource, steps: readonly Step[]): readonly Step[] {
  if (type === "aws_codedeploy_deployment_config") return steps.filter(({ kind }) => kind === "rollout");
  if (part.of !== "temporary" || type !== "aws_api_gateway_deployment") return [];
  return steps.filter(({ kind }) => kind === "reopen" || kind === "api");
}
