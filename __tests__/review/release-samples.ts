import { settingsFingerprint } from "../../src/release/functions/function-settings";
import type { Side } from "../../src/review/side";
import { fingerprintOf, plainFingerprint } from "../support/shop";
import { between } from "./between";
import type { Json } from "./field-changes";
import {
  alarms,
  api,
  arn,
  asText,
  built,
  byRole,
  container,
  image,
  judgement,
  numbered,
  numbersOf,
  ofTwo,
  requests,
  settings,
  since,
  source,
  sources,
  stage,
  stageOfRoot,
  stored,
  triggers,
  verdict,
} from "./sample-fields";

interface Sample {
  readonly name: string;
  readonly file: Json;
  /** What makes a move of traffic of it. */
  readonly move: Json;
  /** Fields that have their default. @default - those that have it in every other sample */
  readonly givenAsDefault?: readonly string[];
}

const recorded = (() => {
  const plain = { strategy: "canary-stage", versions: ["v1"], stable: "v1" };
  const { functions } = between(plain, plain).base as Side;
  return settingsFingerprint(functions.get("v1") ?? []);
})();

export const samples: readonly Sample[] = [
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
        verdict: true,
        topics: [source("sns", "releases-one")],
      },
      canary: { version: "v2", percent: 20, since, hold: { why: "sample", since } },
      steps: [
        { percent: 20, bakeMinutes: 30, auto: true },
        { percent: 50, bakeMinutes: 60, verdict: "as-good" },
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
      verdict,
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
      verdict: { leastRequests: 500, latency: { slowerPercent: 30 } },
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
      verdict: { leastRequests: 500 },
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
