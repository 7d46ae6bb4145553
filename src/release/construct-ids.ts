import { inWords } from "./functions/hooks";

/**
 * Ids of constructs in the stacks of services, by which a review recognizes the resources of a plan. cdktf makes
 * addresses of them. They stay as they are: another id would replace what is live.
 */
export const constructIds = {
  api: "api",
  /** Within the API. */
  policy: "policy",
  workingDefinition: "definition",

  /** The versions of a service, each under its name. */
  version: "version",
  /** The deployments of definitions, each under its fingerprint. */
  definition: "definition",
  /** The function that is named as the service. */
  function: "function",
  /** The others, each under its name. */
  functions: "service-functions",

  /** The alias that serves all users. */
  live: "live",
  greenAlias: "green-alias",
  /** The same of other functions than that of the service, each under its function's name. */
  liveAliases: "live-aliases",
  greenAliases: "green-aliases",
  functionAlarms: "function-alarms",

  /** The stages that users call. */
  canaryStage: "canary-stage",
  liveStage: "live-stage",
  greenStage: "green-stage",
  /** Within a stage. */
  stageSettings: "method-settings",
  stageLogs: "logs",
  usagePlans: "usage-plans",
  /** The limits of single routes, each under its name. */
  routeThrottling: "route-throttling",
  webAcl: "web-acl",

  /** What is counted in the access logs of a stage that has a canary. */
  accessMetrics: "access-metrics",

  /** What was stopped, since when a share is live, and what writes both. */
  stops: "stops",
  share: "share",
  guard: "guard",

  dashboard: "dashboard",

  /** What leads from the domain to the stage. */
  basePath: "base-path",

  /** Stages to look at a version. */
  preview: "preview",
  blue: "blue",
  /** Within such a stage. */
  routingRule: "routing-rule",

  /** What invokes the function besides the API, each under its name. */
  triggers: "triggers",

  rollout: "rollout",
  hooksSecurityGroup: "hooks-security-group",
  loadBalancer: "load-balancer",
  /** Within the load balancer, and the rules in it that let the hooks in. */
  securityGroup: "security-group",
  fromHooks: "hooks",
  fromHooksToTest: "hooks-test",
  network: "network",
  containers: "containers",
  tasks: "tasks",

  /** Within what is protected; a name may stand before it. */
  protection: "protection",
} as const;

/** The alarms of a service that look at one scope. */
export const alarmsId = (scope: string) => `${scope}-alarms`;

/** The alias that stands behind a stage to look at a version. */
export const stageAliasId = (stage: string) => `${stage}-alias`;

/** The same of other functions than that of the service, each under its function's name. */
export const stageAliasesId = (stage: string) => `${stage}-aliases`;

/** The hook of a moment. */
export const hookId = (moment: string) => `${inWords(moment, "-")}-hook`;
