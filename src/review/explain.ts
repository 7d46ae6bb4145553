import { versionId } from "../release/version-id";
import type { Argument, PlannedResource } from "./plan";
import { moves, type Step, type StepKind } from "./step";

interface Rule {
  readonly part: readonly PlannedResource["part"]["of"][];
  /** @default - every type */
  readonly type?: string;
  /** @default - every argument */
  readonly names?: readonly string[];
  readonly steps: readonly StepKind[];
  /** Of what a step of settings or permissions must name one. @default - any */
  readonly settings?: readonly string[];
}

const concurrency = "aws_lambda_provisioned_concurrency_config";
const logGroup = "aws_cloudwatch_log_group";
const webAcl = "aws_wafv2_web_acl_association";
const routingRule = "aws_apigatewayv2_routing_rule";
const metricAlarm = "aws_cloudwatch_metric_alarm";
const attachment = "aws_iam_role_policy_attachment";
const layerVersion = "aws_lambda_layer_version";
const deploymentGroup = "aws_codedeploy_deployment_group";
const ecsService = "aws_ecs_service";

/** What goes to another path with an environment's roles, while Terraform forgets the one that was there. */
const roleTypes: readonly string[] = ["aws_iam_role", "aws_iam_role_policy", attachment];

/** The role of a function comes where it had another one's, and goes where it gets another one's. */
function ownRoles(part: "version" | "function", steps: readonly StepKind[]): Rule[] {
  const policies = ["managedPolicies", "roleArn"];
  const other = (type: string): Rule => ({
    part: [part],
    type,
    steps: [...steps, "settings"],
    settings: ["roleArn"],
  });
  return [
    { part: [part], type: attachment, steps: [...steps, "settings", "permissions"], settings: policies },
    ...roleTypes.filter((type) => type !== attachment).map(other),
  ];
}

/** What an API brings. */
const partsOfApi: readonly PlannedResource["part"]["of"][] = [
  "address",
  "api",
  "definition",
  "policy",
  "protection",
  "stage",
  "stage logs",
  "stage settings",
  "usage plans",
  "working definition",
];

/** Whether a resource comes with an API; an alias is there without one, but for the permission to invoke it. */
function isOfApi({ part, type }: PlannedResource): boolean {
  return partsOfApi.includes(part.of) || (part.of === "alias" && type === "aws_lambda_permission");
}

function comesWithApi({ kind }: Step, resource: PlannedResource): boolean {
  return kind === "add API" && isOfApi(resource);
}

function goesWithApi({ kind }: Step, resource: PlannedResource): boolean {
  return kind === "remove API" && isOfApi(resource);
}

/** Which steps explain that something comes, beside the publishing of its version: the first rule that fits says it. */
const coming: readonly Rule[] = [
  { part: ["version"], type: concurrency, steps: ["concurrency", "publish", "functions"] },
  { part: ["version"], type: metricAlarm, steps: ["alarms", "publish", "functions"] },
  { part: ["version", "function"], type: layerVersion, steps: ["settings", "publish", "functions"] },
  ...ownRoles("version", ["publish", "functions"]),
  ...ownRoles("function", ["functions"]),
  { part: ["function"], steps: ["functions"] },
  { part: ["version"], steps: ["publish", "functions"] },
  { part: ["definition"], steps: ["publish"] },
  // A function has its alias with the first version that has the function.
  { part: ["alias"], steps: ["alias", "publish"] },
  { part: ["stage logs"], type: logGroup, steps: ["stage"] },
  { part: ["usage plans"], steps: ["stage", "open"] },
  { part: ["stage settings"], type: webAcl, steps: ["stage"] },
  { part: ["temporary"], type: logGroup, steps: ["open", "stage"] },
  { part: ["temporary"], type: webAcl, steps: ["open", "stage"] },
  { part: ["temporary"], type: routingRule, steps: ["open", "reopen"] },
  { part: ["temporary"], steps: ["open"] },
  { part: ["policy"], steps: ["api", "open"] },
  { part: ["protection"], steps: ["environment"] },
  { part: ["address"], steps: ["address"] },
  { part: ["alarms"], steps: ["alarms", "publish"] },
  { part: ["access metrics"], steps: ["alarms", "dashboard"] },
  { part: ["dashboard"], steps: ["dashboard"] },
  { part: ["guard"], steps: ["guard"] },
  { part: ["rollout"], type: deploymentGroup, steps: ["rollout", "functions", "publish"] },
  { part: ["rollout"], steps: ["rollout"] },
  { part: ["triggers"], steps: ["triggers"] },
  { part: ["hooks"], steps: ["hooks"] },
  { part: ["containers", "load balancer"], steps: ["ecs"] },
];

