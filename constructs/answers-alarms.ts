import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmMetricQuery,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Metric } from "../src/release/alarms/access-metrics";
import { answersAlarmName } from "../src/release/alarms/alarm-names";
import type { AnswersScope } from "../src/release/alarms/alarm-scopes";
import type { AnswersAlarmSettings } from "../src/release/alarms/alarm-settings";

/** Whose answers are counted: how many requests there were, and how many answers of 500 and above. */
export interface CountedAnswers {
  /** Counts all answers. */
  readonly requests: Metric;
  /** Counts answers of 500 and above. */
  readonly failed: Metric;
}

export interface AnswersAlarmProps {
  /** Name of the release, which names the alarm. */
  readonly name: string;
  /** Whose answers they are. */
  readonly scope: AnswersScope;
  /** What is too much, and for how long. */
  readonly settings: AnswersAlarmSettings;
  /** The answers. */
  readonly answers: CountedAnswers;
  /** Stable's, where a canary's are compared with them. @default - nothing is compared */
  readonly stable?: CountedAnswers;
  /**
   * Invocations of the version on trial, of each of its functions: without one in a period, all is good.
   * @default - `answers` are its own
   */
  readonly onlyWhile?: readonly Metric[];
}

/**
 * The alarm on answers of 500 and above. It judges one metric where that is enough, and else the result of metric math.
 * Without data the result has none, and the period is missing: `treat_missing_data` says what it counts as.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export class AnswersAlarm extends Construct {
  /** Its name, known when it is there. */
  readonly name: string;
  /** Its ARN. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: AnswersAlarmProps) {
    super(scope, id);
    const { settings } = props;
    const alarm = new CloudwatchMetricAlarm(this, "Resource", {
      alarmName: answersAlarmName(props.name, props.scope),
      ...this.judged(props),
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: settings.limit.threshold,
      evaluationPeriods: settings.evaluationPeriods,
      datapointsToAlarm: settings.datapointsToAlarm,
      treatMissingData: settings.treatMissingData,
    });
    this.name = alarm.alarmName;
    this.arn = alarm.arn;
  }

  private judged({ settings, answers, stable, onlyWhile = [] }: AnswersAlarmProps) {
    const { limit, periodSeconds: period } = settings;
    if (limit.by === "count" && onlyWhile.length === 0) {
      const { namespace, metricName, dimensions } = answers.failed;
      const own = Object.keys(dimensions).length > 0 ? { ...dimensions } : undefined;
      return { namespace, metricName, dimensions: own, statistic: "Sum", period };
    }
    const sums: Readonly<Record<string, Metric | undefined>> = {
      failed: answers.failed,
      requests: limit.by === "count" ? undefined : answers.requests,
      stable_failed: stable?.failed,
      stable_requests: stable?.requests,
      ...Object.fromEntries(trialIds(onlyWhile).map((one, index) => [one, onlyWhile[index]])),
    };
    const metricQuery = Object.entries(sums).flatMap(([id, metric]): CloudwatchMetricAlarmMetricQuery[] =>
      metric === undefined ? [] : [sumOf(id, metric, period)],
    );
    return { metricQuery: [expression(limit, trialIds(onlyWhile)), ...metricQuery] };
  }
}

function trialIds(metrics: readonly Metric[]): readonly string[] {
  return metrics.length > 1 ? metrics.map((_, index) => `trial_${index + 1}`) : metrics.map(() => "trial");
}

/** A function without a call has no data, which would leave the sum of several without any. */
function isInvoked(trial: readonly string[]): string[] {
  if (trial.length > 1) return [`(${trial.map((one) => `FILL(${one}, 0)`).join(" + ")}) > 0`];
  return trial.map((one) => `${one} > 0`);
}

/** `IF(requests >= 20, 100 * failed / requests, 0)`: 1 of 15 is 0, and 3 of 60 is 5. */
function expression(
  limit: AnswersAlarmSettings["limit"],
  trial: readonly string[],
): CloudwatchMetricAlarmMetricQuery {
  const rate = "100 * failed / requests";
  const judged = {
    count: "failed",
    percent: rate,
    "points above stable": `${rate} - 100 * stable_failed / stable_requests`,
  }[limit.by];
  const conditions = [
    ...isInvoked(trial),
    ...("leastRequests" in limit ? [`requests >= ${limit.leastRequests}`] : []),
  ];
  const label = {
    count: "answers of 500 and above",
    percent: "percent of answers",
    "points above stable": "percentage points above stable",
  }[limit.by];
  return {
    id: "answers",
    expression: `IF(${conditions.join(" AND ")}, ${judged}, 0)`,
    label,
    returnData: true,
  };
}

function sumOf(
  id: string,
  { namespace, metricName, dimensions }: Metric,
  period: number,
): CloudwatchMetricAlarmMetricQuery {
  const own = Object.keys(dimensions).length > 0 ? { ...dimensions } : undefined;
  return { id, metric: { namespace, metricName, dimensions: own, stat: "Sum", period } };
}
