import { z } from "zod";
import { settingsFingerprint } from "../../src/release/function-settings";
import { environmentFile } from "../../src/release/schema/environment";
import { releaseFile } from "../../src/release/schema/release";
import { fileChecks } from "../../src/review/review";
import type { Side } from "../../src/review/side";
import { handler } from "../support/project";
import { fingerprintOf, plainFingerprint } from "../support/shop";
import { between } from "./between";
import { type FieldOf, fieldsOf, type Leaf, leavesOfSchema, withChange } from "./field-changes";

/**
 * Every field of every file is changed, alone and beside a move of traffic, and the review tells each change: no
 * difference of the files goes untold, and no step hides another.
 */

type Json = Record<string, unknown>;

interface Sample {
  readonly name: string;
  readonly file: Json;
  /** What makes a move of traffic of it. */
  readonly move: Json;
  /** Fields that have their default. @default - those that have it in every other sample */
  readonly givenAsDefault?: readonly string[];
}

const digest = (digit: string) => digit.repeat(64);
const image = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:${digest("1")}`;
const since = "2026-11-21T09:30:00Z";
const sources = ["203.0.113.0/24"];
const settings = {
  runtime: "nodejs20.x",
  handler: "shop.handler",
  architecture: "arm64",
  memoryMb: 256,
  timeoutSeconds: 7,
  environment: { TABLE: "one" },
  layers: ["arn:aws:lambda:eu-central-1:123456789012:layer:tools:1"],
  vpc: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] },
  deadLetterArn: "arn:aws:sqs:eu-central-1:123456789012:failed",
  tracing: true,
  logRetentionDays: 30,
  permissions: [
    {
      actions: ["s3:GetObject1"],
      resources: ["arn:aws:s3:::one/*"],
      reason: "it reads the one bucket",
    },
  ],
  managedPolicies: ["arn:aws:iam::123456789012:policy/one"],
  parameters: { PARAMETER: { name: "/shop/one", kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1" } },
  secrets: { SECRET: { name: "shop/one", kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1" } },
  ephemeralStorageMb: 1024,
  reservedConcurrency: 100,
  kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1",
  logging: { format: "json", applicationLevel: "debug", systemLevel: "warn" },
  bundle: {
    external: ["sharp"],
    packages: ["pg"],
    loader: { ".html": "text" },
    sourceMap: true,
    minify: true,
  },
  assets: ["templates/one.html"],
};
const byRole = { roleArn: "arn:aws:iam::123456789012:role/one" };
const source = (service: string, name: string) => `arn:aws:${service}:eu-central-1:123456789012:${name}`;
const polled = {
  batchSize: 20,
  windowSeconds: 5,
  filters: [{ body: ["one"] }],
  reportFailures: true,
};
const triggers = {
  orders: { queue: { arn: source("sqs", "orders"), ...polled, maxConcurrency: 5 } },
  changes: {
    stream: {
      arn: source("kinesis", "stream/changes"),
      startAt: "oldest",
      ...polled,
      parallelBatches: 2,
      maxRetries: 3,
      maxAgeSeconds: 600,
      splitOnError: true,
      failureArn: source("sqs", "failed"),
    },
  },
  news: {
    topic: {
      arn: source("sns", "news"),
      filter: { kind: ["one"] },
      filterOn: "body",
      deadLetterArn: source("sqs", "dead"),
    },
  },
  audit: {
    events: { pattern: { source: ["one"] }, bus: "shop", deadLetterArn: source("sqs", "dead") },
  },
  nightly: {
    schedule: {
      expression: "cron(1 3 * * ? *)",
      input: { kind: "one" },
      deadLetterArn: source("sqs", "dead"),
    },
  },
  uploads: { bucket: { name: "shop-uploads" } },
};
const ofTwo = {
  routes: [
    { path: "/", function: "shop" },
    { path: "/x", function: "shopx" },
  ],
};
const numbersOf = (number: number) => ({
  fingerprint: fingerprintOf(ofTwo),
  lambdaVersions: { shop: number, shopx: number },
});
const built = { runtime: "provided.al2023", code: { path: "build" }, layers: [{ path: "layers/one" }] };
const stored = {
  runtime: "java21",
  handler: "Shop::handle",
  code: { s3: { bucket: "acme-code", key: "shop.jar", versionId: "one" } },
};
const asText = { logging: { format: "text" } };
const api = {
  routes: [
    {
      method: "PUT",
      path: "/one",
      function: "shop",
      authorization: "AWS_IAM",
      apiKey: true,
      timeoutSeconds: 9,
      stream: true,
    },
    {
      path: "/two",
      authorization: {
        cognitoUserPoolArns: ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_1"],
        scopes: ["read"],
      },
    },
    { method: "ANY", path: "/three", authorization: { authorizer: "one" } },
    { path: "/four", authorization: { authorizer: "two" } },
  ],
  authorizers: {
    one: {
      function: "shop",
      type: "TOKEN",
      identitySources: ["method.request.header.X-One"],
      cacheSeconds: 60,
      identityValidation: "^one$",
    },
    two: { type: "REQUEST" },
  },
  cors: {
    allowOrigin: ["https://example.com"],
    preflightOfAny: true,
    allowHeaders: ["X-One"],
    maxAgeSeconds: 60,
  },
  binaryMediaTypes: ["image/png"],
};
const stage = {
  name: "live",
  basePath: "one",
  webAclArn: "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/one/1a",
  clientCertificateId: "a1b2c3",
  variables: { level: "one" },
  throttling: { rateLimit: 20, burstLimit: 10 },
  routeThrottling: { "PUT /one": { rateLimit: 20, burstLimit: 10 } },
  accessLogs: false,
  executionLogs: "errors",
  tracing: true,
  detailedMetrics: true,
  logRetentionDays: 30,
  usagePlans: {
    one: {
      throttling: { rateLimit: 20, burstLimit: 10 },
      quota: { limit: 1000, period: "DAY" },
      keys: ["one"],
      keyIds: ["a1"],
    },
  },
};
/** The same of an API that has no other route. */
const stageOfRoot = { ...stage, routeThrottling: { "GET /": { rateLimit: 20, burstLimit: 10 } } };
const requests = [
  {
    method: "PUT",
    path: "/one",
    body: "{}",
    headers: { "x-one": "one" },
    count: 3,
    expect: { status: 201, bodyContains: "one", p95Ms: 400 },
  },
  { method: "PUT", path: "/one", bodyFile: "one.json" },
];
const judgement = {
  periodSeconds: 120,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  treatMissingData: "ignore",
};
const alarms = (on?: string) => ({
  errors: { threshold: 5, ...judgement, on: on && [on] },
  latency: { p95Ms: 900, ...judgement, on: on && [on] },
  own: ["pager", "one", "two"],
});
const arn = (name: string) => `arn:aws:lambda:eu-central-1:123456789012:function:CodeDeployHook_${name}`;
const numbered = { versions: { 1: {}, 2: {}, 3: {} }, stable: 1, former: 3, api, requests };
const container = (digit: string) => ({
  image: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:${digest(digit)}`,
  cpu: 512,
  memoryMb: 2048,
  architecture: "arm64",
  command: ["serve"],
  environment: { TABLE: "one" },
});

