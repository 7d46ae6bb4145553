import { createHash, randomBytes, randomUUID } from "node:crypto";
import { accountOf, partitionIn, regionOf } from "../../release/aws/arn";
import { accountId } from "../account";
import { sampleRecord } from "./bucket-notification";
import type { GivenEvent } from "./given-events";
import type { Pattern } from "./pattern";
import type { PlayedTrigger, SourceKind } from "./trigger";

/** What was sent to a source, before it becomes an event. */
export type Message = Pick<GivenEvent, "attributes" | "body" | "event">;

/** How a kind of source tells functions of what was sent to it. */
export interface Source {
  /** What of a message may be given. */
  readonly takes: readonly (keyof Message)[];
  /** How many of them are called: `messages`. */
  readonly records: string;
  /** A message as the filters of a trigger look at it. */
  seen(trigger: PlayedTrigger, message: Message): unknown;
  /** What a function is told of one message. */
  record(trigger: PlayedTrigger, message: Message): Json;
  /** By what a function names a record that failed. @default - there is one record in each event */
  idOf?(record: Json): string;
  /** A message for a trigger of which none is given. @param matching what its first filter matches */
  sample(trigger: PlayedTrigger, matching: Pattern | undefined): Message;
}

type Json = Readonly<Record<string, unknown>>;

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
const queue: Source = {
  takes: ["body", "attributes"],
  records: "messages",
  seen: (_, { body }) => ({ body: parsed(textOf(body)) }),
  record: ({ source }, { body, attributes = {} }) => {
    const text = textOf(body);
    const now = String(Date.now());
    const isFifo = source.endsWith(".fifo");
    return {
      messageId: randomUUID(),
      receiptHandle: randomBytes(24).toString("base64"),
      body: text,
      attributes: {
        ApproximateReceiveCount: "1",
        SentTimestamp: now,
        SenderId: "AIDAREHEARSAL",
        ApproximateFirstReceiveTimestamp: now,
        ...(isFifo && {
          SequenceNumber: sequenceNumber(),
          MessageGroupId: "rehearsal",
          MessageDeduplicationId: createHash("sha256").update(text).digest("hex"),
        }),
      },
      messageAttributes: mapped(attributes, (value) => ({
        stringValue: String(value),
        stringListValues: [],
        binaryListValues: [],
        dataType: typeof value === "number" ? "Number" : "String",
      })),
      md5OfBody: createHash("md5").update(text).digest("hex"),
      eventSource: "aws:sqs",
      eventSourceARN: source,
      awsRegion: regionOf(source),
    };
  },
  idOf: ({ messageId }) => String(messageId),
  sample: ({ name }, matching) => ({ body: matching?.["body"] ?? { sample: name } }),
};

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
const kinesis: Source = {
  takes: ["body"],
  records: "records",
  seen: (_, { body }) => ({ data: parsed(textOf(body)) }),
  record: ({ source, target }, { body }) => {
    const number = sequenceNumber();
    return {
      kinesis: {
        kinesisSchemaVersion: "1.0",
        partitionKey: "rehearsal",
        sequenceNumber: number,
        data: Buffer.from(textOf(body)).toString("base64"),
        approximateArrivalTimestamp: Date.now() / 1000,
      },
      eventSource: "aws:kinesis",
      eventVersion: "1.0",
      eventID: `shardId-000000000000:${number}`,
      eventName: "aws:kinesis:record",
      invokeIdentityArn: `arn:${partitionIn(source)}:iam::${accountOf(source)}:role/${target.functionName}`,
      awsRegion: regionOf(source),
      eventSourceARN: source,
    };
  },
  idOf: (record) => String((record["kinesis"] as Json)["sequenceNumber"]),
  sample: ({ name }, matching) => ({ body: matching?.["data"] ?? { sample: name } }),
};

