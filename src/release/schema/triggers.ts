import { z } from "zod";
import { awsLimits } from "../aws/aws-limits";
import { bucketEvents } from "../functions/bucket-events";
import { bucketName } from "./bucket-name";
import { boolean, integer, list, map, name, object, oneOf, text } from "./fields";

/** The triggers of a function in a release file: what invokes it besides the API. */

/** JSON of the user's own, whose fields AWS alone judges. */
const json = (what: string) => map(z.string(), z.unknown()).describe(what);

const deadLetterArn = (whose: string) =>
  text("the ARN of a standard SQS queue", /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+$/, 350)
    .describe(
      `A queue for events that ${whose} could not deliver. Its policy must allow that. Default: none.`,
    )
    .optional();

/** What Lambda polls, in batches. */
const polled = {
  batchSize: integer(1, awsLimits.triggerBatch.most, "records")
    .describe("Most records of an invocation, 1 to 10000. Default: 10 of a queue, 100 of a stream.")
    .optional(),
  windowSeconds: integer(0, awsLimits.triggerWindowSeconds.most, "seconds")
    .describe("How long Lambda gathers records before it invokes, in seconds, 0 to 300. Default: 0.")
    .optional(),
  filters: list(json("One pattern."), 1, awsLimits.triggerFilters.most, "patterns")
    .describe("Patterns, one of which a record must match; others are dropped. Default: every record.")
    .optional(),
  reportFailures: boolean()
    .describe(
      "Whether the function reports the failed records of a batch, so that the others are done. Default: false.",
    )
    .optional(),
};

const queue = object({
  arn: text(
    "the ARN of an SQS queue",
    /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+(\.fifo)?$/,
    512,
  ).describe("The queue."),
  ...polled,
  maxConcurrency: integer(2, awsLimits.queueConcurrency.most, "executions")
    .describe("Most executions that the queue has at once, 2 to 1000. Default: what the function may have.")
    .optional(),
});

const stream = object({
  arn: text(
    "the ARN of a Kinesis stream or of a DynamoDB table's stream",
    /^arn:aws[a-z-]*:(kinesis:[a-z0-9-]+:\d{12}:stream\/[A-Za-z0-9_.-]+|dynamodb:[a-z0-9-]+:\d{12}:table\/[A-Za-z0-9_.-]+\/stream\/[0-9T:.-]+)$/,
    512,
  ).describe("The stream."),
  startAt: oneOf(["latest", "oldest"])
    .describe(
      'Where Lambda begins to read: at "latest" records, or at the "oldest" there are. Default: "latest".',
    )
    .default("latest"),
  ...polled,
  parallelBatches: integer(1, awsLimits.streamBatches.most, "batches")
    .describe("Batches of a shard that are worked on at once, 1 to 10. Default: 1.")
    .optional(),
  maxRetries: integer(0, awsLimits.streamRetries.most, "retries")
    .describe("How often a failed batch is tried again, 0 to 10000. Default: until its records expire.")
    .optional(),
  maxAgeSeconds: integer(60, awsLimits.streamAgeSeconds.most, "seconds")
    .describe("Age at which records are dropped, in seconds, 60 to 604800. Default: when they expire.")
    .optional(),
  splitOnError: boolean()
    .describe("Whether a failed batch is split in two and retried. Default: false.")
    .optional(),
  failureArn: text(
    "the ARN of a standard SQS queue or SNS topic",
    /^arn:aws[a-z-]*:(sqs|sns):[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+$/,
    350,
  )
    .describe("Gets a message for each batch that Lambda gave up. Default: none.")
    .optional(),
});

const topic = object({
  arn: text(
    "the ARN of a standard SNS topic",
    /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+$/,
    512,
  ).describe("The topic."),
  filter: json("The filter policy that a message must match. Default: every message.").optional(),
  filterOn: oneOf(["attributes", "body"])
    .describe('What the filter looks at: the message\'s "attributes" or its "body". Default: "attributes".')
    .optional(),
  deadLetterArn: deadLetterArn("SNS"),
});

const events = object({
  pattern: json("The event pattern that an event must match."),
  bus: text("the name of an event bus", /^[A-Za-z0-9._/-]+$/, 256)
    .describe('Name of the event bus. Default: "default".')
    .optional(),
  deadLetterArn: deadLetterArn("EventBridge"),
});

const units = ["minute", "hour", "day"];
const rate = `rate\\((1 (${units.join("|")})|([2-9]|[1-9]\\d+) (${units.map((one) => `${one}s`).join("|")}))\\)`;
const field = "[A-Z0-9,/*#LW-]+";
const cron = `cron\\(${field} ${field} (\\? ${field} ${field}|${field} ${field} \\?) ${field}\\)`;

const schedule = object({
  expression: text(
    "rate(<number> <unit>) such as rate(1 hour), or cron(<minutes> <hours> <day of month> <month> <day of week> <year>) with one of the two days as ?",
    new RegExp(`^(${rate}|${cron})$`),
    256,
  ).describe('When: "rate(5 minutes)", or "cron(0 6 * * ? *)", in UTC.'),
  input: json("The event that the function gets. Default: EventBridge's own.").optional(),
  deadLetterArn: deadLetterArn("EventBridge"),
});

/** Part of an object's key. */
const partOfKey = (what: string) =>
  text("1 to 1024 characters of an object's key", /^[^\n]+$/, 1024)
    .describe(`With 'owned': ${what} of the keys of objects that invoke. Default: every key.`)
    .optional();

const bucket = object({
  name: bucketName.describe("The bucket, which may invoke the function."),
  owned: boolean()
    .describe(
      "Whether the stack sets the bucket's notifications, all of them: those that others set are deleted. Default: false, they are set where the bucket is managed.",
    )
    .optional(),
  events: list(oneOf(bucketEvents), 1, bucketEvents.length, "event types")
    .describe("With 'owned': the event types that invoke. Default: \"s3:ObjectCreated:*\".")
    .optional(),
  prefix: partOfKey("the beginning"),
  suffix: partOfKey("the end"),
});

/** Lambda's policy of an alias may have 20 KB, and the policies of a role 10,240 characters: more would not fit. */
const mostTriggers = 30;

export const triggers = map(
  name(),
  object({
    function: name()
      .describe("The function that it invokes. Default: the only function of the service.")
      .optional(),
    queue: queue.describe("Messages of an SQS queue.").optional(),
    topic: topic.describe("Messages of an SNS topic.").optional(),
    events: events.describe("Events of an EventBridge bus.").optional(),
    schedule: schedule.describe("A schedule of EventBridge.").optional(),
    bucket: bucket.describe("Notifications of an S3 bucket.").optional(),
    stream: stream.describe("Records of a Kinesis stream or of a DynamoDB table.").optional(),
  }),
).refine((given) => Object.keys(given).length <= mostTriggers, {
  error: `must be at most ${mostTriggers} triggers`,
});
