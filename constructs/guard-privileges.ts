import { guardQueueName } from "../src/release/guard";
import { shareParameter } from "../src/release/steps/live-share";
import { stopsParameter } from "../src/release/steps/stops";
import { allow, type Statement } from "./policy-document";
import { guardActions } from "./release-guard";
import { permissionBy, ruleChanges, ruleReads, type TriggerPrivileges } from "./trigger-permissions";

/** What a plan reads of guards. @returns nothing where no release has one */
export function reviewGuards(props: TriggerPrivileges): Statement[] {
  const { used } = props;
  if (used.guards === undefined) return [];
  const { parameters, queues } = resourcesOf(props);
  return [
    allow(["ssm:GetParameter", "ssm:GetParameters", "ssm:ListTagsForResource"], parameters),
    // It knows no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
    allow(["ssm:DescribeParameters"], "*"),
    allow(["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"], queues),
    ...(used.triggers.length > 0 ? [] : [ruleReads(props)]),
  ];
}

/** What a deploy does to them, besides reading. @returns nothing where no release has one */
export function deployGuards(props: TriggerPrivileges): Statement[] {
  const { used, functions } = props;
  if (used.guards === undefined) return [];
  const { parameters, queues } = resourcesOf(props);
  return [
    allow(
      ["ssm:AddTagsToResource", "ssm:DeleteParameter", "ssm:PutParameter", "ssm:RemoveTagsFromResource"],
      parameters,
    ),
    allow(
      ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue"],
      queues,
    ),
    ...(used.triggers.length > 0
      ? []
      : [permissionBy(["events.amazonaws.com"], functions), ruleChanges(props)]),
  ];
}

/**
 * The most that a guard can do. @returns nothing where no release has one
 *
 * @param byGuard the condition that its role is a guard's
 */
export function guardBoundary(
  { target, environment, used: { guards } }: Omit<TriggerPrivileges, "functions">,
  byGuard: object,
): Statement[] {
  if (guards === undefined) return [];
  const { name, region } = environment;
  const { partition, accountId } = target;
  const apis = `arn:${partition}:apigateway:${region}::/restapis/*`;
  const functions = [`*-${name}`, `*-${name}:*`, `*-${name}-*`, ...guards.adoptedFunctions].map(
    (one) => `arn:${partition}:lambda:${region}:${accountId}:function:${one}`,
  );
  const { alarms, counts, parameters: recorded, readApi, moveStage, readFunctions, moveAlias } = guardActions;
  const { parameters } = resourcesOf({ target, environment });
  return [
    allow([...alarms, ...(guards.topics.length === 0 && !guards.compares ? [] : counts)], "*", byGuard),
    allow(recorded, parameters, byGuard),
    allow(readApi, apis, byGuard),
    allow(moveStage, `${apis}/stages/*`, byGuard),
    allow([...readFunctions, ...moveAlias], functions, byGuard),
    // Those of another region or account: the environment's own are every function's.
    ...(guards.topics.length === 0 ? [] : [allow(["sns:Publish"], guards.topics, byGuard)]),
  ];
}

function resourcesOf({
  target: { partition, accountId },
  environment: { name, region },
}: Pick<TriggerPrivileges, "target" | "environment">) {
  const here = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  return {
    parameters: [stopsParameter, shareParameter].map((named) =>
      here("ssm", `parameter${named(`*-${name}`)}`),
    ),
    queues: here("sqs", guardQueueName(`*-${name}`)),
  };
}
