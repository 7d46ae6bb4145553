import { accountOf, regionOf, serviceOf } from "../aws/arn";
import { awsLimits } from "../aws/aws-limits";
import { overlap } from "../functions/bucket-events";
import { cronFault } from "../functions/cron";
import { functionNames } from "../functions/service-functions";
import {
  failureArnOf,
  ruleName,
  sourceArnOf,
  type Trigger,
  triggerKinds,
  triggersOf,
} from "../functions/triggers";
import type { FieldPath } from "../problem";
import type { ReleaseContext } from "../release-context";
import type { Finding } from "./finding";

/** What AWS refuses of triggers, or would do otherwise than the file says. */
export function checkTriggers(context: ReleaseContext): Finding[] {
  const { file } = context;
  const triggers = triggersOf(file.triggers);
  return [
    ...triggers.flatMap((trigger) => invokedFunction(trigger, functionNames(context))),
    ...Object.entries(file.triggers ?? {}).flatMap(([name, trigger]) => {
      const given = triggerKinds.filter((kind) => trigger[kind] !== undefined);
      if (given.length === 1) return [];
      const message = `must have exactly one of ${triggerKinds.join(", ")}`;
      return [
        { field: ["triggers", name], message, value: given.length === 0 ? undefined : given.join(", ") },
      ];
    }),
    ...sharedSources(triggers),
    ...bucketFindings(triggers),
    ...triggers.flatMap((trigger) => [...queueFindings(trigger), ...jsonFindings(trigger)]),
    ...triggers.flatMap((trigger) => [...filterFindings(trigger), ...cronFindings(trigger)]),
  ];
}

function invokedFunction({ name, function: given }: Trigger, names: readonly string[]): Finding[] {
  const field = ["triggers", name, "function"];
  if (given === undefined)
    return names.length > 1 ? [{ field, message: `must be given: one of ${names.join(", ")}` }] : [];
  if (names.includes(given)) return [];
  return [{ field, message: `must be a function of the service (${names.join(", ")})`, value: given }];
}

function fieldOf({ name, kind }: Trigger, ...below: FieldPath): FieldPath {
  return ["triggers", name, kind, ...below];
}

/** One function has one mapping or subscription of a source. */
function sharedSources(triggers: readonly Trigger[]): Finding[] {
  const sourceOf = (trigger: Trigger) =>
    trigger.kind === "bucket" ? trigger.settings.name : sourceArnOf(trigger);
  return triggers.flatMap((trigger, index) => {
    const source = sourceOf(trigger);
    const isOwned = trigger.kind === "bucket" && trigger.settings.owned;
    const other = triggers
      .slice(0, index)
      .find((one) => source !== undefined && sourceOf(one) === source && one.function === trigger.function);
    // Another prefix or event is another notification.
    if (isOwned) return [];
    if (other === undefined) return [];
    const field = fieldOf(trigger, trigger.kind === "bucket" ? "name" : "arn");
    return [{ field, message: `must differ from that of trigger ${other.name}`, value: source }];
  });
}

