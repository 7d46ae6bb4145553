import type { LimitName } from "../../src/release/aws/aws-limits";
import { environment as gitHubEnvironment } from "./bootstrap";
import { containerImage, containerShop, type Files, fingerprintOf, handler, shop } from "./shop";

/** A project that has as much of something as AWS takes, and one that has one more. */
export interface LimitCase {
  /** @param count how much of it */
  readonly project: (count: number) => Files;
  /** How a problem of the second begins, after the place in the file. */
  readonly refused: string;
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const arnOfPool = (id: string) => `arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_${id}`;

/** A shop whose one version has this definition. */
function withApi(api: object, release: object = {}, environment: object = {}): Files {
  const versions = { v1: { fingerprint: fingerprintOf(api) } };
  return shop(
    { api, versions, ...release },
    { "releases/dev/environment.json": { region: "eu-central-1", ...environment } },
  );
}

function withEnvironment(environment: object, release: object = {}, files: Files = {}): Files {
  return shop(release, {
    "releases/dev/environment.json": { region: "eu-central-1", ...environment },
    ...files,
  });
}

const withSettings = (settings: object) => shop({ versions: ["v1"], settings });
const rollout = (fields: object) => ofOneFunction({ strategy: "codedeploy-alias", versions: [1], ...fields });
const ofOneFunction = (fields: object) =>
  shop({ stable: 1, ...fields }, { "lambdas/shop/shop.ts": handler("1") });

const arnOf = (service: string, name: string) => `arn:aws:${service}:eu-central-1:111122223333:${name}`;
const withTrigger = (trigger: object) =>
  ofOneFunction({ strategy: "weighted-alias", versions: [1], triggers: { one: trigger } });
const withStream = (fields: object) =>
  withTrigger({ stream: { arn: arnOf("kinesis", "stream/s"), ...fields } });

const containers = (fields: object, container: object = {}) => shop(containerShop(fields, container));

/** A service whose name is as long as it takes to give a function, `<service>-dev-v1`, this many characters. */
function withFunctionName(length: number): Files {
  const service = `s${"a".repeat(39)}`;
  const version = `v${"1".repeat(length - service.length - 6)}`;
  return shop(
    { versions: ["v1"] },
    {
      [`releases/dev/${service}.json`]: { strategy: "canary-stage", versions: [version], stable: version },
      [`lambdas/${service}/${version}/${service}.ts`]: handler("1"),
    },
  );
}

function withContainerService(length: number): Files {
  const service = `s${"a".repeat(length - "s-dev-green".length)}`;
  const version = { container: { image: containerImage } };
  return shop(
    { versions: ["v1"] },
    {
      [`releases/dev/${service}.json`]: {
        strategy: "ecs-blue-green",
        versions: { v1: version },
        stable: "v1",
      },
    },
  );
}

/** One function that is adopted in each of so many services. */
function withAdopted(names: readonly string[], environment: object = {}): Files {
  const services = names.map(
    (name, index) =>
      [
        [
          `releases/dev/adopted${index}.json`,
          {
            strategy: "canary-stage",
            versions: ["v1"],
            stable: "v1",
            adopt: { functions: { v1: { [`adopted${index}`]: name } } },
          },
        ],
        [`lambdas/adopted${index}/v1/adopted${index}.ts`, handler("1")],
      ] as const,
  );
  return shop(
    { versions: ["v1"] },
    {
      ...Object.fromEntries(services.flat()),
      "releases/dev/environment.json": gitHubEnvironment({}, environment),
    },
  );
}

function withPath(release: object, path: string): object {
  return { ...release, api: { routes: [{ path }] } };
}

function withRepositories(imageRepositories: readonly string[]): Files {
  return shop(
    { versions: ["v1"] },
    {
      "releases/dev/environment.json": gitHubEnvironment({}, { region: "us-gov-east-1", imageRepositories }),
    },
  );
}

export const limitCases: Readonly<Record<LimitName, LimitCase>> = {
  apiResources: {
    // The root, `/a`, and what is below that.
    project: (count) => withApi({ routes: numbers(count - 2).map((index) => ({ path: `/a/${index}` })) }),
    refused: "'api.routes' must make at most 300 resources",
  },
  apiAuthorizers: {
    project: (count) =>
      withApi({
        routes: numbers(count).map((index) => ({
          path: `/${index}`,
          authorization: { cognitoUserPoolArns: [arnOfPool(`p${index}`)] },
        })),
      }),
    refused: "'api.routes' must have at most 10 different lists of user pools",
  },
  authorizerNameCharacters: {
    project: (count) => {
      const id = "p".repeat(count - "cognito-eu-central-1_".length);
      return withApi({ routes: [{ path: "/", authorization: { cognitoUserPoolArns: [arnOfPool(id)] } }] });
    },
    refused: "'api.routes[0].authorization.cognitoUserPoolArns' must be fewer user pools",
  },
  apiPolicyCharacters: {
    project: (count) => {
      const open = numbers(60).map((index) => ({
        path: `/${String(index).padStart(2, "0")}${"x".repeat(60)}`,
      }));
      const padding = { path: `/${"y".repeat(count - 8192 + 66)}` };
      return withApi({ routes: [{ path: "/", authorization: "AWS_IAM" }, ...open, padding] });
    },
    refused: "releases/dev/shop.json 'api.routes' must have fewer routes without AWS_IAM",
  },
  apiDefinitionBytes: {
    project: (count) => {
      const long = numbers(149).map((index) => ({
        path: `/${index}/{${"x".repeat(9683)}}`,
        method: "GET",
      }));
      const methods = ["GET", "PUT", "POST"];
      const all = methods.flatMap((method) => long.map((route) => ({ ...route, method })));
      return withApi({ routes: [...all, { path: `/${"y".repeat(count - 6_000_000 + 426)}` }] });
    },
    refused: "'api' must be at most 6000000 bytes as OpenAPI",
  },
  pathCharacters: {
    project: (count) => {
      const path = `/${"x".repeat(count - 1)}`;
      // Its definition has a fingerprint of its own: that of the file that is refused does not matter.
      const valid = withApi({ routes: [{ path: path.slice(0, 10_240) }] });
      return {
        ...valid,
        "releases/dev/shop.json": withPath(valid["releases/dev/shop.json"] as object, path),
      };
    },
    refused: "'api.routes[0].path' must be a path of at most 10240 characters",
  },
  integrationTimeoutMs: {
    project: (count) => withApi({ routes: [{ path: "/", timeoutSeconds: count / 1000 }] }),
    refused: "'api.routes[0].timeoutSeconds' must be a number between 0.05 and 29 seconds",
  },
  stageVariableNameCharacters: {
    project: (count) => shop({ versions: ["v1"], stage: { variables: { ["n".repeat(count)]: "x" } } }),
    refused: `'stage.variables.${"n".repeat(65)}' must be the name of a stage variable: 64`,
  },
  stageVariableCharacters: {
    project: (count) => shop({ versions: ["v1"], stage: { variables: { n: "x".repeat(count) } } }),
    refused: "'stage.variables.n' must be the value of a stage variable: 1 to 512",
  },
  stageVariables: {
    project: (count) => {
      const names = numbers(count).map((index) => `f${index}`);
      const api = { routes: names.map((name) => ({ path: `/${name}`, function: name })) };
      const functions = Object.fromEntries(names.map((name) => [name, {}]));
      const handlers = names.map((name) => [`lambdas/shop/v1/${name}.ts`, handler("1")]);
      return { ...withApi(api, { functions }), ...Object.fromEntries(handlers) };
    },
    refused: "'functions' must be at most 100, because a stage has a variable for each",
  },
  functionNameCharacters: {
    project: withFunctionName,
    refused: "'versions[0]' must give function names of at most 64 characters",
  },
  functionMemoryMb: {
    project: (count) => withSettings({ memoryMb: count }),
    refused: "'settings.memoryMb' must be a whole number between 128 and 10240 MB",
  },
  functionSeconds: {
    project: (count) => withSettings({ timeoutSeconds: count }),
    refused: "'settings.timeoutSeconds' must be a whole number between 1 and 900 seconds",
  },
  functionStorageMb: {
    project: (count) => withSettings({ ephemeralStorageMb: count }),
    refused: "'settings.ephemeralStorageMb' must be a whole number between 512 and 10240 MB",
  },
  functionVariableBytes: {
    project: (count) => withSettings({ environment: { AA: "x".repeat(count - '{"AA":""}'.length) } }),
    refused: "'versions[0]' must have environment variables of at most 4096 bytes",
  },
  functionLayers: {
    project: (count) =>
      withSettings({
        layers: numbers(count).map((index) => `arn:aws:lambda:eu-central-1:111122223333:layer:l${index}:1`),
      }),
    refused: "'settings.layers' must be a list of 0 to 5 different layer versions",
  },
  functionSubnets: {
    project: (count) =>
      withSettings({
        vpc: { subnetIds: numbers(count).map((index) => `subnet-${index}a`), securityGroupIds: ["sg-1a"] },
      }),
    refused: "'settings.vpc.subnetIds' must be a list of 1 to 16 different subnet ids",
  },
  functionSecurityGroups: {
    project: (count) =>
      withSettings({
        vpc: { subnetIds: ["subnet-1a"], securityGroupIds: numbers(count).map((index) => `sg-${index}a`) },
      }),
    refused: "'settings.vpc.securityGroupIds' must be a list of 1 to 5 different security group ids",
  },
  triggerBatch: {
    project: (count) =>
      withTrigger({ queue: { arn: arnOf("sqs", "q"), batchSize: count, windowSeconds: 1 } }),
    refused: "'triggers.one.queue.batchSize' must be a whole number between 1 and 10000 records",
  },
  triggerWindowSeconds: {
    project: (count) => withTrigger({ queue: { arn: arnOf("sqs", "q"), windowSeconds: count } }),
    refused: "'triggers.one.queue.windowSeconds' must be a whole number between 0 and 300 seconds",
  },
  triggerFilters: {
    project: (count) =>
      withTrigger({
        queue: { arn: arnOf("sqs", "q"), filters: numbers(count).map((index) => ({ body: [index] })) },
      }),
    refused: "'triggers.one.queue.filters' must be a list of 1 to 5 different patterns",
  },
  queueConcurrency: {
    project: (count) => withTrigger({ queue: { arn: arnOf("sqs", "q"), maxConcurrency: count } }),
    refused: "'triggers.one.queue.maxConcurrency' must be a whole number between 2 and 1000 executions",
  },
  streamBatches: {
    project: (count) => withStream({ parallelBatches: count }),
    refused: "'triggers.one.stream.parallelBatches' must be a whole number between 1 and 10 batches",
  },
  streamRetries: {
    project: (count) => withStream({ maxRetries: count }),
    refused: "'triggers.one.stream.maxRetries' must be a whole number between 0 and 10000 retries",
  },
  streamAgeSeconds: {
    project: (count) => withStream({ maxAgeSeconds: count }),
    refused: "'triggers.one.stream.maxAgeSeconds' must be a whole number between 60 and 604800 seconds",
  },
  patternCharacters: {
    project: (count) =>
      withTrigger({ events: { pattern: { source: ["x".repeat(count - '{"source":[""]}'.length)] } } }),
    refused: "'triggers.one.events.pattern' must be at most 4096 characters as JSON",
  },
  triggerInputCharacters: {
    project: (count) =>
      withTrigger({
        schedule: { expression: "rate(1 hour)", input: { a: "x".repeat(count - '{"a":""}'.length) } },
      }),
    refused: "'triggers.one.schedule.input' must be at most 8192 characters as JSON",
  },
  ruleNameCharacters: {
    project: (count) => {
      const name = `t${"x".repeat(39)}`;
      const service = `s${"a".repeat(count - name.length - "s-dev-".length)}`;
      return shop(
        { versions: ["v1"] },
        {
          [`releases/dev/${service}.json`]: {
            strategy: "weighted-alias",
            versions: [1],
            stable: 1,
            triggers: { [name]: { schedule: { expression: "rate(1 hour)" } } },
          },
          [`lambdas/${service}/${service}.ts`]: handler("1"),
        },
      );
    },
    refused: `'triggers.t${"x".repeat(39)}' must give its rule a name of at most 64 characters`,
  },
  inlinePolicyCharacters: {
    // The role that pushes images has no other policy.
    project: (count) => {
      const names = numbers(95).map((index) => `${"x".repeat(37)}x${index}`.slice(index < 20 ? -40 : -39));
      return withRepositories([...names, "y".repeat(count - 10_240 + 36)]);
    },
    refused: "releases/dev/environment.json 'github' must have fewer adopted functions",
  },
  managedPolicyCharacters: {
    // The folder of the states stands in the policy twice.
    project: (count) => {
      const names = numbers(5).map((index) => `f${"x".repeat(index < 2 ? 47 : 46)}${index}`);
      const state = { s3: { bucket: "example-state", prefix: "p".repeat(count - 6144 + 25) } };
      return withAdopted(names, { state });
    },
    refused: "releases/dev/environment.json 'github' must have fewer adopted functions",
  },
  roleManagedPolicies: {
    project: (count) =>
      withSettings({
        managedPolicies: numbers(count).map((index) => `arn:aws:iam::111122223333:policy/p${index}`),
      }),
    refused:
      "'settings.managedPolicies' must be at most 10 for function shop; if AWS raised this quota, set 'quotas.roleManagedPolicies'",
  },
  alarmNameCharacters: {
    project: (count) => rollout({ alarms: { own: ["a".repeat(count)] } }),
    refused: "'alarms.own[0]' must be the name of a CloudWatch alarm, 255 characters at most",
  },
  alarmSeconds: {
    project: (count) =>
      rollout({ alarms: { errors: { periodSeconds: 60, evaluationPeriods: Math.ceil(count / 60) } } }),
    refused: "'alarms.errors.evaluationPeriods' must be",
  },
  deploymentGroupAlarms: {
    // Two are the stack's own.
    project: (count) => rollout({ alarms: { own: numbers(count - 2).map((index) => `alarm-${index}`) } }),
    refused: "'alarms' must be at most 10 in all",
  },
  shiftMinutes: {
    project: (count) => rollout({ rollout: { canary: { percent: 10, minutes: count } } }),
    refused: "'rollout.canary.minutes' must be a whole number between 1 and 2880 minutes",
  },
  waitMinutes: {
    project: (count) => containers({ rollout: { waitMinutes: count } }),
    refused: "'rollout.waitMinutes' must be a whole number between 1 and 7200 minutes",
  },
  terminationMinutes: {
    project: (count) => containers({ rollout: { terminationMinutes: count } }),
    refused: "'rollout.terminationMinutes' must be a whole number between 0 and 2880 minutes",
  },
  taskDefinitionBytes: {
    project: (count) => {
      // What the stack adds has 2048 bytes, and the container's other fields 190.
      const rest = count - 2048 - 190;
      return containers(
        {},
        { command: [...numbers(15).map(() => "x".repeat(4093)), "y".repeat((rest - 15 * 4096) % 4096)] },
      );
    },
    refused: "'versions.v1.container' must be at most 63488 bytes",
  },
  targetGroupNameCharacters: {
    project: withContainerService,
    refused: "'strategy' must give target groups names of at most 32 characters",
  },
  healthCheckPathCharacters: {
    project: (count) => containers({ ecs: { healthCheck: { path: `/${"x".repeat(count - 1)}` } } }),
    refused: "'ecs.healthCheck.path' must be a path such as /health",
  },
  securityGroupRules: {
    // Two are the hooks'.
    project: (count) => {
      const ranges = numbers(count - 2).map((index) => `203.0.113.${index}/32`);
      return containers({
        ecs: { listener: { sources: ranges.slice(0, 50), testSources: ranges.slice(50) } },
      });
    },
    refused: "'ecs.listener' must have at most 58 ranges of IPv4",
  },
  bucketNameCharacters: {
    project: (count) =>
      withEnvironment({ state: { s3: { bucket: "b".repeat(count) } } }, { versions: ["v1"] }),
    refused: "'state.s3.bucket' must be the name of an S3 bucket: 3 to 63",
  },
  tags: {
    project: (count) =>
      withEnvironment(
        { tags: Object.fromEntries(numbers(count).map((index) => [`t${index}`, "x"])) },
        { versions: ["v1"] },
      ),
    refused: "'tags' must be at most 50 tags",
  },
  tagNameCharacters: {
    project: (count) => withEnvironment({ tags: { ["t".repeat(count)]: "x" } }, { versions: ["v1"] }),
    refused: `'tags.${"t".repeat(129)}' must be a tag name of 1 to 128`,
  },
  tagValueCharacters: {
    project: (count) => withEnvironment({ tags: { team: "x".repeat(count) } }, { versions: ["v1"] }),
    refused: "'tags.team' must be a tag value of at most 256",
  },
};
