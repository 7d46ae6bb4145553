import { serviceOf } from "../src/release/aws/arn";
import { ownedBuckets } from "../src/release/functions/bucket-events";
import { executionActions } from "../src/release/functions/execution-actions";
import { sourceArnOf, type Trigger } from "../src/release/functions/triggers";
import type { UsedResources } from "../src/release/used-resources";
import type { AwsTarget } from "./aws-target";
import { allow, type Statement } from "./policy-document";

/** What a function's role does with what Lambda polls, by the service that an ARN names. */
const pollActions: Readonly<Record<string, readonly string[]>> = {
  // https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
  sqs: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
  // https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
  dynamodb: [
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
  ],
  // https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
  kinesis: [
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
  ],
};

/** What Lambda needs of a function's role to poll its queues and streams: a statement for each service. */
export function pollStatements(triggers: readonly Trigger[]): Statement[] {
  const polled = triggers.filter(({ kind }) => kind === "queue" || kind === "stream");
  return Object.entries(pollActions).flatMap(([service, actions]) =>
    allowing(
      actions,
      polled.flatMap((trigger) => sourceArnOf(trigger) ?? []).filter((arn) => serviceOf(arn) === service),
    ),
  );
}

/** Permissions to send failed batches to their queue or topic. */
export function failureStatements(triggers: readonly Trigger[]): Statement[] {
  const told = triggers.flatMap((one) => (one.kind === "stream" ? (one.settings.failureArn ?? []) : []));
  const { topic, queue } = executionActions;
  const ofService = (service: string) => told.filter((arn) => serviceOf(arn) === service);
  return [...allowing(queue, ofService("sqs")), ...allowing(topic, ofService("sns"))];
}

function allowing(actions: readonly string[], arns: readonly string[]): Statement[] {
  return arns.length === 0 ? [] : [allow(actions, [...new Set(arns)].sort())];
}

export interface TriggerPrivileges {
  /** Partition, region and account of the environment. */
  readonly target: AwsTarget;
  /** The resources that the environment's releases name. */
  readonly used: UsedResources;
  /** ARNs of the environment's functions. */
  readonly functions: readonly string[];
  /** Name and region of the environment. */
  readonly environment: { readonly name: string; readonly region: string };
}

/** What a plan reads of triggers. @returns nothing where no release has one */
export function reviewTriggers({ used, ...props }: TriggerPrivileges): Statement[] {
  if (used.triggers.length === 0) return [];
  const { mappings } = resourcesOf(props);
  return [
    allow(["lambda:GetEventSourceMapping", "lambda:ListTags"], mappings),
    ruleReads(props),
    // SNS knows no resource of a subscription.
    allow(["sns:GetSubscriptionAttributes"], "*"),
    ...allowing(["s3:GetBucketNotification"], bucketsOf(props, used)),
  ];
}

/** What a deploy does to them, besides reading. @returns nothing where no release has one */
export function deployTriggers({ used, functions, ...props }: TriggerPrivileges): Statement[] {
  if (used.triggers.length === 0) return [];
  const { mappings } = resourcesOf(props);
  const ofFunctions = { ArnLike: { "lambda:FunctionArn": functions } };
  const topics = used.triggers.flatMap((one) => (one.kind === "topic" ? one.settings.arn : []));
  return [
    allow(
      [
        "lambda:CreateEventSourceMapping",
        "lambda:DeleteEventSourceMapping",
        "lambda:UpdateEventSourceMapping",
      ],
      "*",
      ofFunctions,
    ),
    allow(["lambda:TagResource", "lambda:UntagResource"], mappings),
    permissionBy(["events.amazonaws.com", "s3.amazonaws.com", "sns.amazonaws.com"], functions),
    ruleChanges(props),
    ...allowing(["sns:Subscribe"], topics),
    // SNS knows no resource of a subscription.
    allow(["sns:SetSubscriptionAttributes", "sns:Unsubscribe"], "*"),
    ...allowing(["s3:PutBucketNotification"], bucketsOf(props, used)),
  ];
}

/** ARNs of the buckets whose notifications the stacks set. */
function bucketsOf({ target: { partition } }: RulePrivileges, { triggers }: UsedResources): string[] {
  const owned = ownedBuckets(triggers.map((trigger) => ({ trigger })));
  return [...owned.keys()].map((name) => `arn:${partition}:s3:::${name}`);
}

type RulePrivileges = Pick<TriggerPrivileges, "target" | "environment">;

/** What a plan reads of EventBridge's rules. */
export function ruleReads(props: RulePrivileges): Statement {
  return allow(
    ["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"],
    resourcesOf(props).rules,
  );
}

/** What a deploy does to them, besides reading. */
export function ruleChanges(props: RulePrivileges): Statement {
  return allow(
    [
      "events:DeleteRule",
      "events:PutRule",
      "events:PutTargets",
      "events:RemoveTargets",
      "events:TagResource",
      "events:UntagResource",
    ],
    resourcesOf(props).rules,
  );
}

/** To let services of AWS invoke functions. */
export function permissionBy(principals: readonly string[], functions: readonly string[]): Statement {
  return allow(["lambda:AddPermission"], functions, { StringEquals: { "lambda:Principal": principals } });
}

function resourcesOf({ target: { partition, accountId }, environment: { name, region } }: RulePrivileges) {
  const here = (resource: string) => `arn:${partition}:${resource.replace(":", `:${region}:${accountId}:`)}`;
  return {
    mappings: here("lambda:event-source-mapping:*"),
    // A star stands also for the name of the bus that may stand before the rule's.
    rules: here(`events:rule/*-${name}-*`),
  };
}