function bucketFindings(all: readonly Trigger[]): Finding[] {
  const triggers = all.flatMap((trigger) => (trigger.kind === "bucket" ? [trigger] : []));
  return triggers.flatMap((trigger, index) => {
    const { name, owned, ...rest } = trigger.settings;
    const others = triggers.filter((one) => one !== trigger && one.settings.name === name);
    if (owned !== true) {
      const message = "must not be given without 'owned': they are set where the bucket is managed";
      const owner = others.find(({ settings }) => settings.owned);
      return [
        ...Object.entries(rest).flatMap(([field, value]) =>
          value === undefined ? [] : [{ field: fieldOf(trigger, field), message, value }],
        ),
        ...(owner === undefined
          ? []
          : [
              {
                field: fieldOf(trigger, "owned"),
                message: `must be true as that of trigger ${owner.name}: the stack sets all notifications of ${name}`,
                value: owned,
              },
            ]),
      ];
    }
    const other = triggers
      .slice(0, index)
      .find((one) => others.includes(one) && one.settings.owned && overlap(one, trigger));
    if (other === undefined) return [];
    const message = `must not have events of objects that trigger ${other.name} has too, which S3 refuses: give another prefix, suffix or event type`;
    return [{ field: ["triggers", trigger.name, "bucket"], message, value: name }];
  });
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
function queueFindings(trigger: Trigger): Finding[] {
  if (trigger.kind !== "queue") return [];
  const { arn, batchSize = 10, windowSeconds = 0 } = trigger.settings;
  const isFifo = arn.endsWith(".fifo");
  return [
    ...(isFifo && batchSize > 10
      ? [
          {
            field: fieldOf(trigger, "batchSize"),
            message: "must be at most 10 of a FIFO queue",
            value: batchSize,
          },
        ]
      : []),
    ...(isFifo && windowSeconds > 0
      ? [
          {
            field: fieldOf(trigger, "windowSeconds"),
            message: "must not be given of a FIFO queue",
            value: windowSeconds,
          },
        ]
      : []),
    ...(!isFifo && batchSize > 10 && windowSeconds === 0
      ? [
          {
            field: fieldOf(trigger, "batchSize"),
            message: "must be at most 10 without 'windowSeconds' of 1 or more",
            value: batchSize,
          },
        ]
      : []),
  ];
}

interface Pattern {
  readonly field: FieldPath;
  readonly value: Readonly<Record<string, unknown>>;
  readonly most: number;
}

/** The patterns of a trigger, each of which names fields and the values that they may have. */
function patternsOf(trigger: Trigger): Pattern[] {
  const most = awsLimits.patternCharacters.most;
  switch (trigger.kind) {
    case "queue":
    case "stream":
      return (trigger.settings.filters ?? []).map((value, index) => ({
        field: fieldOf(trigger, "filters", index),
        value,
        most,
      }));
    case "events":
      return [{ field: fieldOf(trigger, "pattern"), value: trigger.settings.pattern, most }];
    case "topic": {
      const { filter } = trigger.settings;
      return filter === undefined
        ? []
        : [{ field: fieldOf(trigger, "filter"), value: filter, most: 262_144 }];
    }
    default:
      return [];
  }
}

function jsonFindings(trigger: Trigger): Finding[] {
  const input =
    trigger.kind === "schedule" && trigger.settings.input !== undefined
      ? [
          {
            field: fieldOf(trigger, "input"),
            value: trigger.settings.input,
            most: awsLimits.triggerInputCharacters.most,
          },
        ]
      : [];
  const patterns = patternsOf(trigger);
  return [
    ...patterns
      .filter(({ value }) => !isPattern(value))
      .map(({ field, value }) => ({
        field,
        message: 'must give a list of values for each field, as in { "source": ["shop"] }',
        value,
      })),
    ...otherKeys(trigger, patterns),
    ...[...patterns, ...input].flatMap(({ field, value, most }) => {
      const length = JSON.stringify(value).length;
      return length <= most
        ? []
        : [{ field, message: `must be at most ${most} characters as JSON`, value: length }];
    }),
  ];
}

/**
 * No record has another key, so such a filter drops them all.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html, and with-kinesis-filtering.html
 */
function otherKeys(trigger: Trigger, patterns: readonly Pattern[]): Finding[] {
  const key = filteredKey(trigger);
  if (key === undefined) return [];
  return patterns.flatMap(({ field, value }) =>
    Object.keys(value)
      .filter((other) => other !== key && other !== "$or")
      .map((other) => ({
        field: [...field, other],
        message: `must not be given: Lambda filters the records of this source by '${key}' alone`,
        value: value[other],
      })),
  );
}

function filteredKey(trigger: Trigger): string | undefined {
  if (trigger.kind === "queue") return "body";
  return trigger.kind === "stream" && serviceOf(trigger.settings.arn) === "kinesis" ? "data" : undefined;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
function isPattern(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value === null || typeof value !== "object") return false;
  const fields = Object.values(value);
  return fields.length > 0 && fields.every(isPattern);
}

function filterFindings(trigger: Trigger): Finding[] {
  if (trigger.kind !== "topic" || trigger.settings.filterOn === undefined) return [];
  if (trigger.settings.filter !== undefined) return [];
  const message = "must not be given without 'filter'";
  return [{ field: fieldOf(trigger, "filterOn"), message, value: trigger.settings.filterOn }];
}

/** A rate has been read by the schema. */
function cronFindings(trigger: Trigger): Finding[] {
  if (trigger.kind !== "schedule" || !trigger.settings.expression.startsWith("cron(")) return [];
  const { expression: value } = trigger.settings;
  const fault = cronFault(value);
  return fault === undefined
    ? []
    : [
        {
          field: fieldOf(trigger, "expression"),
          message: `must be a cron expression AWS takes: ${fault}`,
          value,
        },
      ];
}

/** Sources are of the function's region, and of an account that the environment deploys to. */
export function checkTriggerSources({ service, file, environment }: ReleaseContext): Finding[] {
  const { region, allowedAccountIds } = environment;
  const most = awsLimits.ruleNameCharacters.most;
  return triggersOf(file.triggers).flatMap((trigger) => {
    const arns = [
      ["arn", sourceArnOf(trigger)],
      [trigger.kind === "stream" ? "failureArn" : "deadLetterArn", failureArnOf(trigger)],
    ] as const;
    const ofArns = arns.flatMap(([name, arn]) => {
      if (arn === undefined) return [];
      const field = fieldOf(trigger, name);
      if (regionOf(arn) !== region)
        return [{ field, message: `must be in the function's region, ${region}`, value: arn }];
      if (allowedAccountIds === undefined || allowedAccountIds.includes(accountOf(arn))) return [];
      return [{ field, message: `must be in this account, ${allowedAccountIds.join(" or ")}`, value: arn }];
    });
    const rule = ruleName(`${service}-${environment.name}`, trigger.name);
    const hasRule = trigger.kind === "events" || trigger.kind === "schedule";
    if (!hasRule || rule.length <= most) return ofArns;
    const message = `must give its rule a name of at most ${most} characters`;
    return [...ofArns, { field: ["triggers", trigger.name], message, value: rule }];
  });
}
