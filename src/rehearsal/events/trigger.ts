import { serviceOf } from "../../release/aws/arn";
import { constructIds } from "../../release/construct-ids";
import { accountId } from "../account";
import type { InvocationTarget } from "../lambda/lambda-service";
import { permissionsOf, refusal } from "../lambda/permission";
import type { Applied, AppliedState } from "../terraform/applied-state";
import { nameOfFunction } from "../terraform/resource-types";
import { isOfGuard } from "../triggers";
import { notificationFilters } from "./bucket-notification";
import { checkPattern, type Pattern } from "./pattern";

/** What a trigger's events come from. */
export type SourceKind = "queue" | "kinesis" | "dynamodb" | "topic" | "events" | "schedule" | "bucket";

/** Something that invokes a function, as a stack has it after an apply. */
export interface PlayedTrigger {
  /** As the release file names it. */
  readonly name: string;
  readonly kind: SourceKind;
  /** What it invokes. */
  readonly target: InvocationTarget;
  /** ARN of the queue, stream, topic or rule, or the name of the bucket. */
  readonly source: string;
  /** Most records of an invocation. */
  readonly batchSize: number;
  /** Patterns, one of which a record must match. @default - every record is delivered */
  readonly filters?: readonly Pattern[];
  /** What a topic's filter looks at. @default - it has none */
  readonly filterOn?: "attributes" | "body";
  /** Whether Lambda asks the answer which records failed. */
  readonly reportsFailures: boolean;
  /** What the function gets in place of a scheduled event. @default - EventBridge's own event */
  readonly input?: unknown;
}

type OfKind = Omit<PlayedTrigger, "name" | "target" | "batchSize" | "reportsFailures"> &
  Partial<Pick<PlayedTrigger, "batchSize" | "reportsFailures">>;

