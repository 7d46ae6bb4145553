import { type Files, handler } from "./project";

export const source = (service: string, name: string) =>
  `arn:aws:${service}:eu-central-1:111122223333:${name}`;

/** A trigger of each kind, with what only it has. */
export const oneOfEach = {
  audit: { events: { pattern: { source: ["shop"] }, bus: "shop", deadLetterArn: source("sqs", "dead") } },
  changes: {
    stream: {
      arn: source("dynamodb", "table/orders/stream/2026-11-27T10:00:00.000"),
      startAt: "oldest",
      parallelBatches: 2,
      maxRetries: 3,
      maxAgeSeconds: 600,
      splitOnError: true,
      failureArn: source("sns", "failed"),
    },
  },
  news: { topic: { arn: source("sns", "news"), filter: { kind: ["offer"] }, filterOn: "body" } },
  nightly: { schedule: { expression: "cron(0 3 * * ? *)", input: { task: "clean" } } },
  orders: {
    queue: {
      arn: source("sqs", "orders"),
      batchSize: 100,
      windowSeconds: 5,
      filters: [{ body: { kind: ["new"] } }],
      maxConcurrency: 5,
      reportFailures: true,
    },
  },
  uploads: { bucket: { name: "shop-uploads" } },
};

/** A bucket whose notifications the stack sets. */
export const ownedBucket = (more: object = {}) => ({ bucket: { name: "shop-in", owned: true, ...more } });

/** A project of one function, whose alias serves all users. */
export function shopWithTriggers(release: object, files: Files = {}): Files {
  return {
    "releases/dev/environment.json": { region: "eu-central-1" },
    "releases/dev/shop.json": {
      strategy: "weighted-alias",
      versions: [1, 2],
      stable: 1,
      triggers: oneOfEach,
      ...release,
    },
    "lambdas/shop/shop.ts": handler("1"),
    ...files,
  };
}
