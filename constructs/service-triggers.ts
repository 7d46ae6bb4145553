import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { hash } from "../src/release/definition/fingerprint";
import { eventsOfBucket, ownedBuckets } from "../src/release/functions/bucket-events";
import { ruleName, type Trigger, type TriggerOf } from "../src/release/functions/triggers";
import type { AwsTarget } from "./aws-target";
import { outlivesPointers } from "./outlives-pointers";
import type { ServiceFunction } from "./service-function";
import type { VersionAlias } from "./version-alias";

export interface ServiceTriggersProps {
  /** Name of the release: the beginning of the names of its rules. */
  readonly name: string;
  /** Partition and account. */
  readonly target: AwsTarget;
  /** The functions that triggers invoke. */
  readonly invoked: readonly Invoked[];
}

/** A function that triggers invoke. */
export interface Invoked {
  /** Its role reads queues and streams. */
  readonly lambda: ServiceFunction;
  /** The alias that every trigger invokes: it splits them as it splits requests. */
  readonly alias: VersionAlias;
  /** The triggers that invoke it. */
  readonly triggers: readonly Trigger[];
}

/**
 * What invokes a function besides the API. Each names the alias, and none a version: a shift moves the alias and
 * changes nothing here.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html#using-aliases
 */
export class ServiceTriggers extends Construct {
  constructor(scope: Construct, id: string, { invoked, ...shared }: ServiceTriggersProps) {
    super(scope, id);
    const byTrigger = invoked.flatMap(({ triggers, ...one }) =>
      triggers.map((trigger) => ({ trigger, ...one })),
    );
    const permissions = new Map<string, ITerraformDependable>();
    for (const { trigger, ...one } of byTrigger) {
      const { permission } = new InvokingTrigger(this, trigger.name, { ...shared, ...one }, trigger);
      if (permission !== undefined) permissions.set(trigger.name, permission);
    }
    // Under the bucket's name, which no trigger can have: whoever renames a trigger changes it in place.
    for (const [bucket, owned] of ownedBuckets(byTrigger))
      new S3BucketNotification(this, `notifications_${bucket}`, {
        bucket,
        lambdaFunction: owned.map(({ trigger, alias }) => ({
          id: trigger.name,
          lambdaFunctionArn: alias.arn,
          events: [...eventsOfBucket(trigger)],
          filterPrefix: trigger.settings.prefix,
          filterSuffix: trigger.settings.suffix,
        })),
        // S3 asks the function's policy when it is told.
        dependsOn: owned.flatMap(({ trigger }) => permissions.get(trigger.name) ?? []),
      });
  }
}

