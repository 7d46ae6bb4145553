import { readReleases } from "../../src/release/files/file";
import { filesInMemory } from "../support/files-in-memory";
import { type Files, problemsOf } from "../support/project";

const image = (digit: string) => `registry.example.com/shop@sha256:${digit.repeat(64)}`;
const versions = { v1: { container: { image: image("1") } }, v2: { container: { image: image("2") } } };
const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d";
const arn = "arn:aws:lambda:eu-central-1:123456789012:function:end-to-end";

const inVirginia = (ofFrankfurt: string) => ofFrankfurt.replace("eu-central-1", "us-east-1");

function project(release: object, files: Files = {}): Files {
  return {
    "releases/dev/environment.json": { region: "eu-central-1" },
    "lambdas/hooks/ask.ts": "export const handler = async () => {};\n",
    "releases/dev/shop.json": { strategy: "ecs-blue-green", versions, stable: "v1", ...release },
    ...files,
  };
}

/** The problems of a shop, without the place that each line begins with. */
function lines(release: object, files: Files = {}): string[] {
  return problemsOf(project(release, files)).map((line) =>
    line.replace(/^releases\/dev\/shop\.json(:\d+:\d+)? /, ""),
  );
}

const sized = (cpu: number, memoryMb: number) => ({
  versions: { v1: { container: { image: image("1"), cpu, memoryMb } } },
});
const network = {
  vpcId: "vpc-1",
  loadBalancerSubnetIds: ["subnet-1", "subnet-2"],
  taskSubnetIds: ["subnet-3"],
};

const ranges = (count: number) => Array.from({ length: count }, (_, index) => `198.51.100.${index}/32`);

test.each([
  {},
  { canary: { version: "v2", since: "2026-11-21T10:00:00Z" } },
  ...["Canary10Percent5Minutes", "Canary10Percent15Minutes", "AllAtOnce"].map((name) => ({
    rollout: { config: `ECS${name}` },
  })),
  { rollout: { config: "ECSLinear10PercentEvery1Minutes", waitMinutes: 7200, terminationMinutes: 2880 } },
  { rollout: { config: "ECSLinear10PercentEvery3Minutes", terminationMinutes: 0 } },
  { rollout: { linear: { percent: 25, minutes: 7 } } },
  { hooks: { afterAllowTestTraffic: "ask", timeoutSeconds: 300 } },
  { hooks: { afterInstall: arn, afterAllowTestTraffic: arn, beforeTraffic: "ask", afterTraffic: arn } },
  { ecs: { network, listener: { certificateArn, testSources: ["10.0.0.0/8"] } } },
  { ecs: { network } },
  { ecs: { network: { ...network, internal: true } }, hooks: { afterAllowTestTraffic: "ask" } },
  {
    ecs: { network, listener: { testSources: ["203.0.113.7/32"] } },
    hooks: { afterAllowTestTraffic: "ask" },
  },
  { alarms: { latency: { p95Ms: 300 }, own: ["a", "b", "c", "d", "e", "f"] } },
  { ecs: { listener: { port: 8000, testPort: 9000 }, healthCheck: { path: "/health?deep=1" } } },
  { alarms: { errors: { threshold: 5 }, latency: { p95Ms: 300 } } },
  { versions: { v1: { container: { image: image("1"), command: ["run", "-e", "a", "-e", "b"] } } } },
  sized(256, 512),
  sized(256, 2048),
  sized(1024, 8192),
  sized(8192, 20480),
  sized(16384, 122880),
])("%j is valid", (release) => {
  expect(lines(release)).toEqual([]);
});

const ofFunctions = "canary-stage, alias-canary-stage, weighted-alias, blue-green-stage, codedeploy-alias";