const recorded = (() => {
  const plain = { strategy: "canary-stage", versions: ["v1"], stable: "v1" };
  const { functions } = between(plain, plain).base as Side;
  return settingsFingerprint(functions.get("v1") ?? []);
})();

const samples: readonly Sample[] = [
  {
    name: "canary-stage with a canary",
    file: {
      $schema: "../../schemas/release.schema.json",
      strategy: "canary-stage",
      versions: {
        v1: { fingerprint: plainFingerprint },
        v2: { fingerprint: fingerprintOf(api), settings, functions: { shop: settings } },
        v3: { fingerprint: fingerprintOf(api) },
      },
      stable: "v1",
      stableSince: since,
      former: "v3",
      guard: {
        alarms: ["errors", "one"],
        afterPromotionMinutes: 30,
        topics: [source("sns", "releases-one")],
      },
      canary: { version: "v2", percent: 20, since },
      steps: [
        { percent: 20, bakeMinutes: 30 },
        { percent: 50, bakeMinutes: 60 },
      ],
      preview: { version: "v3", sources, header: { name: "x-one", value: "one", priority: 7 }, since },
      api,
      stage,
      requests,
      alarms: alarms("version"),
    },
    move: { canary: { version: "v2", percent: 50, since: "2026-11-21T11:00:00Z" } },
  },
  {
    name: "canary-stage without one",
    file: {
      strategy: "canary-stage",
      versions: { v1: {}, v2: {} },
      stable: "v1",
      settings,
      functions: { shop: { ...settings, memoryMb: 512 } },
      stage: stageOfRoot,
      adopt: { api: "a1b2c3d4e5", stage: true, basePath: true, functions: { v1: { shop: "shop-handler" } } },
    },
    move: { stable: "v2", former: "v1" },
  },
  {
    name: "canary-stage of an OpenAPI document",
    file: {
      strategy: "canary-stage",
      versions: ["v1", "v2"],
      stable: "v1",
      api: { openapi: "lambdas/shop/openapi.json" },
    },
    move: { stable: "v2" },
  },
  {
    name: "canary-stage with roles of others",
    file: {
      strategy: "canary-stage",
      versions: { v1: {}, v2: { settings: byRole, functions: { shop: byRole } } },
      stable: "v1",
      settings: byRole,
      functions: { shop: byRole },
    },
    move: { stable: "v2", former: "v1" },
  },
  {
    name: "canary-stage with logs as text",
    file: {
      strategy: "canary-stage",
      versions: { v1: {}, v2: { settings: asText, functions: { shop: asText } } },
      stable: "v1",
      settings: asText,
      functions: { shop: asText },
    },
    move: { stable: "v2", former: "v1" },
  },
  ...Object.entries({ "the project": built, S3: stored }).map(([place, elsewhere]) => ({
    name: `canary-stage with code that is built elsewhere, in ${place}`,
    file: {
      strategy: "canary-stage",
      versions: { v1: {}, v2: { settings: elsewhere, functions: { shop: elsewhere } } },
      stable: "v1",
      settings: elsewhere,
      functions: { shop: elsewhere },
    },
    move: { stable: "v2", former: "v1" },
    ...("handler" in elsewhere && { givenAsDefault: [] }),
  })),
  {
    name: "canary-stage that records settings",
    file: {
      strategy: "canary-stage",
      versions: { v1: { settingsFingerprint: recorded }, v2: {} },
      stable: "v1",
    },
    move: { stable: "v2", former: "v1" },
  },
  {
    name: "alias-canary-stage",
    file: {
      strategy: "alias-canary-stage",
      ...numbered,
      versions: {
        1: { provisionedConcurrency: 5, fingerprint: fingerprintOf(api) },
        2: { fingerprint: fingerprintOf(api) },
        3: { fingerprint: fingerprintOf(api) },
      },
      canary: { version: 2, percent: 20, since },
      settings,
      stage,
    },
    move: { stable: 2, former: 1, canary: undefined },
  },
  {
    name: "weighted-alias of an image",
    file: {
      strategy: "weighted-alias",
      versions: [1, 2, 3],
      stable: 1,
      image,
      canary: { version: 2, percent: 20 },
    },
    move: { canary: { version: 2, percent: 50 } },
  },
  {
    name: "weighted-alias in Python",
    file: {
      strategy: "weighted-alias",
      versions: [1, 2],
      stable: 1,
      settings: { runtime: "python3.13", handler: "search.handler", snapStart: true },
    },
    move: { canary: { version: 2 } },
    // Its handler has another name than the function.
    givenAsDefault: [],
  },
  {
    name: "weighted-alias with triggers",
    file: { strategy: "weighted-alias", versions: [1, 2], stable: 1, triggers },
    move: { canary: { version: 2 } },
  },
  {
    name: "weighted-alias of several functions",
    file: {
      strategy: "weighted-alias",
      functions: ["shop", "shopx"],
      api: ofTwo,
      versions: { 1: numbersOf(1), 2: numbersOf(2) },
      stable: 1,
      triggers: { orders: { function: "shop", queue: { arn: source("sqs", "orders") } } },
    },
    move: { canary: { version: 2 } },
    givenAsDefault: [],
  },
  {
    name: "blue-green-stage",
    file: {
      strategy: "blue-green-stage",
      versions: {
        1: { fingerprint: fingerprintOf(api), provisionedConcurrency: 5 },
        2: { fingerprint: fingerprintOf(api) },
        3: { fingerprint: fingerprintOf(api) },
      },
      stable: 1,
      greenAlias: true,
      blue: { version: 2, sources, header: { name: "x-one", value: "one", priority: 7 }, since },
      api,
      stage,
    },
    move: { stable: 2, former: 1, blue: undefined },
  },
  {
    name: "canary-stage whose canary is compared with stable",
    file: {
      strategy: "canary-stage",
      versions: ["v1", "v2"],
      stable: "v1",
      canary: { version: "v2", percent: 20 },
      dashboard: false,
      verdict: {
        smallestDifference: { points: 0.5, relativePercent: 50 },
        falseWorsePercent: 2,
        falseAsGoodPercent: 3,
        leastRequests: 500,
        latency: { slowerPercent: 30 },
        metrics: [
          {
            name: "Basket",
            namespace: "Shop",
            dimensions: { Version: "{version}1" },
            statistic: "p90",
            direction: "lower",
            differencePercent: 25,
          },
        ],
      },
      alarms: {
        errors: false,
        answers: { pointsAboveStable: 2, leastRequests: 50, ...judgement, on: ["canary"] },
      },
    },
    move: { canary: { version: "v2", percent: 50 } },
  },
  {
    name: "blue-green-stage with a share of its answers",
    file: {
      strategy: "blue-green-stage",
      versions: [1, 2],
      stable: 1,
      alarms: { answers: { percent: 5, leastRequests: 50, on: ["stage"] } },
    },
    move: { stable: 2, former: 1 },
  },
  {
    name: "weighted-alias with a count of its answers",
    file: {
      strategy: "weighted-alias",
      versions: [1, 2],
      stable: 1,
      dashboard: false,
      alarms: { answers: { threshold: 5 } },
    },
    move: { canary: { version: 2 } },
  },
  {
    name: "codedeploy-alias",
    file: {
      strategy: "codedeploy-alias",
      versions: [1, 2],
      stable: 1,
      rollout: {
        linear: { percent: 20, minutes: 5 },
        rollbackOn: ["DEPLOYMENT_FAILURE"],
      },
      hooks: { beforeTraffic: arn("one"), afterTraffic: arn("two"), timeoutSeconds: 30 },
      alarms: alarms("alias"),
      stage: stageOfRoot,
    },
    move: { canary: { version: 2 } },
  },
  {
    name: "ecs-blue-green",
    file: {
      strategy: "ecs-blue-green",
      versions: { v1: { container: container("1") }, v2: { container: container("2") } },
      stable: "v1",
      canary: { version: "v2", since },
      rollout: { canary: { percent: 20, minutes: 5 }, waitMinutes: 60, terminationMinutes: 9 },
      hooks: { afterInstall: arn("one"), afterAllowTestTraffic: arn("two") },
      alarms: alarms(),
      ecs: {
        port: 3000,
        count: 3,
        healthCheck: { path: "/health", graceSeconds: 30 },
        listener: {
          port: 444,
          testPort: 9000,
          certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/1a",
          sources,
          testSources: ["198.51.100.0/24"],
        },
        network: {
          vpcId: "vpc-1",
          loadBalancerSubnetIds: ["subnet-1", "subnet-2"],
          taskSubnetIds: ["subnet-3"],
          internal: true,
        },
        logRetentionDays: 30,
      },
    },
    move: { stable: "v2", former: "v1", canary: undefined },
  },
  ...[
    { canary: { percent: 20.5, minutes: 15 }, bakeMinutes: 9 },
    { linear: { percent: 25, minutes: 3 } },
    { allAtOnce: true },
  ].map((deployment) => ({
    name: `ecs-native ${Object.keys(deployment)[0]}`,
    file: {
      strategy: "ecs-native",
      versions: { v1: { container: container("1") }, v2: { container: container("2") } },
      stable: "v1",
      deployment,
      hooks: { afterInstall: arn("one"), afterTraffic: arn("two") },
      alarms: alarms(),
    },
    move: { stable: "v2", former: "v1" },
  })),
  {
    name: "ecs-blue-green by a predefined configuration",
    file: {
      strategy: "ecs-blue-green",
      versions: { v1: { container: container("1") } },
      stable: "v1",
      rollout: { config: "ECSAllAtOnce" },
    },
    move: {},
  },
];

