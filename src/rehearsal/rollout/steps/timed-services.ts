import { json } from "../../loopback";
import { seriesOf, statistic } from "../metrics";
import type { AwsService } from "./aws-server";

/** API Gateway that also says when a stage was changed. @param changedAt by the stage's address */
export function stageTimes(
  apiGateway: AwsService,
  changedAt: (address: string) => Date | undefined,
): AwsService {
  return (call, stack) => {
    const answer = apiGateway(call, stack);
    const [, stageName] = /^GET \/restapis\/[^/]+\/stages\/([^/]+)$/.exec(call.name) ?? [];
    if (answer?.status !== 200 || stageName === undefined) return answer;
    const stage = stack.state
      .ofType("aws_api_gateway_stage")
      .find(({ attributes }) => attributes["stage_name"] === stageName);
    const at = stage && changedAt(stage.address);
    return json({ ...JSON.parse(String(answer.body)), lastUpdatedDate: at && at.getTime() / 1000 });
  };
}

/** Which minutes CloudWatch tells, and what of them. */
export interface ToldMinutes {
  /** The one that is counted, since 1970. */
  readonly minute: number;
  /** How many minutes it tells them late. @default 0 */
  readonly lateMinutes?: number;
  /** Whether it tells no percentiles: where times are those of this machine, they say nothing of AWS. @default false */
  readonly withoutPercentiles?: boolean;
}

/** Times in seconds. */
interface MetricDataInput {
  readonly StartTime: number;
  readonly EndTime: number;
  readonly MetricDataQueries: readonly {
    readonly Id: string;
    readonly MetricStat: {
      readonly Stat: string;
      readonly Metric: {
        readonly Namespace: string;
        readonly MetricName: string;
        readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
      };
    };
  }[];
}

/**
 * Values minute by minute, the newest first.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 *
 * @param now the minute that is counted, since 1970, and what is told of it
 */
export function minuteData(now: () => ToldMinutes): AwsService {
  return ({ name, input }, { metrics }) => {
    if (name !== "GetMetricData") return undefined;
    const { StartTime, EndTime, MetricDataQueries } = input as unknown as MetricDataInput;
    const { minute, lateMinutes = 0, withoutPercentiles = false } = now();
    const first = Math.floor(StartTime / 60);
    const last = Math.min(Math.ceil(EndTime / 60) - 1, minute - lateMinutes);
    const MetricDataResults = MetricDataQueries.map(({ Id, MetricStat: { Metric, Stat } }) => {
      const dimensions = Object.fromEntries((Metric.Dimensions ?? []).map((one) => [one.Name, one.Value]));
      const series = seriesOf(Metric.Namespace, Metric.MetricName, dimensions);
      const [Timestamps, Values]: [number[], number[]] = [[], []];
      const isTold = !withoutPercentiles || !Stat.startsWith("p");
      for (let at = last; isTold && at >= first; at--) {
        const value = statistic(Stat, metrics.window(series, 1, minute - at - 1));
        if (value === undefined) continue;
        Timestamps.push(at * 60);
        Values.push(value);
      }
      return { Id, StatusCode: "Complete", Timestamps, Values };
    });
    return json({ MetricDataResults });
  };
}