test.each<[object, string[]]>([
  [
    { versions: { v1: { container: { image: "shop:latest" } } } },
    [
      `'versions.v1.container.image' must be a container image by its digest, <registry>/<repository>@sha256:<64 hexadecimal digits>, because a tag can be moved to another image, got "shop:latest"`,
    ],
  ],
  [
    { versions: ["v1"] },
    [`'versions[0]' must have its image, "versions": { "v1": { "container": { "image": "..." } } }`],
  ],
  [
    { versions: { 1: { container: { image: image("1") } } }, stable: 1 },
    [
      "'versions.1' must be a name and not digits alone, such as v1 or 1.2.3: each version has a container of its own, got 1",
      "'stable' must be a name and not digits alone, such as v1 or 1.2.3: each version has a container of its own, got 1",
    ],
  ],
  [
    { versions: { v1: { container: { image: image("1"), command: [], environment: { A: 1 } } } } },
    [
      "'versions.v1.container.command' must be a list of 1 to 100 words, got []",
      "'versions.v1.container.environment.A' must be text of at most 4096 characters, none of them NUL, got 1",
    ],
  ],
  [
    { versions: { v1: { container: { image: image("1"), command: Array(17).fill("x".repeat(4000)) } } } },
    [expect.stringMatching(/^'versions.v1.container' must be at most 63488 bytes as JSON.*, got 68\d{3}$/)],
  ],
  [
    sized(256, 4096),
    [
      "'versions.v1.container.memoryMb' must be a size that Fargate offers for 256 CPU units: 512, 1024 to 2048 MB in steps of 1024, got 4096",
    ],
  ],
  [
    sized(8192, 17408),
    [
      "'versions.v1.container.memoryMb' must be a size that Fargate offers for 8192 CPU units: 16384 to 61440 MB in steps of 4096, got 17408",
    ],
  ],
  [
    { api: { routes: [{ path: "/" }] } },
    [`'api' must not be given with ecs-blue-green: it belongs to ${ofFunctions}`],
  ],
  [
    { stage: { tracing: true } },
    [`'stage' must not be given with ecs-blue-green: it belongs to ${ofFunctions}`],
  ],
  [
    { settings: { memoryMb: 256 } },
    [`'settings' must not be given with ecs-blue-green: it belongs to ${ofFunctions}`],
  ],
  [
    { rollout: { config: "LambdaAllAtOnce" } },
    [
      `'rollout.config' must be a CodeDeploy configuration for ECS with ecs-blue-green, got "LambdaAllAtOnce"`,
    ],
  ],
  ...[
    ["Canary10Percent5Minutes", "ECSCanary10Percent5Minutes"],
    ["AllAtOnce", "ECSAllAtOnce"],
    ["Linear10PercentEvery1Minute", "ECSLinear10PercentEvery1Minutes"],
    ["LambdaLinear10PercentEvery7Minutes", "ECSLinear10PercentEvery1Minutes"],
  ].map(([config, nearest]): [object, string[]] => [
    { rollout: { config } },
    [
      `'rollout.config' must be a CodeDeploy configuration for Lambda or ECS, without "CodeDeployDefault."; the nearest is "${nearest}", got "${config}"`,
    ],
  ]),
  [
    { rollout: { config: "ECSLinear10PercentEvery1Minute" } },
    [
      `'rollout.config' must be "ECSLinear10PercentEvery1Minutes": Lambda spells it in the singular, ECS in the plural, got "ECSLinear10PercentEvery1Minute"`,
    ],
  ],
  [
    { rollout: { waitMinutes: 0, terminationMinutes: 2881 } },
    [
      "'rollout.waitMinutes' must be a whole number between 1 and 7200 minutes, got 0",
      "'rollout.terminationMinutes' must be a whole number between 0 and 2880 minutes, got 2881",
    ],
  ],
  [
    { canary: { version: "v2", percent: 10 } },
    [
      "'canary.percent' must not be given with ecs-blue-green: CodeDeploy sets the canary's share, as 'rollout' configures, got 10",
    ],
  ],
  [
    { hooks: { afterInstall: "ask", beforeTraffic: "ask" } },
    [`'hooks.beforeTraffic' must differ from 'afterInstall', got "ask"`],
  ],
  [
    { hooks: { afterInstall: "Nobody" } },
    [
      `'hooks.afterInstall' must be the name of a file in lambdas/hooks/ without its ending, or the ARN of a function, got "Nobody"`,
    ],
  ],
  [
    { ecs: { listener: { testPort: 80 } } },
    ["'ecs.listener.testPort' must differ from 'listener.port', got 80"],
  ],
  [
    { ecs: { network: { ...network, loadBalancerSubnetIds: ["subnet-1"] } } },
    [`'ecs.network.loadBalancerSubnetIds' must be a list of 2 to 16 different subnet ids, got ["subnet-1"]`],
  ],
  [
    { ecs: { network }, hooks: { afterAllowTestTraffic: arn } },
    [
      "'ecs.listener.testSources' must be given where a hook tests in your own network: the addresses of its NAT gateways, which the hook calls from",
    ],
  ],
  [
    { ecs: { listener: { sources: ranges(50), testSources: ranges(9) } } },
    [
      "'ecs.listener' must have at most 58 ranges of IPv4 in 'sources' and 'testSources', because a security group has 60 rules and hooks need two; if AWS raised this quota, set 'quotas.securityGroupRules' in environment.json, got 59",
    ],
  ],
  [
    {
      ecs: {
        listener: {
          sources: ["10.0.0.5/24", "10.0.0.0/24", "203.0.113.7/32", "::/0"],
          testSources: ["2001:db8::/32", "2001:db8::1/64", "0.0.0.1/0", "2001:db8::a00:1/128"],
        },
      },
    },
    [
      `'ecs.listener.sources[0]' must begin with the first address of its range, such as 203.0.113.0/24, got "10.0.0.5/24"`,
      `'ecs.listener.testSources[1]' must begin with the first address of its range, such as 203.0.113.0/24, got "2001:db8::1/64"`,
      `'ecs.listener.testSources[2]' must begin with the first address of its range, such as 203.0.113.0/24, got "0.0.0.1/0"`,
    ],
  ],
  [
    { ecs: { listener: { certificateArn: inVirginia(certificateArn) } } },
    [
      `'ecs.listener.certificateArn' must be a certificate in the load balancer's region, eu-central-1, got "${inVirginia(certificateArn)}"`,
    ],
  ],
  [
    { hooks: { afterInstall: arn, afterTraffic: inVirginia(arn) } },
    [
      `'hooks.afterTraffic' must be a function in the service's region, eu-central-1, got "${inVirginia(arn)}"`,
    ],
  ],
  [
    { alarms: { errors: { on: ["version"] } } },
    [
      `'alarms.errors.on' must not be given with ecs-blue-green: the alarms watch both target groups, because either may have the new version, got ["version"]`,
    ],
  ],
  [
    { alarms: { latency: { p95Ms: 300 }, own: ["a", "b", "c", "d", "e", "f", "g"] } },
    ["'alarms' must be at most 10 in all: CodeDeploy watches no more, got 11"],
  ],
])("%j is refused", (release, expected) => {
  expect(lines(release)).toEqual(expected);
});

