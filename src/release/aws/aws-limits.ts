/**
 * The limits of AWS that a file can exceed, each with AWS's page: the one place of these numbers. Checks and schemas
 * read them from here, and a test holds them against AWS's own service models.
 */

export interface AwsLimit {
  /** The most that AWS takes. */
  readonly most: number;
  /** What is counted, and of what. */
  readonly what: string;
  /** AWS's page. */
  readonly page: string;
  /** Whether AWS raises it on request. @default false */
  readonly isRaised?: true;
}

const docs = "https://docs.aws.amazon.com";
const restApi = `${docs}/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html`;
const iam = `${docs}/IAM/latest/UserGuide/reference_iam-quotas.html`;
const lambda = `${docs}/lambda/latest/dg/gettingstarted-limits.html`;
const mapping = `${docs}/lambda/latest/api/API_CreateEventSourceMapping.html`;
const codeDeploy = `${docs}/codedeploy/latest/userguide/limits.html`;
const elb = `${docs}/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html`;
const tagging = `${docs}/tag-editor/latest/userguide/best-practices-and-strats.html`;

export const awsLimits = {
  apiResources: {
    most: 300,
    what: "resources of an API: its root, each path, and each path above it",
    page: restApi,
    isRaised: true,
  },
  apiAuthorizers: {
    most: 10,
    what: "authorizers of an API: one for each set of user pools and each of 'api.authorizers'",
    page: restApi,
    isRaised: true,
  },
  apiPolicyCharacters: {
    most: 8192,
    what: "characters of an API's resource policy",
    page: restApi,
    isRaised: true,
  },
  apiDefinitionBytes: {
    most: 6_000_000,
    what: "bytes of an API's definition as OpenAPI",
    page: `${docs}/apigateway/latest/api/API_PutRestApi.html`,
  },
  pathCharacters: { most: 10_240, what: "characters of a path, as of the address of an API", page: restApi },
  authorizerNameCharacters: {
    most: 128,
    what: "characters of an authorizer's name: the ids of its user pools",
    page: `${docs}/apigateway/latest/api/API_CreateAuthorizer.html`,
  },
  integrationTimeoutMs: {
    most: 29_000,
    what: "milliseconds that a regional API waits for a function",
    page: restApi,
    isRaised: true,
  },
  stageVariables: {
    most: 100,
    what: "variables of a stage: one for each function, and your own",
    page: restApi,
  },
  stageVariableNameCharacters: {
    most: 64,
    what: "characters of the name of a stage variable",
    page: restApi,
  },
  stageVariableCharacters: { most: 512, what: "characters of the value of a stage variable", page: restApi },
  functionNameCharacters: {
    most: 64,
    what: "characters of the name of a function or role",
    page: `${docs}/lambda/latest/api/API_CreateFunction.html`,
  },
  functionMemoryMb: { most: 10_240, what: "MB of memory of a function", page: lambda },
  functionSeconds: {
    most: 900,
    what: "seconds of an invocation; AWS's newer 1,800 is refused by the AWS provider",
    page: lambda,
  },
  functionStorageMb: {
    most: 10_240,
    what: "MB of a function's /tmp; AWS's newer 32,768 is refused by the AWS provider",
    page: lambda,
  },
  functionVariableBytes: { most: 4096, what: "bytes of a function's environment variables", page: lambda },
  functionLayers: { most: 5, what: "layers of a function", page: lambda },
  functionSubnets: {
    most: 16,
    what: "subnets of a function",
    page: `${docs}/lambda/latest/api/API_VpcConfig.html`,
  },
  functionSecurityGroups: {
    most: 5,
    what: "security groups of a function",
    page: `${docs}/lambda/latest/api/API_VpcConfig.html`,
  },
  triggerBatch: { most: 10_000, what: "records of an invocation by a queue or stream", page: mapping },
  triggerWindowSeconds: {
    most: 300,
    what: "seconds that records of a queue or stream are gathered",
    page: mapping,
  },
  triggerFilters: {
    most: 5,
    what: "patterns of a queue or stream",
    page: `${docs}/lambda/latest/dg/invocation-eventfiltering.html`,
  },
  queueConcurrency: { most: 1000, what: "executions that a queue has at once", page: mapping },
  streamBatches: { most: 10, what: "batches of a shard that are worked on at once", page: mapping },
  streamRetries: { most: 10_000, what: "retries of a stream's batch", page: mapping },
  streamAgeSeconds: {
    most: 604_800,
    what: "seconds after which a stream's records are dropped",
    page: mapping,
  },
  patternCharacters: {
    most: 4096,
    what: "characters of a pattern of events or records",
    page: `${docs}/eventbridge/latest/APIReference/API_PutRule.html`,
  },
  triggerInputCharacters: {
    most: 8192,
    what: "characters of a schedule's event",
    page: `${docs}/eventbridge/latest/APIReference/API_Target.html`,
  },
  ruleNameCharacters: {
    most: 64,
    what: "characters of the name of an EventBridge rule",
    page: `${docs}/eventbridge/latest/APIReference/API_PutRule.html`,
  },
  inlinePolicyCharacters: {
    most: 10_240,
    what: "characters of all inline policies of a role, white space not counted",
    page: iam,
  },
  managedPolicyCharacters: {
    most: 6144,
    what: "characters of a managed policy, white space not counted",
    page: iam,
  },
  roleManagedPolicies: { most: 10, what: "managed policies of a role", page: iam, isRaised: true },
  alarmNameCharacters: {
    most: 255,
    what: "characters of an alarm's name",
    page: `${docs}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`,
  },
  alarmSeconds: {
    most: 86_400,
    what: "seconds that an alarm looks back",
    page: `${docs}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`,
  },
  deploymentGroupAlarms: { most: 10, what: "alarms of a deployment group", page: codeDeploy },
  shiftMinutes: { most: 2880, what: "minutes from a shift's first step to its last", page: codeDeploy },
  terminationMinutes: { most: 2880, what: "minutes that former tasks are kept", page: codeDeploy },
  waitMinutes: { most: 7200, what: "minutes that a deployment waits for an operator", page: codeDeploy },
  taskDefinitionBytes: {
    most: 65_536,
    what: "bytes of a task definition",
    page: `${docs}/AmazonECS/latest/developerguide/service-quotas.html`,
  },
  targetGroupNameCharacters: { most: 32, what: "characters of the name of a target group", page: elb },
  healthCheckPathCharacters: { most: 1024, what: "characters of a health check's path", page: elb },
  securityGroupRules: {
    most: 60,
    what: "rules of a security group, for IPv4 and for IPv6 each",
    page: `${docs}/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups`,
    isRaised: true,
  },
  bucketNameCharacters: {
    most: 63,
    what: "characters of a bucket's name",
    page: `${docs}/AmazonS3/latest/userguide/bucketnamingrules.html`,
  },
  tags: { most: 50, what: "tags of a resource, those of the stack counted", page: tagging },
  tagNameCharacters: { most: 128, what: "characters of a tag's name", page: tagging },
  tagValueCharacters: { most: 256, what: "characters of a tag's value", page: tagging },
} as const satisfies Readonly<Record<string, AwsLimit>>;

export type LimitName = keyof typeof awsLimits;

/** A limit that AWS raises for an account: what it was raised to stands in `quotas` of the environment's file. */
export type QuotaName = {
  [Name in LimitName]: (typeof awsLimits)[Name] extends { readonly isRaised: true } ? Name : never;
}[LimitName];

export const quotaNames = Object.entries(awsLimits)
  .filter(([, limit]) => "isRaised" in limit)
  .map(([name]) => name as QuotaName);

/** `; a quota that AWS raised is 'quotas.apiResources' of environment.json` */
export function raisedBy(name: QuotaName): string {
  return `; if AWS raised this quota, set 'quotas.${name}' in environment.json`;
}
