import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Construct } from "constructs";
import { guardedAlarmNames } from "../src/release/alarms/guarded-alarms";
import { guardFunction, guardQueueName, guardRuleName, type guardWakers } from "../src/release/guard";
import type { Guarded } from "../src/release/guarded";
import { type FunctionsRelease, isServedByApi } from "../src/release/release";
import { modelOf } from "../src/release/strategies/strategies";
import type { AwsTarget } from "./aws-target";
import { addGuardAlarms } from "./guard-alarms";
import type { LiveShareRecord } from "./live-share-record";
import { allow, policyDocument, type Statement } from "./policy-document";
import type { RecordedStops } from "./recorded-stops";
import type { ServiceApi } from "./service-api";
import { ServiceFunction } from "./service-function";

export interface ReleaseGuardProps {
  /** The release whose version on trial the guard watches. */
  readonly release: FunctionsRelease;
  /** What the guard's function reads of the release. */
  readonly guarded: Guarded;
  /** Partition, region and account. */
  readonly target: AwsTarget;
  /** The API whose stage it may move. @default - the service has no API */
  readonly api?: ServiceApi;
  /** Where it records what it stopped. */
  readonly stops: RecordedStops;
  /** Where it records since when a share is live. @default - AWS says it of the pointer */
  readonly share?: LiveShareRecord;
}

/** What the guard's role may do, by what it is about. */
export const guardActions = {
  alarms: ["cloudwatch:DescribeAlarms"],
  parameters: ["ssm:GetParameter", "ssm:PutParameter"],
  // It knows no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
  counts: ["cloudwatch:GetMetricData"],
  readApi: ["apigateway:GET"],
  moveStage: ["apigateway:PATCH"],
  readFunctions: ["lambda:GetFunctionConfiguration", "lambda:ListAliases"],
  moveAlias: ["lambda:UpdateAlias"],
} as const;

/**
 * The function that takes a bad version back by itself. The state changes of alarms wake it, and each minute a
 * schedule, for what an event missed.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export class ReleaseGuard extends Construct {
  /** Name of its function in AWS. */
  readonly functionName: string;
  /** Names of the alarms on the guard itself. */
  readonly alarms: readonly string[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ReleaseGuardProps,
  ) {
    super(scope, id);
    const { release, guarded, target, api } = props;
    const deployed = guardFunction(release);
    const { settings } = deployed;
    // An event that failed three times, or that EventBridge could not hand over.
    const queue = new SqsQueue(this, "failed", {
      name: guardQueueName(release.name),
      messageRetentionSeconds: 1_209_600,
    });
    const deadLetterArn = `arn:${target.partition}:sqs:${release.environment.region}:${target.accountId}:${queue.name}`;
    const lambda = new ServiceFunction(
      this,
      "function",
      { ...deployed, settings: { ...settings, deadLetterArn } },
      { environment: api && { API_ID: api.id }, statements: this.renderStatements() },
    );
    this.functionName = lambda.functionName;
    const alarms = { eventPattern: JSON.stringify(alarmPattern(release, guarded)) };
    const rules = [
      this.wake(lambda, deadLetterArn, "alarms", alarms),
      this.wake(lambda, deadLetterArn, "minutes", { scheduleExpression: "rate(1 minute)" }),
    ];
    new SqsQueuePolicy(this, "failed-policy", {
      queueUrl: queue.url,
      policy: policyDocument({
        ...allow(["sqs:SendMessage"], deadLetterArn, { ArnEquals: { "aws:SourceArn": rules } }),
        // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
        Principal: { Service: "events.amazonaws.com" },
      }),
    });
    this.alarms = addGuardAlarms(this, {
      functionName: lambda.functionName,
      name: release.name,
      service: `${release.environment.name}/${release.service}`,
      topics: guarded.guard.topics,
    });
  }

  /** @returns the ARN of the rule */
  private wake(
    { functionName, arn }: ServiceFunction,
    deadLetterArn: string,
    by: (typeof guardWakers)[number],
    rule: { readonly eventPattern?: string; readonly scheduleExpression?: string },
  ): string {
    const scope = new Construct(this, by);
    const { name, arn: sourceArn } = new CloudwatchEventRule(scope, "rule", {
      name: guardRuleName(this.props.release.name, by),
      ...rule,
    });
    new LambdaPermission(scope, "permission", {
      action: "lambda:InvokeFunction",
      functionName,
      principal: "events.amazonaws.com",
      sourceArn,
    });
    new CloudwatchEventTarget(scope, "target", {
      rule: name,
      arn,
      deadLetterConfig: { arn: deadLetterArn },
    });
    return sourceArn;
  }

  private renderStatements(): Statement[] {
    const { release, guarded, target, stops, share } = this.props;
    const { partition, accountId } = target;
    const { region } = release.environment;
    const functionArn = (name: string) => `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
    // With patterns a new version changes nothing here.
    const names = [release.name, ...release.functions.map(({ awsName }) => awsName)].map((name) =>
      name.startsWith(`${release.name}-`) ? `${release.name}-*` : name,
    );
    const functions = [...new Set(names)].map(functionArn);
    const { topics, verdict = false } = guarded.guard;
    return [
      allow(guardActions.alarms, "*"),
      allow(guardActions.parameters, share === undefined ? stops.arn : [stops.arn, share.arn]),
      ...this.renderApiStatements(),
      allow(
        guardActions.readFunctions,
        functions.flatMap((one) => [one, `${one}:*`]),
      ),
      ...(modelOf(release).aliasOf === undefined ? [] : [allow(guardActions.moveAlias, functions)]),
      ...(topics.length === 0 ? [] : [allow(["sns:Publish"], topics)]),
      // It asks for numbers to tell them, or to compare the versions.
      ...(topics.length === 0 && !verdict ? [] : [allow(guardActions.counts, "*")]),
    ];
  }

  private renderApiStatements(): Statement[] {
    const { release, target, api } = this.props;
    if (api === undefined || !isServedByApi(release)) return [];
    const ofApi = `arn:${target.partition}:apigateway:${release.environment.region}::/restapis/${api.id}`;
    return [
      allow(guardActions.readApi, `${ofApi}/*`),
      allow(guardActions.moveStage, `${ofApi}/stages/${release.stage.name}`),
    ];
  }
}

/** Every alarm that the release makes begins with its name: a version that is published changes nothing here. */
function alarmPattern({ name }: FunctionsRelease, { alarms }: Guarded): object {
  const others = guardedAlarmNames(alarms)
    .filter((one) => !one.startsWith(`${name}-`))
    .sort();
  return {
    source: ["aws.cloudwatch"],
    "detail-type": ["CloudWatch Alarm State Change"],
    detail: { alarmName: [{ prefix: `${name}-` }, ...others], state: { value: ["ALARM"] } },
  };
}