/** The same for what goes. */
const going: readonly Rule[] = [
  { part: ["version"], type: concurrency, steps: ["concurrency", "prune", "functions"] },
  { part: ["version"], type: metricAlarm, steps: ["alarms", "prune", "functions"] },
  { part: ["version", "function"], type: layerVersion, steps: ["settings", "prune", "functions"] },
  ...ownRoles("version", ["prune", "functions"]),
  ...ownRoles("function", ["functions"]),
  { part: ["function"], steps: ["functions"] },
  { part: ["version"], steps: ["prune", "functions"] },
  { part: ["definition"], steps: ["prune"] },
  { part: ["alias"], steps: ["alias", "prune"] },
  { part: ["stage logs"], type: logGroup, steps: ["stage"] },
  { part: ["usage plans"], steps: ["stage", "close"] },
  { part: ["stage settings"], type: webAcl, steps: ["stage"] },
  { part: ["temporary"], type: logGroup, steps: ["close", "stage"] },
  { part: ["temporary"], type: webAcl, steps: ["close", "stage"] },
  { part: ["temporary"], type: routingRule, steps: ["close", "reopen"] },
  { part: ["temporary"], steps: ["close"] },
  { part: ["policy"], steps: ["api", "close"] },
  { part: ["protection"], steps: ["environment"] },
  { part: ["address"], steps: ["address"] },
  { part: ["alarms"], steps: ["alarms", "prune"] },
  { part: ["access metrics"], steps: ["alarms", "dashboard"] },
  { part: ["dashboard"], steps: ["dashboard"] },
  { part: ["guard"], steps: ["guard"] },
  { part: ["rollout"], type: deploymentGroup, steps: ["rollout", "functions", "prune"] },
  { part: ["rollout"], steps: ["rollout"] },
  { part: ["triggers"], steps: ["triggers"] },
  { part: ["hooks"], steps: ["hooks"] },
  { part: ["containers", "load balancer"], steps: ["ecs"] },
];

/** What its role may do, what wakes it, and which API it looks at. */
const whatIsGuarded: readonly StepKind[] = [
  "guard",
  "alarms",
  "publish",
  "prune",
  "functions",
  "add API",
  "remove API",
];

