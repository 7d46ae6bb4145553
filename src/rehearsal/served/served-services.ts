import { seriesOf, statistic } from "../rollout/metrics";
import { type AwsService, json } from "../rollout/steps/aws-server";

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export function identity(account: string): AwsService {
  return ({ name }, { state }) => {
    if (name !== "GetCallerIdentity") return undefined;
    const [allowed] = state.place.allowedAccounts;
    const body = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>${allowed ?? account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
    return { status: 200, headers: { "content-type": "text/xml" }, body };
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_GetRestApis.html */
export const restApis: AwsService = ({ name }, { state }) => {
  if (name !== "GET /restapis") return undefined;
  const item = state
    .ofType("aws_api_gateway_rest_api")
    .map(({ attributes }) => ({ id: attributes["id"], name: attributes["name"] }));
  return json({ item });
};

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
 * @param now the minute that is counted, since 1970
 */
export function minuteData(now: () => { readonly minute: number }): AwsService {
  return ({ name, input }, { metrics }) => {
    if (name !== "GetMetricData") return undefined;
    const { StartTime, EndTime, MetricDataQueries } = input as unknown as MetricDataInput;
    const { minute } = now();
    const [first, last] = [Math.floor(StartTime / 60), Math.min(Math.ceil(EndTime / 60) - 1, minute)];
    const MetricDataResults = MetricDataQueries.map(({ Id, MetricStat: { Metric, Stat } }) => {
      const dimensions = Object.fromEntries((Metric.Dimensions ?? []).map((one) => [one.Name, one.Value]));
      const series = seriesOf(Metric.Namespace, Metric.MetricName, dimensions);
      const [Timestamps, Values]: [number[], number[]] = [[], []];
      for (let at = last; at >= first; at--) {
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