/** One trigger of a function. */
class InvokingTrigger extends Construct {
  /** What lets a service of AWS invoke the function. @default - Lambda polls the source itself */
  permission?: ITerraformDependable;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: Omit<ServiceTriggersProps, "invoked"> & Omit<Invoked, "triggers">,
    trigger: Trigger,
  ) {
    super(scope, id);
    this.addTrigger(this, trigger);
  }

  private addTrigger(scope: Construct, trigger: Trigger): void {
    switch (trigger.kind) {
      case "queue":
      case "stream":
        this.addMapping(scope, trigger);
        break;
      case "topic":
        this.addSubscription(scope, trigger);
        break;
      case "events":
      case "schedule":
        this.addRule(scope, trigger);
        break;
      default:
        // A bucket has one resource for all its notifications, and may have other readers: by default its owner sets them.
        this.addPermission(scope, trigger, trigger.settings.name, {
          principal: "s3.amazonaws.com",
          sourceArn: `arn:${this.props.target.partition}:s3:::${trigger.settings.name}`,
          sourceAccount: this.props.target.accountId,
        });
    }
  }

  private addMapping(scope: Construct, trigger: TriggerOf<"queue" | "stream">): void {
    const { alias, lambda } = this.props;
    const { arn, batchSize, windowSeconds, filters, reportFailures } = trigger.settings;
    new LambdaEventSourceMapping(scope, "mapping", {
      functionName: alias.arn,
      eventSourceArn: arn,
      batchSize,
      maximumBatchingWindowInSeconds: windowSeconds,
      filterCriteria: filters && { filter: filters.map((one) => ({ pattern: JSON.stringify(one) })) },
      functionResponseTypes: reportFailures ? ["ReportBatchItemFailures"] : undefined,
      ...(trigger.kind === "queue" ? this.renderQueue(trigger) : this.renderStream(trigger)),
      // Lambda reads the source with the function's role as soon as the mapping is there.
      dependsOn: [...lambda.role.prerequisites],
    });
  }

  private renderQueue({ settings: { maxConcurrency } }: TriggerOf<"queue">) {
    return {
      scalingConfig: maxConcurrency === undefined ? undefined : { maximumConcurrency: maxConcurrency },
    };
  }

  private renderStream({ settings }: TriggerOf<"stream">) {
    const { startAt, parallelBatches, maxRetries, maxAgeSeconds, splitOnError, failureArn } = settings;
    return {
      startingPosition: startAt === "oldest" ? "TRIM_HORIZON" : "LATEST",
      parallelizationFactor: parallelBatches,
      maximumRetryAttempts: maxRetries,
      maximumRecordAgeInSeconds: maxAgeSeconds,
      bisectBatchOnFunctionError: splitOnError ? true : undefined,
      destinationConfig: failureArn === undefined ? undefined : { onFailure: { destinationArn: failureArn } },
    };
  }

  private addSubscription(scope: Construct, trigger: TriggerOf<"topic">): void {
    const { arn, filter, filterOn, deadLetterArn } = trigger.settings;
    const permission = this.addPermission(scope, trigger, arn, {
      principal: "sns.amazonaws.com",
      sourceArn: arn,
    });
    new SnsTopicSubscription(scope, "subscription", {
      topicArn: arn,
      protocol: "lambda",
      endpoint: this.props.alias.arn,
      filterPolicy: filter && JSON.stringify(filter),
      filterPolicyScope: filterOn && (filterOn === "body" ? "MessageBody" : "MessageAttributes"),
      redrivePolicy: deadLetterArn && JSON.stringify({ deadLetterTargetArn: deadLetterArn }),
      dependsOn: [permission],
    });
  }

  private addRule(scope: Construct, trigger: TriggerOf<"events" | "schedule">): void {
    const { name, alias } = this.props;
    const { deadLetterArn } = trigger.settings;
    const { bus, input, ...when } = trigger.kind === "events" ? byPattern(trigger) : bySchedule(trigger);
    const rule = new CloudwatchEventRule(scope, "rule", {
      name: ruleName(name, trigger.name),
      eventBusName: bus,
      ...when,
    });
    const permission = this.addPermission(scope, trigger, bus ?? "default", {
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    });
    new CloudwatchEventTarget(scope, "target", {
      rule: rule.name,
      eventBusName: bus,
      targetId: trigger.name,
      arn: alias.arn,
      input,
      deadLetterConfig: deadLetterArn === undefined ? undefined : { arn: deadLetterArn },
      dependsOn: [permission],
    });
  }

  /** @param source names the source in the file: another one has another statement */
  private addPermission(
    scope: Construct,
    { name, kind }: Trigger,
    source: string,
    by: { readonly principal: string; readonly sourceArn: string; readonly sourceAccount?: string },
  ): ITerraformDependable {
    const { lambda, alias } = this.props;
    this.permission = new LambdaPermission(scope, "permission", {
      // A statement cannot be changed, and the next one is made before it is deleted: each source has its own.
      statementId: `AllowTrigger-${name}-${hash([kind, source])}`,
      action: "lambda:InvokeFunction",
      functionName: lambda.functionName,
      qualifier: alias.name,
      ...by,
      lifecycle: outlivesPointers,
    });
    return this.permission;
  }
}

function byPattern({ settings: { pattern, bus } }: TriggerOf<"events">) {
  return { bus, input: undefined, eventPattern: JSON.stringify(pattern) };
}

function bySchedule({ settings: { expression, input } }: TriggerOf<"schedule">) {
  return { bus: undefined, input: input && JSON.stringify(input), scheduleExpression: expression };
}
