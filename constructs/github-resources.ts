import { accessLogGroup } from "../src/release/alarms/access-log";
import { alarmMetrics } from "../src/release/alarms/alarm-names";
import {
  accountStackName,
  bootstrapStackName,
  type Environment,
  stateKey,
} from "../src/release/environment/environment";
import { roleOf, rolePath } from "../src/release/functions/role";
import { codeDeployRoleName } from "../src/release/shifts/rollout";
import type { UsedResources } from "../src/release/used-resources";
import type { AwsTarget } from "./aws-target";
import { codeDeployPrincipal } from "./codedeploy-rollout";
import { boundaryArn, roleArn } from "./function-boundary";

export interface GitHubResourcesProps {
  /** Partition, region and account. */
  readonly target: AwsTarget;
  /** The environment whose stacks the roles may deploy. */
  readonly environment: Environment;
  /** Name of the bucket of the state. */
  readonly bucket: string;
  /** Functions whose names are not of this project. */
  readonly adoptedFunctions: readonly string[];
  /** What the releases use and do not make. */
  readonly used: UsedResources;
}

/**
 * The ARNs of what the environment's stacks make, by the names that they give, `<service>-<environment>-...`, and of
 * its roles by their path.
 */
export function githubResources({
  target,
  environment,
  bucket,
  adoptedFunctions,
  used,
}: GitHubResourcesProps) {
  const { partition, accountId } = target;
  const { name, region, protect } = environment;
  const here = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  const api = (path: string) => `arn:${partition}:apigateway:${region}::${path}`;
  const { domain } = environment;
  const state = (stack: string) => `arn:${partition}:s3:::${bucket}/${stateKey(environment, stack)}`;

  // After a colon stands a function's version or alias, or what IAM adds to the name of a log group.
  const functions = [
    ...[`*-${name}`, `*-${name}-*`, `*-${name}:*`],
    ...adoptedFunctions.flatMap((one) => [one, `${one}:*`]),
  ];
  const accessLogs = ["", ":*", "/*"].map((end) => `${accessLogGroup(`*-${name}`)}${end}`);
  return {
    bucket: `arn:${partition}:s3:::${bucket}`,
    states: state(`*-${name}`),
    locks: `${state(`*-${name}`)}.tflock`,
    // In IAM's patterns a star stands for slashes too, and a folder of the bucket may be another tool's.
    foreignStates: `${state("*/*")}*`,
    // Whoever deploys these stacks has every right, and would do what stands in their state.
    statesOfOthers: [bootstrapStackName(name), accountStackName(name)].map((stack) => `${state(stack)}*`),
    functions: functions.map((one) => here("lambda", `function:${one}`)),
    layers: `arn:${partition}:lambda:${region}:*:layer:*`,
    ownLayers: used.layers.length > 0 ? [here("lambda", `layer:*-${name}-*`)] : [],
    codeObjects: used.codeObjects.map((object) => `arn:${partition}:s3:::${object}`),
    roles: roleArn(target, { name: "*", path: rolePath(name) }),
    accountRole: roleArn(target, { name: accountStackName(name) }),
    boundary: boundaryArn(target, environment),
    rollouts: [
      `application:*-${name}`,
      `deploymentgroup:*-${name}/*-${name}`,
      ...(used.movesNamedFunctions ? [`deploymentgroup:*-${name}/*-${name}-*`] : []),
      `deploymentconfig:*-${name}-*`,
    ].map((one) => here("codedeploy", one)),
    rolloutRoles: roleArn(target, roleOf(codeDeployRoleName("*"), environment)),
    codeDeploy: codeDeployPrincipal(region),
    // The alarms of a function are named after it.
    alarms: [
      `*-${name}-*`,
      ...adoptedFunctions.flatMap((one) => alarmMetrics.map((metric) => `${one}-${metric}`)),
    ].map((one) => here("cloudwatch", `alarm:${one}`)),
    dashboards: used.hasDashboards ? [`arn:${partition}:cloudwatch::${accountId}:dashboard/*-${name}`] : [],
    /** Of alarms: a guard's may be of another region or account. */
    topics: used.guards?.topics.length ? [here("sns", "*"), ...used.guards.topics] : here("sns", "*"),
    apis: {
      all: [api("/restapis"), api("/restapis/*")],
      /** What is protected can only lose what no user calls. */
      deletable: protect
        ? ["/deployments/*", "/stages/preview", "/stages/blue"].map((part) => api(`/restapis/*${part}`))
        : [api("/restapis/*")],
      usagePlans: used.hasUsagePlans
        ? ["/apikeys", "/apikeys/*", "/usageplans", "/usageplans/*"].map((path) => api(path))
        : [],
      tags: api("/tags/*"),
      account: api("/account"),
    },
    webAcls: used.webAcls,
    stages: api("/restapis/*/stages/*"),
    domains: domainsOf(environment, api),
    // Unlike the domain's own ARN it has the account's id.
    routingRules: domain?.routingRules
      ? [here("apigateway", `/domainnames/${domain.name}/routingrules/*`)]
      : [],
    /** The hosted zone of the domain's record. */
    zone: domain?.record && {
      arn: `arn:${partition}:route53:::hostedzone/${domain.record.hostedZoneId}`,
      changes: `arn:${partition}:route53:::change/*`,
      name: domain.name,
    },
    gatewayRole: `arn:${partition}:iam::${accountId}:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway`,
    repositories: here("ecr", `repository/*-${name}`),
    accessLogs: accessLogs.map((one) => here("logs", `log-group:${one}`)),
    logGroups: [
      ...functions.map((one) => `/aws/lambda/${one}`),
      ...accessLogs,
      "API-Gateway-Execution-Logs_*",
    ].map((one) => here("logs", `log-group:${one}`)),
  };
}

/** What the roles' statements name. */
export type GitHubResources = ReturnType<typeof githubResources>;

/** Of a domain that is there already only the mappings are this project's. */
function domainsOf({ domain, protect }: Environment, api: (path: string) => string) {
  if (domain === undefined) return { read: [], written: [], deletable: [], mappings: [] };
  const own = api(`/domainnames/${domain.name}`);
  const mappings = [api(`/domainnames/${domain.name}/basepathmappings*`)];
  return {
    read: [own, ...mappings],
    written: domain.existing ? [] : [api("/domainnames"), own],
    /** What is protected stays. */
    deletable: domain.existing || protect ? [] : [own],
    mappings,
  };
}
