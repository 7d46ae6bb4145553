import { readReleases, readService } from "../../src/release/files/file";
import type { Release } from "../../src/release/release";
import { deployedFunctions } from "../../src/release/release";
import { trafficOf } from "../../src/release/traffic";
import { filesInMemory } from "../support/files-in-memory";
import { type Files, handler, problemsOf } from "../support/project";

const hook = "export const handler = async () => {};\n";

function project(release: object, files: Files = {}): Files {
  return {
    "releases/dev/environment.json": { region: "eu-central-1" },
    "lambdas/shop/shop.ts": handler("1"),
    "lambdas/hooks/ask.ts": hook,
    "releases/dev/shop.json": { strategy: "codedeploy-alias", versions: [1, 2, 3], stable: 1, ...release },
    ...files,
  };
}

/** The problems of a shop, without the place that each line begins with. */
function lines(release: object, files: Files = {}): string[] {
  return problemsOf(project(release, files)).map((line) =>
    line.replace(/^releases\/dev\/shop\.json(:\d+:\d+)? /, ""),
  );
}

const configs = [
  "LambdaCanary10Percent5Minutes",
  "LambdaCanary10Percent10Minutes",
  "LambdaCanary10Percent15Minutes",
  "LambdaCanary10Percent30Minutes",
  "LambdaLinear10PercentEvery1Minute",
  "LambdaLinear10PercentEvery2Minutes",
  "LambdaLinear10PercentEvery3Minutes",
  "LambdaLinear10PercentEvery10Minutes",
  "LambdaAllAtOnce",
];

test.each([
  {},
  { canary: { version: 2 } },
  { canary: { version: 2, since: "2026-11-21T10:00:00Z" }, former: 3 },
  { preview: { version: 2, sources: ["203.0.113.0/24"] } },
  ...configs.map((config) => ({ rollout: { config } })),
  { rollout: { canary: { percent: 1, minutes: 2880 } } },
  { rollout: { canary: { percent: 99, minutes: 1 } } },
  { rollout: { linear: { percent: 1, minutes: 29 } } },
  { rollout: { linear: { percent: 50, minutes: 2880 } } },
  { rollout: { config: "LambdaAllAtOnce", rollbackOn: [] } },
  { hooks: { beforeTraffic: "ask" } },
  { hooks: { afterTraffic: "ask", timeoutSeconds: 900 } },
  { alarms: { errors: false } },
  { alarms: { errors: { threshold: 5, on: ["version"] }, latency: { p95Ms: 800.5 }, own: ["shop 5xx"] } },
  { alarms: { own: ["a", "b", "c", "d", "e", "f", "g", "h"] } },
  { alarms: { errors: { periodSeconds: 3600, evaluationPeriods: 24, datapointsToAlarm: 2 } } },
])("%j is valid", (release) => {
  expect(lines(release)).toEqual([]);
});

const nearest = (name: string) =>
  `must be a CodeDeploy configuration for Lambda or ECS, without "CodeDeployDefault."; the nearest is "${name}"`;
const plural = `must be "LambdaLinear10PercentEvery1Minute": ECS spells it in the plural, Lambda in the singular`;
const byCodeDeploy = "CodeDeploy sets the canary's share, as 'rollout' configures";
const period = "must be a multiple of 60 between 60 and 86400 seconds";

