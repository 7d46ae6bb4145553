import type { Answer, AnsweringEndpoint, Answers } from "./answering-endpoint";

interface Query {
  readonly Id: string;
  readonly MetricStat: {
    readonly Stat: string;
    readonly Metric: {
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
  };
}

export interface Asked {
  readonly StartTime: number;
  readonly EndTime: number;
  readonly MetricDataQueries: readonly Query[];
}

/** What CloudWatch says of each minute, by metric and statistic: `Canary5xx Sum`; or `green RequestCount Sum`. */
export type Values = Readonly<Record<string, number | ((minute: number) => number | undefined)>>;

/** What CloudWatch was asked last. */
export const asked = (aws: AnsweringEndpoint) => aws.calls.at(-1)?.body as Asked;

/** CloudWatch as the SDK asks it: it answers for the queries and the time that it is given, newest first. */
export function metrics(aws: AnsweringEndpoint, values: Values): Answers {
  return (): Answer => ({ body: minutesFor(asked(aws), values) });
}

/** What it says to a question. The values of a target group have its name before them. */
export function minutesFor({ StartTime, EndTime, MetricDataQueries }: Asked, values: Values): object {
  const MetricDataResults = MetricDataQueries.map(({ Id, MetricStat }) => {
    const { Metric, Stat } = MetricStat;
    const [, group] = /^targetgroup\/(.+)\/\w+$/.exec(dimension(Metric, "TargetGroup") ?? "") ?? [];
    const given = values[[...(group === undefined ? [] : [group]), Metric.MetricName, Stat].join(" ")];
    const points: [number, number][] = [];
    for (let at = EndTime - 60; at >= StartTime; at -= 60) {
      const value = typeof given === "function" ? given((at - StartTime) / 60) : given;
      if (value !== undefined) points.push([at, value]);
    }
    return {
      Id,
      StatusCode: "Complete",
      Timestamps: points.map(([at]) => at),
      Values: points.map(([, one]) => one),
    };
  });
  return { MetricDataResults };
}

export function dimension({ Dimensions }: Query["MetricStat"]["Metric"], name: string): string | undefined {
  return Dimensions.find(({ Name }) => Name === name)?.Value;
}
