import { type Guarded, guardedOf } from "../../src/release/guarded";
import type { FunctionsRelease } from "../../src/release/release";
import { noStops } from "../../src/release/steps/stops";
import { type Answer, accountId, type Table } from "../live/answering-endpoint";
import { functionCall, stageCall } from "../live/live-answers";
import { releaseOf } from "../live/shop-context";
import type { Files } from "../support/shop";

export const topic = `arn:aws:sns:eu-central-1:${accountId}:releases`;
export const parameter = "/lambda-release/shop-dev/stops";
export const [nine, ten] = ["2026-11-27T09:00:00Z", "2026-11-27T10:00:00Z"] as const;
export const now = new Date("2026-11-27T10:00:00.700Z");

/** As the guard's function knows the release, with the API that Terraform names. */
export function guardedBy(files: Files): Guarded {
  const guarded = guardedOf(releaseOf(files) as FunctionsRelease);
  if (guarded === undefined) throw new Error("the release has no guard");
  return { ...guarded, release: { ...guarded.release, adopted: { api: "abc" } } as FunctionsRelease };
}

export const refused = (message = "no"): Answer => ({
  status: 403,
  error: "AccessDeniedException",
  body: { message },
});

/** These alarms are in ALARM since just now, and no other. */
export const alarms = (...names: string[]): Table => ({
  DescribeAlarms: {
    body: {
      MetricAlarms: names.map((AlarmName) => ({
        AlarmName,
        StateValue: "ALARM",
        StateReason: "3 errors",
        StateTransitionedTimestamp: now.getTime() / 1000,
      })),
    },
  },
});

/** The parameter's value. */
export const recorded = (Value: string): Table => ({
  GetParameter: { body: { Parameter: { Name: parameter, Value } } },
});
export const calm: Table = { ...alarms(), ...recorded(noStops) };
export const published: Answer = {
  body: "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>",
};
/** What the guard may call when it has something to do. */
export const writes: Table = {
  PutParameter: { body: { Version: 2 } },
  GetMetricData: { body: { MetricDataResults: [] } },
  Publish: published,
  [`PATCH ${stageCall}`]: { body: {} },
  [`PUT ${functionCall}/aliases/live`]: { body: {} },
};