/** Every trigger of a stack. @throws where a trigger may not invoke its function, or filters in a way not known here */
export function triggersIn(state: AppliedState): PlayedTrigger[] {
  const rules = state.ofType("aws_cloudwatch_event_rule");
  return [
    ...state
      .ofType("aws_lambda_event_source_mapping")
      .map((one) => triggerOf(one, one.attributes["function_name"], mapping(one))),
    ...state
      .ofType("aws_sns_topic_subscription")
      .filter(({ attributes }) => attributes["protocol"] === "lambda")
      .map((one) => admitted(state, triggerOf(one, one.attributes["endpoint"], subscription(one)), "sns")),
    ...state.ofType("aws_cloudwatch_event_target").flatMap((one) => {
      const rule = rules.find(({ attributes }) => attributes["name"] === one.attributes["rule"]);
      if (rule === undefined || isOfGuard(one.address) || invokedBy(one.attributes["arn"]) === undefined)
        return [];
      const trigger = triggerOf(one, one.attributes["arn"], ofRule(one, rule, state.place));
      return [admitted(state, trigger, "events", String(rule.attributes["arn"]))];
    }),
    ...state
      .ofType("aws_lambda_permission")
      .filter(({ attributes }) => attributes["principal"] === "s3.amazonaws.com")
      .map((one) => ofBucket(one, state)),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function triggerOf(applied: Applied, invoked: unknown, ofKind: OfKind): PlayedTrigger {
  const name = nameOf(applied);
  const target = invokedBy(invoked);
  if (target === undefined)
    throw new Error(`${applied.address}: the rehearsal does not know what it invokes`);
  for (const filter of ofKind.filters ?? []) checkPattern(`trigger ${name}`, filter);
  return { batchSize: 1, reportsFailures: false, ...ofKind, name, target };
}

/** Its address does not tell: cdktf leaves an id out of it that is the end of the one before, such as `s` of `triggers`. */
function nameOf({ address, path = "" }: Pick<Applied, "address" | "path">): string {
  const [kind, name, group] = path.split("/").reverse();
  if (group === constructIds.triggers && name !== undefined && kind !== undefined) return name;
  return (address.split(".")[1] ?? address).replace(/_[0-9A-F]{8}$/, "");
}

/** @returns nothing for what is no function */
export function invokedBy(arn: unknown): InvocationTarget | undefined {
  const [, functionName, qualifier] = /:function:([^:]+)(?::([^:]+))?$/.exec(String(arn)) ?? [];
  return functionName === undefined ? undefined : { functionName, qualifier };
}

function mapping(applied: Applied): OfKind {
  const { address, attributes } = applied;
  const source = String(attributes["event_source_arn"]);
  const service = serviceOf(source);
  if (service !== "sqs" && service !== "kinesis" && service !== "dynamodb")
    throw new Error(`${address}: the rehearsal plays queues and streams, not ${service || "other sources"}`);
  const kind = service === "sqs" ? "queue" : service;
  const [criteria] = [attributes["filter_criteria"] ?? []].flat() as { filter?: { pattern: string }[] }[];
  const filters = criteria?.filter?.map(({ pattern }) => JSON.parse(pattern) as Pattern);
  checkKeys(nameOf(applied), kind, filters);
  const types = (attributes["function_response_types"] ?? []) as string[];
  return {
    kind,
    source,
    filters,
    batchSize: Number(attributes["batch_size"] ?? (kind === "queue" ? 10 : 100)),
    reportsFailures: types.includes("ReportBatchItemFailures"),
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html, and those of streams */
function checkKeys(trigger: string, kind: SourceKind, filters: readonly Pattern[] = []): void {
  const allowed = { queue: ["body"], kinesis: ["data"], dynamodb: undefined }[kind as "queue"];
  const other = filters.flatMap((one) => Object.keys(one)).find((key) => allowed?.includes(key) === false);
  if (other === undefined) return;
  throw new Error(
    `trigger ${trigger}: Lambda filters records of this source by '${allowed?.join("', '")}' alone, not by '${other}'`,
  );
}

function subscription({ attributes }: Applied): OfKind {
  const policy = attributes["filter_policy"];
  return {
    kind: "topic",
    source: String(attributes["topic_arn"]),
    filters: policy === undefined ? undefined : [JSON.parse(String(policy))],
    filterOn: attributes["filter_policy_scope"] === "MessageBody" ? "body" : "attributes",
  };
}

function ofRule(
  target: Applied,
  { attributes }: Applied,
  { partition, region }: AppliedState["place"],
): OfKind {
  const bus = attributes["event_bus_name"];
  const path = [...(bus === undefined ? [] : [bus]), attributes["name"]].join("/");
  const source = `arn:${partition}:events:${region}:${accountId}:rule/${path}`;
  const pattern = attributes["event_pattern"];
  if (pattern !== undefined) return { kind: "events", source, filters: [JSON.parse(String(pattern))] };
  const { input } = target.attributes;
  return { kind: "schedule", source, input: input === undefined ? undefined : JSON.parse(String(input)) };
}

function ofBucket(applied: Applied, state: AppliedState): PlayedTrigger {
  const { attributes } = applied;
  const source = String(attributes["source_arn"]).replace(/^arn:[^:]*:s3:::/, "");
  const target = { functionName: nameOfFunction(attributes), qualifier: attributes["qualifier"] as string };
  const name = nameOf(applied);
  const filters = notificationFilters(state, source, name);
  return { name, kind: "bucket", source, target, batchSize: 1, reportsFailures: false, filters };
}

/** @throws where the resource policy of what is invoked does not admit the source */
function admitted(
  state: AppliedState,
  trigger: PlayedTrigger,
  service: string,
  sourceArn = trigger.source,
): PlayedTrigger {
  const { functionName, qualifier } = trigger.target;
  const caller = { name: service === "sns" ? "SNS" : "EventBridge", principal: `${service}.amazonaws.com` };
  const permissions = permissionsOf(state, functionName);
  const refused = refusal(permissions, functionName, qualifier, sourceArn, caller);
  if (refused !== undefined) throw new Error(`trigger ${trigger.name}: ${refused}`);
  return trigger;
}
