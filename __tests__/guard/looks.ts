import { look } from "../../src/guard/guard";
import { CallTime } from "../../src/live/call-time";
import type { Guarded } from "../../src/release/guarded";
import { noStops, readStops, type Stop } from "../../src/release/steps/stops";
import { type AnsweringEndpoint, accountId, type Table } from "../live/answering-endpoint";
import { now } from "./guard-answers";

/** One look of the guard at the release. */
export const lookAt = (guarded: Guarded, time = now) =>
  look({ accountId, region: "eu-central-1", time: new CallTime() }, guarded, time);

/** The value that the parameter was given last. */
export function recordedStops({ calls }: AnsweringEndpoint): readonly Stop[] {
  const put = calls.findLast(({ name }) => name === "PutParameter");
  return readStops((put?.body as { Value: string } | undefined)?.Value ?? noStops);
}

/** What CloudWatch has counted, in periods. */
export const counted = (all: number[], failed: number[]): Table => ({
  GetMetricData: {
    body: {
      MetricDataResults: [
        { Id: "all0", StatusCode: "Complete", Values: all },
        { Id: "failed0", StatusCode: "Complete", Values: failed },
      ],
    },
  },
});

/** The lines that people were told last. */
export function toldLines({ calls }: AnsweringEndpoint): string[] {
  const sent = calls.findLast(({ name }) => name === "Publish")?.body as Record<string, string>;
  return JSON.parse(sent["Message"] ?? "").default.split("\n");
}

interface MetricQuery {
  readonly MetricStat: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
  };
}

/** The metrics that CloudWatch was asked for, each in one line. */
export function askedMetrics({ calls }: AnsweringEndpoint): string[] {
  const asked = calls.find(({ name }) => name === "GetMetricData")?.body;
  const { MetricDataQueries } = asked as { readonly MetricDataQueries: readonly MetricQuery[] };
  return MetricDataQueries.map(({ MetricStat: { Metric } }) =>
    [
      Metric.Namespace,
      Metric.MetricName,
      ...Metric.Dimensions.map(({ Name, Value }) => `${Name}=${Value}`),
    ].join(" "),
  );
}