const environment = {
  $schema: "../../schemas/environment.schema.json",
  region: "eu-central-1",
  newRegions: ["eu-central-9"],
  quotas: {
    apiResources: 400,
    apiAuthorizers: 11,
    apiPolicyCharacters: 9000,
    integrationTimeoutMs: 40_000,
    securityGroupRules: 100,
    roleManagedPolicies: 15,
  },
  allowedAccountIds: ["123456789012"],
  state: { s3: { bucket: "state", region: "eu-west-1", prefix: "one" } },
  tags: { team: "one" },
  throttling: { rateLimit: 20, burstLimit: 10 },
  protect: true,
  guard: {
    alarms: ["errors", "answers"],
    afterPromotionMinutes: 30,
    topics: [source("sns", "releases-one")],
  },
  dashboard: false,
  imageRepositories: ["shop"],
  apiGatewayAccount: true,
  github: {
    organization: "example",
    repository: "shop",
    ids: { organization: 1, repository: 2 },
    defaultBranch: "trunk",
    accountHas: ["oidc-provider"],
  },
};

/** Its policies and roles are of any account: another account would have others. */
const environmentWithFunctions = {
  region: "eu-central-1",
  state: { s3: { bucket: "state" } },
  github: {
    organization: "example",
    repository: "shop",
    functions: {
      permissions: [
        { actions: ["s3:GetObject1"], resources: ["arn:aws:s3:::one/*"], reason: "it reads the one bucket" },
      ],
      managedPolicies: ["arn:aws:iam::123456789012:policy/one"],
      roleArns: ["arn:aws:iam::123456789012:role/one"],
    },
  },
};