test.each<[object, string[]]>([
  [
    { canary: { version: 2, percent: 10 } },
    [`'canary.percent' must not be given with codedeploy-alias: ${byCodeDeploy}, got 10`],
  ],
  [{ steps: [{ percent: 10 }] }, [`'steps' must not be given with codedeploy-alias: ${byCodeDeploy}`]],
  [
    { versions: { "1": { provisionedConcurrency: 5 } } },
    [
      "'versions.1.provisionedConcurrency' must not be given with codedeploy-alias: Lambda allows none on an alias that splits its traffic",
    ],
  ],
  ...[
    ["LambdaLinear10PercentEvery1Minutes", plural],
    ["CodeDeployDefault.LambdaLinear10PercentEvery1Minutes", plural],
    ["Linear10PercentEvery1Minutes", plural],
    ["CodeDeployDefault.LambdaAllAtOnce", nearest("LambdaAllAtOnce")],
    // SAM's names.
    ["Canary10Percent30Minutes", nearest("LambdaCanary10Percent30Minutes")],
    ["Canary10Percent5Minutes", nearest("LambdaCanary10Percent5Minutes")],
    ["Canary10Percent15Minutes", nearest("LambdaCanary10Percent15Minutes")],
    ["Linear10PercentEvery3Minutes", nearest("LambdaLinear10PercentEvery3Minutes")],
    ["AllAtOnce", nearest("LambdaAllAtOnce")],
    ["ECSLinear10PercentEvery1Minute", nearest("LambdaLinear10PercentEvery1Minute")],
    ["LambdaLinear10PercentEvery2Minute", nearest("LambdaLinear10PercentEvery2Minutes")],
    [
      "ECSLinear10PercentEvery3Minutes",
      "must be a CodeDeploy configuration for Lambda with codedeploy-alias",
    ],
  ].map(([config, message]): [object, string[]] => [
    { rollout: { config } },
    [`'rollout.config' ${message}, got "${config}"`],
  ]),
  [
    { rollout: { config: "LambdaAllAtOnce", canary: { percent: 10, minutes: 5 } } },
    [`'rollout' must have one of 'config', 'canary' and 'linear', got ["config","canary"]`],
  ],
  [
    { rollout: { canary: { percent: 0, minutes: 2881 } } },
    [
      "'rollout.canary.percent' must be a whole number between 1 and 99 percent, got 0",
      "'rollout.canary.minutes' must be a whole number between 1 and 2880 minutes, got 2881",
    ],
  ],
  [
    { rollout: { linear: { percent: 100 } } },
    [
      "'rollout.linear.minutes' must be given: a whole number between 1 and 2880 minutes",
      "'rollout.linear.percent' must be a whole number between 1 and 99 percent, got 100",
    ],
  ],
  [
    { rollout: { linear: { percent: 1, minutes: 30 } } },
    [
      `'rollout.linear' must take at most 2880 minutes from the first step to the last, but takes 2970, got {"percent":1,"minutes":30}`,
    ],
  ],
  [
    { rollout: { rollbackOn: ["NOPE"] } },
    [
      `'rollout.rollbackOn[0]' must be one of "DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST", got "NOPE"`,
    ],
  ],
  [
    { hooks: { beforeTraffic: "asks" } },
    [
      `'hooks.beforeTraffic' must have its handler in lambdas/hooks/: asks.ts, asks.js or asks.py, got "asks"`,
    ],
  ],
  [
    { hooks: { beforeTraffic: "ask", afterTraffic: "ask" } },
    [`'hooks.afterTraffic' must differ from 'beforeTraffic', got "ask"`],
  ],
  [{ alarms: { errors: { periodSeconds: 90 } } }, [`'alarms.errors.periodSeconds' ${period}, got 90`]],
  [
    { alarms: { errors: { datapointsToAlarm: 2 } } },
    ["'alarms.errors.datapointsToAlarm' must be at most 'evaluationPeriods', 1, got 2"],
  ],
  [
    { alarms: { latency: { p95Ms: 1, periodSeconds: 3600, evaluationPeriods: 25 } } },
    [
      "'alarms.latency.evaluationPeriods' must be at most 24 with periods of 3600 seconds: an alarm looks back a day at most, got 25",
    ],
  ],
  [{ alarms: { errors: true } }, ["'alarms.errors' must be false or an object, got true"]],
  [
    { alarms: { errors: { on: [] } } },
    ["'alarms.errors.on' must be a list of 1 to 2 different scopes, got []"],
  ],
  [{ alarms: { latency: {} } }, ["'alarms.latency.p95Ms' must be given: a number between 1 and 900000 ms"]],
  [
    { alarms: { latency: { p95Ms: 800 }, own: ["a", "b", "c", "d", "e", "f", "g"] } },
    ["'alarms' must be at most 10 in all: CodeDeploy watches no more, got 11"],
  ],
])("%j is refused", (release, expected) => {
  expect(lines(release).sort()).toEqual([...expected].sort());
});

