/**
 * Ids of constructs in the stacks of services, by which a review tells what a resource of a plan is. cdktf makes
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
  function: "function",

  /** The alias that serves all users. */
  live: "live",
  greenAlias: "green-alias",

  /** The stages that users call. */
  canaryStage: "canary-stage",
  liveStage: "live-stage",
  greenStage: "green-stage",
  /** Within a stage. */
  stageSettings: "method-settings",
  stageLogs: "logs",

  /** Stages to look at a version, and their aliases. */
  preview: "preview",
  previewAlias: "preview-alias",
  blue: "blue",
  blueAlias: "blue-alias",

  rollout: "rollout",
  hooksSecurityGroup: "hooks-security-group",
  loadBalancer: "load-balancer",
  network: "network",
  containers: "containers",
  tasks: "tasks",

  /** Within what is protected; a name may stand before it. */
  protection: "protection",
} as const;

/** The alarms of a service that look at one scope. */
export const alarmsId = (scope: string) => `${scope}-alarms`;

/** The hook of a moment, such as `beforeTraffic`. */
export const hookId = (moment: string) =>
  `${moment.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}-hook`;
