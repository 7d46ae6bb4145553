import { fingerprintOf } from "../support/shop";

const digest = (digit: string) => digit.repeat(64);
export const image = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:${digest("1")}`;
export const since = "2026-11-21T09:30:00Z";
export const sources = ["203.0.113.0/24"];
export const settings = {
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
export const byRole = { roleArn: "arn:aws:iam::123456789012:role/one" };
export const source = (service: string, name: string) =>
  `arn:aws:${service}:eu-central-1:123456789012:${name}`;
const polled = {
  batchSize: 20,
  windowSeconds: 5,
  filters: [{ body: ["one"] }],
  reportFailures: true,
};
export const triggers = {
  orders: { queue: { arn: source("sqs", "orders"), ...polled, maxConcurrency: 5 } },
  changes: {
    stream: {
      arn: source("kinesis", "stream/changes"),
      startAt: "oldest",
      ...polled,
      filters: [{ data: ["one"] }],
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
  removed: { bucket: { name: "shop-removed", owned: true } },
  uploads: {
    bucket: {
      name: "shop-uploads",
      owned: true,
      events: ["s3:ObjectCreated:*"],
      prefix: "in/",
      suffix: ".csv",
    },
  },
};
export const ofTwo = {
  routes: [
    { path: "/", function: "shop" },
    { path: "/x", function: "shopx" },
  ],
};
export const numbersOf = (number: number) => ({
  fingerprint: fingerprintOf(ofTwo),
  lambdaVersions: { shop: number, shopx: number },
});
export const built = {
  runtime: "provided.al2023",
  code: { path: "build" },
  layers: [{ path: "layers/one" }],
};
export const stored = {
  runtime: "java21",
  handler: "Shop::handle",
  code: { s3: { bucket: "acme-code", key: "shop.jar", versionId: "one" } },
};
export const asText = { logging: { format: "text" } };
export const api = {
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
export const stage = {
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
export const stageOfRoot = { ...stage, routeThrottling: { "GET /": { rateLimit: 20, burstLimit: 10 } } };
export const requests = [
  {
    method: "PUT",
    path: "/one",
    body: "{}",
    headers: { "x-one": "one" },
    split: true,
    count: 3,
    expect: { status: 201, bodyContains: "one", p95Ms: 400 },
  },
  { method: "PUT", path: "/one", bodyFile: "one.json" },
];
export const judgement = {
  periodSeconds: 120,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  treatMissingData: "ignore",
};
export const alarms = (on?: string) => ({
  errors: { threshold: 5, ...judgement, on: on && [on] },
  latency: { p95Ms: 900, ...judgement, on: on && [on] },
  own: ["pager", "one", "two"],
});
export const arn = (name: string) =>
  `arn:aws:lambda:eu-central-1:123456789012:function:CodeDeployHook_${name}`;
export const numbered = { versions: { 1: {}, 2: {}, 3: {} }, stable: 1, former: 3, api, requests };
export const container = (digit: string) => ({
  image: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:${digest(digit)}`,
  cpu: 512,
  memoryMb: 2048,
  architecture: "arm64",
  command: ["serve"],
  environment: { TABLE: "one" },
});

/** How a canary is compared: no value is a default. */
export const verdict = {
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
};