/** Which steps explain that an argument changes in place: the first rule that fits says it. */
const rules: readonly Rule[] = [
  { part: ["stage"], names: ["canary_settings", "deployment_id"], steps: moves },
  // By what decision it stands so, where there is a guard: the version before may be pruned.
  { part: ["stage"], names: ["description"], steps: [...moves, "guard", "prune"] },
  // Of the file's own, or of the versions': who serves by them is compared beside.
  { part: ["stage"], names: ["variables"], steps: [...moves, "stage"] },
  {
    part: ["stage"],
    names: ["access_log_settings", "xray_tracing_enabled", "client_certificate_id"],
    steps: ["stage"],
  },
  { part: ["stage settings"], names: ["settings"], steps: ["stage"] },
  { part: ["stage logs"], names: ["retention_in_days"], steps: ["stage"] },
  { part: ["address"], steps: ["address"] },
  { part: ["usage plans"], steps: ["stage"] },
  { part: ["alias"], type: "aws_lambda_alias", names: ["function_version", "routing_config"], steps: moves },
  {
    part: ["alias"],
    type: "aws_lambda_alias",
    names: ["description"],
    steps: [...moves, "guard", "prune"],
  },
  { part: ["version"], type: concurrency, steps: ["concurrency"] },
  // Those on the latest version are aimed at the one that is published, those of containers at a target group.
  // One on answers may count them of the stage, and only while the latest version is invoked.
  {
    part: ["alarms"],
    names: ["dimensions", "metric_query"],
    steps: ["code", "settings", "boundary", "ecs", "alarms", "stage"],
  },
  { part: ["alarms", "version"], type: metricAlarm, steps: ["alarms"] },
  // It shows the alarms, which versions bring, and names the stage and its log.
  {
    part: ["dashboard"],
    names: ["dashboard_body"],
    steps: ["dashboard", "alarms", "publish", "prune", "functions", "stage", "ecs"],
  },
  // They name each function that has an alias, its group and its alarms.
  {
    part: ["rollout"],
    names: ["policy", "assume_role_policy", "alarm_configuration"],
    steps: ["rollout", "alarms", "hooks", "ecs", "functions", "publish", "prune"],
  },
  { part: ["rollout"], steps: ["rollout", "alarms", "hooks", "ecs"] },
  // Its code has what is guarded beside it.
  {
    part: ["guard"],
    names: ["source_code_hash"],
    steps: [
      ...whatIsGuarded,
      "stage",
      "address",
      "alias",
      "concurrency",
      "dashboard",
      "settings",
      "adopt",
      "verdict",
    ],
  },
  { part: ["guard"], steps: whatIsGuarded },
  { part: ["triggers"], steps: ["triggers"] },
  { part: ["hooks"], names: ["policy"], steps: ["hooks", "ecs", "functions", "publish", "prune"] },
  { part: ["hooks"], steps: ["hooks", "ecs"] },
  // What ECS itself moves is its service's, and so is how.
  { part: ["containers"], type: ecsService, names: ["task_definition"], steps: moves },
  {
    part: ["containers"],
    type: ecsService,
    names: ["deployment_configuration", "alarms"],
    steps: ["rollout", "alarms", "hooks"],
  },
  { part: ["containers", "load balancer"], steps: ["ecs"] },
  // They may pull the images of all versions.
  {
    part: ["tasks"],
    type: "aws_iam_role_policy",
    names: ["policy"],
    steps: ["publish", "prune", "container"],
  },
  { part: ["tasks"], type: logGroup, names: ["retention_in_days"], steps: ["ecs"] },
  { part: ["working definition"], names: ["body"], steps: ["api"] },
  { part: ["policy"], names: ["policy"], steps: ["api", "open", "close", "reopen"] },
  { part: ["temporary"], type: routingRule, steps: ["reopen", "address"] },
  { part: ["temporary"], steps: ["open", "close", "reopen", "stage", "api"] },
  {
    part: ["function", "version"],
    type: "aws_lambda_function",
    names: ["source_code_hash"],
    // The settings may name code elsewhere.
    steps: ["code", "settings"],
    settings: ["code"],
  },
  {
    part: ["function", "version"],
    type: "aws_lambda_function",
    names: ["layers"],
    // A layer of the project has another version where its content is another one.
    steps: ["code", "settings"],
    settings: ["layers"],
  },
  {
    part: ["function", "version"],
    type: "aws_lambda_function",
    names: ["role"],
    steps: ["settings"],
    settings: ["roleArn"],
  },
  {
    part: ["function", "version"],
    type: "aws_lambda_function",
    names: ["reserved_concurrent_executions"],
    steps: ["reserve"],
  },
  { part: ["function", "version"], type: "aws_lambda_function", steps: ["settings"] },
  {
    part: ["function", "version"],
    type: logGroup,
    names: ["retention_in_days"],
    steps: ["settings"],
  },
  // A function's role reads its queues and streams.
  {
    part: ["function"],
    type: "aws_iam_role_policy",
    names: ["policy"],
    steps: ["settings", "permissions", "triggers"],
  },
  {
    part: ["version"],
    type: "aws_iam_role_policy",
    names: ["policy"],
    steps: ["settings", "permissions"],
  },
];

/** Arguments of many resources that an environment gives to all of them. */
const byEnvironment: Readonly<Record<string, StepKind>> = {
  tags: "tags",
  tags_all: "tags",
  permissions_boundary: "boundary",
  role: "boundary",
  service_role_arn: "boundary",
};

/**
 * The steps that explain all that a plan does to a resource.
 *
 * @returns nothing where some of it is explained by none
 */