test.each(["canary-stage", "alias-canary-stage"])(
  "%s has no alias for all that an alarm could look at",
  (strategy) => {
    const versions = strategy === "canary-stage" ? { versions: ["v1"], stable: "v1" } : {};
    const files = { "lambdas/shop/v1/shop.ts": handler("v1") };
    expect(lines({ strategy, ...versions, alarms: { errors: { on: ["alias"] } } }, files)).toEqual([
      `'alarms.errors.on' must be ["version"] with ${strategy}, which has no alias that serves all versions, got ["alias"]`,
    ]);
    expect(lines({ strategy, ...versions, alarms: { own: ["shop-5xx"] } }, files)).toEqual([]);
  },
);

test.each([
  ["rollout", "codedeploy-alias, ecs-blue-green"],
  ["hooks", "codedeploy-alias, ecs-blue-green, ecs-native"],
])("'%s' belongs to %s", (field, strategies) => {
  expect(lines({ strategy: "weighted-alias", [field]: {} })).toEqual([
    `'${field}' must not be given with weighted-alias: it belongs to ${strategies}`,
  ]);
});

test("names that AWS would refuse for their length are told beforehand", () => {
  const service = "a-service-whose-name-is-quite-long";
  const environment = "an-environment-too-x";
  const long = {
    [`releases/${environment}/environment.json`]: { region: "eu-central-1" },
    [`lambdas/${service}/${service}.ts`]: handler("1"),
    [`releases/${environment}/${service}.json`]: {
      strategy: "codedeploy-alias",
      versions: [1],
      stable: 1,
      hooks: { beforeTraffic: "ask" },
    },
  };
  expect(lines({}, long).map((line) => line.replace(/^\S+ /, ""))).toEqual([
    `'strategy' must give CodeDeploy's role a name of at most 64 characters, got "CodeDeploy_${service}-${environment}"`,
    `'hooks.beforeTraffic' must give a function name of at most 64 characters, got "CodeDeployHook_${service}-${environment}-ask"`,
  ]);
});

test("a hook is no service's, and each service has its own function of it", () => {
  const files = project({ hooks: { beforeTraffic: "ask" } });
  const { releases } = readReleases(filesInMemory(files));
  expect(releases.flatMap((release) => deployedFunctions(release).map(({ awsName }) => awsName))).toEqual([
    "shop-dev",
    "CodeDeployHook_shop-dev-ask",
  ]);
  const twins = {
    "releases/dev/shop-dev.json": {
      strategy: "codedeploy-alias",
      versions: [1],
      stable: 1,
      hooks: { afterTraffic: "ask" },
    },
    "lambdas/shop-dev/shop-dev.ts": handler("1"),
    "lambdas/hooks/dev-ask.ts": hook,
  };
  expect(problemsOf({ ...project({ hooks: { beforeTraffic: "dev-ask" } }), ...twins })).toEqual([
    'releases/dev/shop.json must not give the function name that releases/dev/shop-dev.json gives; rename one of the services, got "CodeDeployHook_shop-dev-dev-ask"',
  ]);
});

test("stable has everything by the file, whoever is on trial", () => {
  const { release } = readService(filesInMemory(project({ canary: { version: 2 } })), "dev", "shop");
  expect([...trafficOf(release as Release)]).toEqual([
    ["1", 100],
    ["2", 0],
    ["3", 0],
  ]);
});

test("elsewhere a canary without a percent has 10", () => {
  const file = { strategy: "weighted-alias", canary: { version: 2 } };
  const { release } = readService(filesInMemory(project(file)), "dev", "shop");
  expect([...trafficOf(release as Release)]).toEqual([
    ["1", 90],
    ["2", 10],
    ["3", 0],
  ]);
});