/** A certificate is in one region: no other region is valid beside it. */
const withDomain = {
  region: "eu-central-1",
  domain: {
    name: "one.example.com",
    certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/1a",
    securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09",
    endpointAccessMode: "BASIC",
    routingRules: true,
    record: { hostedZoneId: "Z1" },
  },
};

const files = {
  // It says what a file without 'api' does.
  "lambdas/shop/openapi.json": {
    openapi: "3.0.3",
    info: { title: "Shop", version: "1" },
    paths: { "/": { get: { responses: {} } } },
  },
  "lambdas/shop/v1/index.ts": handler("v1"),
  "lambdas/shop/v2/index.ts": handler("v2"),
  "lambdas/shop/search.py": "",
  "lambdas/shop/shopx.ts": handler("x"),
};

/** What the samples need of their environment. */
const ofSamplesFile = {
  region: "eu-central-1",
  domain: { name: "api.example.com", existing: true, routingRules: true },
};

/** All that the review says without a plan; nothing where the head is refused before it. */
function told(base: Json, head: Json, beside: { base?: Json; head?: Json } = {}): string | undefined {
  // What the schema refuses needs no review.
  if (!releaseFile.safeParse(head).success) return undefined;
  const { base: own = ofSamplesFile } = beside;
  const environments = { base: own, head: beside.head ?? own };
  const filesOf = (file: Json) => ({ ...files, "releases/dev/environment.json": file });
  try {
    const change = between(base, head, {
      baseFiles: filesOf(environments.base),
      files: filesOf(environments.head),
    });
    const findings = fileChecks.flatMap((check) => check(change));
    return JSON.stringify([
      change.steps.map(({ text, shownBy }) => [text, shownBy]),
      findings.map(({ message }) => message),
    ]);
  } catch {
    return undefined;
  }
}

