import { noStops, type Stop, withStop } from "../../src/release/stops";
import { type Files, handler, shop } from "../support/project";
import type { AnsweringEndpoint, Answers } from "./answering-endpoint";
import { metrics, type Values } from "./cloudwatch-minutes";
import { deployedShop } from "./deployed-shop";

/** When the canary got its share, by the file; it is live a minute later. */
export const since = "2026-11-27T10:00:00Z";
const live = Date.parse("2026-11-27T10:01:00Z") / 1000;
/** The bake time is over since two minutes and a half. */
export const now = new Date("2026-11-27T11:03:30Z");

export const steps = [
  { percent: 10, bakeMinutes: 60, verdict: "as-good", auto: true },
  { percent: 25, bakeMinutes: 60, auto: true },
  { percent: 50, bakeMinutes: 60 },
];
export const canary = { version: "v2", percent: 10, since };

/** A guarded shop whose canary goes on by itself. */
export function advancingShop(fields: object = {}, files: Files = {}): Files {
  const release = {
    stage: { accessLogs: true },
    guard: {},
    stableSince: "2026-11-20T09:00:00Z",
    canary,
    steps,
  };
  return shop({ ...release, ...fields }, files);
}

export const even: Values = {
  "StableRequests Sum": 5400,
  "CanaryRequests Sum": 600,
  "Stable5xx Sum": 5,
  "Canary5xx Sum": (minute) => (minute % 2 === 0 ? 1 : 0),
  "StableLatency p50": 40,
  "CanaryLatency p50": 41,
  "StableLatency p95": 120,
  "CanaryLatency p95": 131,
};
export const failing: Values = { ...even, "Canary5xx Sum": 12 };
export const rare: Values = {
  ...even,
  "StableRequests Sum": 54,
  "CanaryRequests Sum": 6,
  "Stable5xx Sum": 0,
  "Canary5xx Sum": 0,
};

export const stop: Stop = {
  version: "v2",
  at: "2026-11-27T10:41:07Z",
  by: "guard",
  reason: "alarm shop-dev-v2-errors",
  from: { v1: 90, v2: 10 },
  to: { v1: 100 },
};

interface InAws {
  /** @default 10 */
  readonly percent?: number;
  readonly values?: Values;
  /** The state of every alarm. @default OK */
  readonly alarm?: string;
  readonly stops?: readonly Stop[];
}

/** What AWS answers of it. */
export function awsOfShop(
  aws: AnsweringEndpoint,
  { percent = 10, values = even, alarm = "OK", stops = [] }: InAws = {},
): Record<string, Answers> {
  const states = () => {
    const { AlarmNames = [] } = (aws.calls.at(-1)?.body ?? {}) as { readonly AlarmNames?: readonly string[] };
    const MetricAlarms = AlarmNames.map((AlarmName) => ({
      AlarmName,
      StateValue: alarm,
      StateTransitionedTimestamp: live,
    }));
    return { body: { MetricAlarms } };
  };
  return {
    ...deployedShop({ canary: { percent }, fields: { lastUpdatedDate: live } }),
    GetParameter: { body: { Parameter: { Value: stops.reduce(withStop, noStops) } } },
    DescribeAlarms: states,
    GetMetricData: metrics(aws, values),
  };
}

/** A train of the shop and a billing service like it. @param bill fields of its release that differ */
export function advancingTrain(bill: object = {}, environment: object = {}): Files {
  const files = advancingShop(
    {},
    {
      "releases/dev/environment.json": {
        region: "eu-central-1",
        trains: { checkout: ["shop", "bill"] },
        ...environment,
      },
      "lambdas/bill/v1/bill.ts": handler("v1"),
      "lambdas/bill/v2/bill.ts": handler("v2"),
    },
  );
  return { ...files, "releases/dev/bill.json": { ...(files["releases/dev/shop.json"] as object), ...bill } };
}

/** What AWS answers of both. */
export function awsOfTrain(aws: AnsweringEndpoint, answers?: InAws): Record<string, Answers> {
  const shop = awsOfShop(aws, answers);
  const ofBill = JSON.stringify(
    Object.fromEntries(Object.entries(shop).filter(([name]) => / \/restapis\/abc/.test(name))),
  );
  const items = ["shop", "bill"].map((name) => ({
    id: name === "shop" ? "abc" : "def",
    name: `${name}-dev`,
  }));
  return {
    ...shop,
    ...JSON.parse(ofBill.replaceAll("abc", "def").replaceAll("shop", "bill")),
    "GET /restapis": { body: { item: items } },
  };
}