test("a hook of containers is none of functions", () => {
  const functions = {
    strategy: "codedeploy-alias",
    versions: [1],
    stable: 1,
    hooks: { afterInstall: "ask" },
  };
  expect(lines(functions, { "lambdas/shop/shop.ts": "export const handler = 1;" })).toEqual([
    "'hooks.afterInstall' must not be given with codedeploy-alias: a function has no test port; use 'beforeTraffic', which runs before any user traffic",
  ]);
});

test("a name that is too long for a target group is refused", () => {
  const { "releases/dev/shop.json": release = "", ...files } = project({});
  const named = { ...files, "releases/dev/a-shop-of-many-more-things.json": release };
  expect(problemsOf(named)).toEqual([
    expect.stringContaining("must give target groups names of at most 32 characters"),
  ]);
});

test.each(["internal-shop", "sg-shop"])(
  "a service %s is refused: AWS keeps the beginning for itself",
  (service) => {
    const { "releases/dev/shop.json": release = "", ...files } = project({});
    expect(problemsOf({ ...files, [`releases/dev/${service}.json`]: release })).toEqual([
      expect.stringContaining("does not begin with internal- or sg-, which AWS reserves"),
    ]);
  },
);

test("two services do not share the family of a task definition", () => {
  const { "releases/dev/shop.json": release = "", ...files } = project({});
  const other = {
    "releases/dev-v1/environment.json": { region: "eu-central-1" },
    "releases/dev-v1/shop.json": release,
    "releases/dev/shop.json": {
      strategy: "ecs-blue-green",
      versions: { "v1-v2": { container: { image: image("1") } } },
      stable: "v1-v2",
    },
  };
  expect(problemsOf({ ...files, ...other })).toEqual([
    expect.stringContaining("must not give the task definition name that releases/dev"),
  ]);
});

test("an environment that GitHub deploys refuses containers, which its roles do not reach", () => {
  const environment = {
    region: "eu-central-1",
    allowedAccountIds: ["123456789012"],
    state: { s3: { bucket: "states" } },
    github: { organization: "example-org", repository: "shop-releases" },
  };
  expect(lines({}, { "releases/dev/environment.json": environment })).toEqual([
    `'strategy' must be another strategy in an environment with 'github': the roles of bootstrap-dev cannot manage containers, their load balancer and network, got "ecs-blue-green"`,
  ]);
});

test("a release has every default", () => {
  const { releases } = readReleases(filesInMemory(project({ canary: { version: "v2" } })));
  expect(releases).toMatchObject([
    {
      name: "shop-dev",
      strategy: "ecs-blue-green",
      stable: { name: "v1", container: { image: image("1"), cpu: 256, memoryMb: 512, environment: {} } },
      canary: { version: { name: "v2" } },
      ecs: { port: 8080, count: 2, listener: { port: 80, testPort: 8080, sources: ["0.0.0.0/0"] } },
      rollout: {
        shift: { kind: "predefined", config: "CodeDeployDefault.ECSCanary10Percent5Minutes" },
        terminationMinutes: 5,
      },
      hooks: {},
      alarms: { errors: { threshold: 1, periodSeconds: 60 } },
    },
  ]);
});

test("a certificate makes both listeners HTTPS, on the ports of that", () => {
  const { releases } = readReleases(filesInMemory(project({ ecs: { listener: { certificateArn } } })));
  expect(releases).toMatchObject([{ ecs: { listener: { port: 443, testPort: 8443 } } }]);
});