const nothing = "[[],[]]";
const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: "input", target: "draft-7" });
const releaseLeaves = leavesOfSchema(schemaOf(releaseFile));
const environmentLeaves = leavesOfSchema(schemaOf(environmentFile));
/** It names the schema for editors, and nothing else. */
const isWithoutOutcome = ({ name }: Leaf) => name === "$schema";

/** What is told of another value of a field that is valid, and of none where it may be left out. */
function changesOf(field: FieldOf, tell: (value: unknown) => string | undefined): string[] {
  const isNeeded = ["strategy", "versions", "stable"].includes(String(field.path.at(-1)));
  const other = firstTold(field.others.map((value) => () => tell(value)));
  return [other, isNeeded ? undefined : tell(undefined)].filter((one) => one !== undefined);
}

function firstTold(tries: readonly (() => string | undefined)[]): string | undefined {
  for (const one of tries) {
    const found = one();
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Fields that the samples give the value that they have by default: to leave one out changes nothing. */
const defaults = ["api.openapi", "api.routes[].function", "api.authorizers{}.function", "settings.handler"];

/** Names of fields with another value that is valid in one of the samples. */
const toldOnce = new Set<string>();

const ofSamples = samples.map((sample) => {
  const fields = fieldsOf(sample.file, releaseLeaves).filter(({ leaf }) => !isWithoutOutcome(leaf));
  return { ...sample, fields };
});

test("the samples give every field that a release file may have", () => {
  const given = new Set(
    samples.flatMap(({ file }) => fieldsOf(file, releaseLeaves).map(({ leaf }) => leaf.name)),
  );
  expect(releaseLeaves.map(({ name }) => name).filter((name) => !given.has(name))).toEqual([]);
});

describe.each(ofSamples)("$name", ({ file, move, fields, givenAsDefault = defaults }) => {
  test("is valid, and nothing is told where nothing changes", () => {
    expect(told(file, file)).toBe(nothing);
    expect(told(file, { ...file, ...move })).not.toBeUndefined();
  });

  test("every change of a field is told", () => {
    const found = fields.map((field) => ({
      name: field.leaf.name,
      told: changesOf(field, (value) => told(file, withChange(file, field.path, value))),
    }));
    const untold = found.filter(({ told }) => told.includes(nothing)).map(({ name }) => name);
    const names = fields.map(({ leaf }) => leaf.name);
    expect(untold).toEqual(names.filter((name) => givenAsDefault.includes(name)));
    for (const { name, told } of found) if (told.length > 0) toldOnce.add(name);
  });

  test("no move of traffic hides another change", () => {
    const moved: Json = { ...file, ...move };
    const alone = told(file, moved);
    // What the move itself gives has another value already.
    const others = fields.filter(({ path }) => !(String(path[0]) in move));
    const hidden = others.filter(({ path, others }) => {
      const values = others.map((value) => () => told(file, withChange(moved, path, value)));
      return firstTold(values) === alone;
    });
    expect(hidden.map(({ leaf }) => leaf.name)).toEqual([]);
  });
});

test("every field has another value that a review tells, or one that must agree with it", () => {
  const never = releaseLeaves.map(({ name }) => name).filter((name) => !toldOnce.has(name));
  // A published version's fingerprint refuses another definition before any review.
  expect(never.filter((name) => !name.startsWith("api."))).toEqual(["$schema"]);
});

test("every change of an environment's file is told", () => {
  const fields = [environment, environmentWithFunctions, withDomain].flatMap((sample: Json) =>
    fieldsOf(sample, environmentLeaves)
      .filter(({ leaf }) => sample !== withDomain || leaf.name.startsWith("domain."))
      .map((field) => ({ sample, ...field })),
  );
  const given = new Set(fields.map(({ leaf }) => leaf.name));
  // A domain that is there has no other field but its name.
  expect(environmentLeaves.map(({ name }) => name).filter((name) => !given.has(name))).toEqual([
    "domain.existing",
  ]);
  const release = { strategy: "canary-stage", versions: ["v1", "v2"], stable: "v1" };
  const found = fields
    .filter(({ leaf }) => !isWithoutOutcome(leaf))
    .map(({ sample, ...field }) => ({
      name: field.leaf.name,
      told: changesOf(field, (value) =>
        told(release, release, { base: sample, head: withChange(sample, field.path, value) }),
      ),
    }));
  expect(found.filter(({ told }) => told.length === 0 || told.includes(nothing))).toEqual([]);
});