export function explanation(resource: PlannedResource, steps: readonly Step[]): readonly Step[] {
  const adopting = steps.filter(({ kind }) => kind === "deploy" || kind === "adopt");
  const moving = roleTypes.includes(resource.type) ? steps.filter(({ kind }) => kind === "boundary") : [];
  switch (resource.action) {
    case "create":
      return [
        ...adopting,
        ...moving,
        ...steps.filter((step) => says(coming, step, resource) || comesWithApi(step, resource)),
      ];
    case "forget":
      return [...moving, ...steps.filter((step) => says(ownRoles("function", []), step, resource))];
    case "import":
      return adopting;
    case "delete":
      return steps.filter(
        (step) => step.kind === "remove" || says(going, step, resource) || goesWithApi(step, resource),
      );
    case "update":
      return resource.isImported ? adopting : updated(resource, steps);
    case "replace":
      return replaced(resource, steps);
    default:
      return [];
  }
}

function updated(resource: PlannedResource, steps: readonly Step[]): readonly Step[] {
  const named = resource.changed.filter((argument) => !isComputed(resource, argument));
  const judged = named.length > 0 ? named : resource.changed;
  const found = judged.map(({ name }) => steps.filter((step) => changes(step, resource, name)));
  return found.some((one) => one.length === 0) ? [] : [...new Set(found.flat())];
}

/** What only AWS knows and no rule names follows from what else changes. */
function isComputed(resource: PlannedResource, { name, isUnknown }: Argument): boolean {
  if (!isUnknown || byEnvironment[name] !== undefined) return false;
  return !rules.some((rule) => rule.names?.includes(name) && fits(rule, resource, name));
}

function changes(step: Step, resource: PlannedResource, name: string): boolean {
  const given = byEnvironment[name];
  // A function has another role with another path of its environment's roles, or where its settings name one.
  if (given !== undefined && name !== "role") return step.kind === given;
  return step.kind === given || says(rules, step, resource, name);
}

/** Whether the first rule that fits names the step; what a version has asks for a step of that version, or for the alarms of all. */
function says(table: readonly Rule[], step: Step, resource: PlannedResource, name?: string): boolean {
  const { part } = resource;
  if (part.of === "version" && !isOf(part, step.version) && step.kind !== "alarms") return false;
  const rule = table.find((one) => fits(one, resource, name));
  return rule?.steps.includes(step.kind) === true && isNamed(rule, step);
}

function isNamed({ settings }: Rule, { kind, shownBy }: Step): boolean {
  if (settings === undefined || (kind !== "settings" && kind !== "permissions")) return true;
  return shownBy.split(", ").some((one) => settings.includes(one));
}

function fits({ part, type, names }: Rule, resource: PlannedResource, name = ""): boolean {
  return (
    part.includes(resource.part.of) &&
    (type === undefined || type === resource.type) &&
    (names === undefined || names.includes(name))
  );
}

function isOf(part: PlannedResource["part"], version: string | undefined): boolean {
  return part.of === "version" && version !== undefined && part.version === versionId(version);
}

/**
 * A deployment is made anew for what it snapshots: nobody but those who look is served from a temporary stage's. A
 * configuration of CodeDeploy's is another one with other numbers.
 */
function replaced({ part, type }: PlannedResource, steps: readonly Step[]): readonly Step[] {
  if (type === "aws_codedeploy_deployment_config") return steps.filter(({ kind }) => kind === "rollout");
  if (type === layerVersion)
    return steps.filter(
      ({ kind, version }) => kind === "code" && (part.of === "function" || isOf(part, version)),
    );
  if (type === webAcl) return steps.filter(({ kind }) => kind === "stage");
  // Another domain is another mapping, and the file tells of it.
  if (part.of === "address" || type === routingRule) return steps.filter(({ kind }) => kind === "address");
  // Another source is another mapping, subscription or rule.
  if (part.of === "triggers") return steps.filter(({ kind }) => kind === "triggers");
  // What of them a change may not make anew is told of the file, once.
  if (part.of === "containers" || part.of === "load balancer")
    return steps.filter(({ kind }) => kind === "ecs");
  if (type === "aws_ecs_task_definition")
    return steps.filter(
      ({ kind, version }) => kind === "ecs" || (kind === "container" && isOf(part, version)),
    );
  if (part.of !== "temporary" || type !== "aws_api_gateway_deployment") return [];
  return steps.filter(({ kind }) => kind === "reopen" || kind === "api");
}
