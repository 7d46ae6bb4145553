import { noStops, type Stop, withStop } from "../../src/release/steps/stops";
import { type Files, handler, shop } from "../support/project";
import type { AnsweringEndpoint, Answers } from "./answering-endpoint";
import { metrics, type Values } from "./cloudwatch-minutes";
import { even, since } from "./compared-hour";
import { deployedShop } from "./deployed-shop";

/** When its share is live, in seconds: a minute after the file gave it. */
const live = Date.parse(since) / 1000 + 60;

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
  /** The state of single alarms, by their names; `missing` of one that is not there. @default - they are like the others */
  readonly alarms?: Readonly<Record<string, string>>;
  /** Whether API Gateway says when the stage was changed. @default true */
  readonly isChangeTold?: boolean;
  readonly stops?: readonly Stop[];
}

/** What AWS answers of it. */
export function awsOfShop(
  aws: AnsweringEndpoint,
  { percent = 10, values = even, alarm = "OK", alarms = {}, isChangeTold = true, stops = [] }: InAws = {},
): Record<string, Answers> {
  const states = () => {
    const { AlarmNames = [] } = (aws.calls.at(-1)?.body ?? {}) as { readonly AlarmNames?: readonly string[] };
    const there = AlarmNames.filter((name) => alarms[name] !== "missing");
    const MetricAlarms = there.map((AlarmName) => ({
      AlarmName,
      StateValue: alarms[AlarmName] ?? alarm,
      StateTransitionedTimestamp: live,
    }));
    return { body: { MetricAlarms } };
  };
  return {
    ...deployedShop({ canary: { percent }, fields: { lastUpdatedDate: isChangeTold ? live : undefined } }),
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