/** https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
const dynamodb: Source = {
  takes: ["event"],
  records: "records",
  seen: (trigger, message) => dynamodb.record(trigger, message),
  record: ({ source }, { event }) => {
    const item = { id: { S: "rehearsal" } };
    const plain = {
      eventID: randomBytes(16).toString("hex"),
      eventName: "INSERT",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: regionOf(source),
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(Date.now() / 1000),
        Keys: item,
        ...(event?.["dynamodb"] === undefined && { NewImage: item }),
        SequenceNumber: sequenceNumber(),
        SizeBytes: 26,
        StreamViewType: "NEW_AND_OLD_IMAGES",
      },
      eventSourceARN: source,
    };
    return merged(plain, event ?? {});
  },
  idOf: (record) => String((record["dynamodb"] as Json)["SequenceNumber"]),
  sample: (_, matching) => ({ event: matching }),
};

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
const topic: Source = {
  takes: ["body", "attributes"],
  records: "messages",
  seen: ({ filterOn }, { body, attributes = {} }) =>
    filterOn === "body" ? parsed(textOf(body)) : attributes,
  record: ({ source }, { body, attributes = {} }) => {
    const region = regionOf(source);
    const subscription = `${source}:${randomUUID()}`;
    const host = `https://sns.${region}.amazonaws.com`;
    return {
      EventVersion: "1.0",
      EventSubscriptionArn: subscription,
      EventSource: "aws:sns",
      Sns: {
        SignatureVersion: "1",
        Timestamp: new Date().toISOString(),
        Signature: randomBytes(32).toString("base64"),
        SigningCertUrl: `${host}/SimpleNotificationService-rehearsal.pem`,
        MessageId: randomUUID(),
        Message: textOf(body),
        MessageAttributes: mapped(attributes, (value) => ({
          Type: typeof value === "number" ? "Number" : "String",
          Value: String(value),
        })),
        Type: "Notification",
        UnsubscribeUrl: `${host}/?Action=Unsubscribe&SubscriptionArn=${subscription}`,
        TopicArn: source,
        Subject: null,
      },
    };
  },
  sample: ({ name, filterOn }, matching) =>
    filterOn === "body"
      ? { body: matching ?? { sample: name } }
      : { body: { sample: name }, attributes: matching as Message["attributes"] },
};

/** https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
const events: Source = {
  takes: ["event"],
  records: "events",
  seen: (trigger, message) => events.record(trigger, message),
  record: ({ source }, { event }) => ({
    version: "0",
    id: randomUUID(),
    "detail-type": "rehearsal",
    source: "rehearsal",
    account: accountOf(source),
    time: `${new Date().toISOString().slice(0, 19)}Z`,
    region: regionOf(source),
    resources: [],
    detail: {},
    ...event,
  }),
  sample: (_, matching) => ({ event: matching }),
};

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html */
const schedule: Source = {
  takes: [],
  records: "events",
  seen: (trigger) => schedule.record(trigger, {}),
  record: (trigger) => {
    if (trigger.input !== undefined) return trigger.input as Json;
    const scheduled = { "detail-type": "Scheduled Event", source: "aws.events", resources: [trigger.source] };
    return events.record(trigger, { event: scheduled });
  },
  sample: () => ({}),
};

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
const bucket: Source = {
  takes: ["event"],
  records: "events",
  seen: (trigger, message) => bucket.record(trigger, message),
  record: ({ source }, { event }) => {
    const plain = {
      eventVersion: "2.1",
      eventSource: "aws:s3",
      awsRegion: "us-east-1",
      eventTime: new Date().toISOString(),
      eventName: "ObjectCreated:Put",
      userIdentity: { principalId: "AWS:AIDAREHEARSAL" },
      requestParameters: { sourceIPAddress: "127.0.0.1" },
      responseElements: {
        "x-amz-request-id": randomBytes(8).toString("hex").toUpperCase(),
        "x-amz-id-2": randomBytes(24).toString("base64"),
      },
      s3: {
        s3SchemaVersion: "1.0",
        configurationId: "rehearsal",
        bucket: {
          name: source,
          ownerIdentity: { principalId: accountId },
          arn: `arn:aws:s3:::${source}`,
        },
        object: { key: "rehearsal.txt", size: 1024, eTag: randomBytes(16).toString("hex"), sequencer: "0A" },
      },
    };
    return merged(plain, event ?? {});
  },
  sample: ({ filters = [] }) => ({ event: sampleRecord(filters) }),
};

export const sources: Readonly<Record<SourceKind, Source>> = {
  queue,
  kinesis,
  dynamodb,
  topic,
  events,
  schedule,
  bucket,
};

/** What a function is called with for some records: queues, streams, topics and buckets send a list. */
export function eventOf(kind: SourceKind, records: readonly Json[]): object {
  return kind === "events" || kind === "schedule" ? (records[0] as Json) : { Records: records };
}

/** A message's text; what is no text is sent as JSON. */
function textOf(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body ?? {});
}

/** Text that is no JSON object is a filter's text. */
function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : text;
  } catch {
    return text;
  }
}

let sequence = 0n;

/** Each is larger than the one before, as those of a shard are. */
function sequenceNumber(): string {
  sequence++;
  return (49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n + sequence).toString();
}

function mapped<T, U>(given: Readonly<Record<string, T>>, to: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, to(value)]));
}

/** The second over the first, field by field. */
function merged(plain: Json, given: Json): Json {
  const own = Object.entries(given).map(([name, value]) => {
    const before = plain[name];
    return [name, isObject(before) && isObject(value) ? merged(before, value) : value];
  });
  return { ...plain, ...Object.fromEntries(own) };
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
