import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import type { CanaryStageRelease } from "lambda-release/release/strategies/canary-stage";
import { CanaryStageStack } from "lambda-release/stacks/canary-stage-stack";

/** A canary stage with an alarm on the server errors of the whole stage. */
export class AlarmedStack extends CanaryStageStack {
  constructor(scope: Construct, release: CanaryStageRelease) {
    super(scope, release);
    const { name, stage } = release;
    new CloudwatchMetricAlarm(this, "server-errors", {
      alarmName: `${name}-server-errors`,
      namespace: "AWS/ApiGateway",
      metricName: "5XXError",
      dimensions: { ApiName: name, Stage: stage.name },
      statistic: "Sum",
      period: 60,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      treatMissingData: "notBreaching",
    });
  }
}
