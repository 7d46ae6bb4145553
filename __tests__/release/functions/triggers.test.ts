import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../support/command";
import { type Files, handler, problemsOf, shop } from "../../support/project";
import { oneOfEach, ownedBucket, shopWithTriggers, source } from "../../support/triggers";

const withoutPlace = (problems: readonly string[]) => problems.map((line) => line.replace(/^\S+ /, ""));
const lines = (release: object, files?: Files) => withoutPlace(problemsOf(shopWithTriggers(release, files)));
const ofOne = (trigger: object) => lines({ triggers: { one: trigger } });
const fifo = source("sqs", "orders.fifo");
const queue = source("sqs", "orders");

test.each(["weighted-alias", "codedeploy-alias"])("%s has triggers of every kind", (strategy) => {
  expect(lines({ strategy })).toEqual([]);
});

test.each<[object, string]>([
  [
    { strategy: "alias-canary-stage" },
    "its stage moves the users, and no trigger passes a stage; weighted-alias and codedeploy-alias split them",
  ],
  [
    { strategy: "blue-green-stage" },
    "its stage moves the users, and no trigger passes a stage; weighted-alias and codedeploy-alias split them",
  ],
])("%j has none", (release, why) => {
  const strategy = (release as { strategy: string }).strategy;
  expect(lines(release)).toEqual([`'triggers' must not be given with ${strategy}: ${why}`]);
});

test("canary-stage has none, for no alias leads to its functions", () => {
  expect(withoutPlace(problemsOf(shop({ triggers: oneOfEach })))).toEqual([
    "'triggers' must not be given with canary-stage: each version has functions of its own, and no alias leads to them",
  ]);
});

test.each<[object, string[]]>([
  [{}, ["'triggers.one' must have exactly one of queue, topic, events, schedule, bucket, stream"]],
  [
    { queue: { arn: queue }, topic: { arn: source("sns", "news") } },
    [
      `'triggers.one' must have exactly one of queue, topic, events, schedule, bucket, stream, got "queue, topic"`,
    ],
  ],
  [{ queue: {} }, ["'triggers.one.queue.arn' must be given: the ARN of an SQS queue"]],
  [{ queue: { arn: "orders" } }, [`'triggers.one.queue.arn' must be the ARN of an SQS queue, got "orders"`]],
  [{ queue: { arn: queue, batchSize: 10 } }, []],
  [
    { queue: { arn: queue, batchSize: 11 } },
    ["'triggers.one.queue.batchSize' must be at most 10 without 'windowSeconds' of 1 or more, got 11"],
  ],
  [{ queue: { arn: queue, batchSize: 11, windowSeconds: 1 } }, []],
  [
    { queue: { arn: fifo, batchSize: 11, windowSeconds: 1 } },
    [
      "'triggers.one.queue.batchSize' must be at most 10 of a FIFO queue, got 11",
      "'triggers.one.queue.windowSeconds' must not be given of a FIFO queue, got 1",
    ],
  ],
  [
    { queue: { arn: queue, maxConcurrency: 1 } },
    ["'triggers.one.queue.maxConcurrency' must be a whole number between 2 and 1000 executions, got 1"],
  ],
  [
    { queue: { arn: queue, filters: [{ body: "new" }] } },
    [
      `'triggers.one.queue.filters[0]' must give a list of values for each field, as in { "source": ["shop"] }, got {"body":"new"}`,
    ],
  ],
  [
    {
      queue: { arn: queue, filters: [{ body: { kind: ["new"] } }, { messageAttributes: { kind: ["new"] } }] },
    },
    [
      `'triggers.one.queue.filters[1].messageAttributes' must not be given: Lambda filters the records of this source by 'body' alone, got {"kind":["new"]}`,
    ],
  ],
  [
    { stream: { arn: source("kinesis", "stream/x"), filters: [{ body: ["new"] }] } },
    [
      `'triggers.one.stream.filters[0].body' must not be given: Lambda filters the records of this source by 'data' alone, got ["new"]`,
    ],
  ],
  [{ stream: { arn: oneOfEach.changes.stream.arn, filters: [{ eventName: ["INSERT"] }] } }, []],
  [
    { topic: { arn: source("sns", "news.fifo") } },
    [`'triggers.one.topic.arn' must be the ARN of a standard SNS topic, got "${source("sns", "news.fifo")}"`],
  ],
  [
    { topic: { arn: source("sns", "news"), filterOn: "body" } },
    [`'triggers.one.topic.filterOn' must not be given without 'filter', got "body"`],
  ],
  [
    { events: { pattern: {} } },
    [
      `'triggers.one.events.pattern' must give a list of values for each field, as in { "source": ["shop"] }, got {}`,
    ],
  ],
  [{ events: { pattern: { $or: [{ source: ["a"] }, { detail: { kind: ["b"] } }] } } }, []],
  [
    { bucket: { name: "Uploads" } },
    [
      `'triggers.one.bucket.name' must be the name of an S3 bucket: 3 to 63 lower-case letters, digits, hyphens and dots, with a letter or digit at its ends, got "Uploads"`,
    ],
  ],
  [
    { stream: { arn: queue } },
    [
      `'triggers.one.stream.arn' must be the ARN of a Kinesis stream or of a DynamoDB table's stream, got "${queue}"`,
    ],
  ],
  [
    { queue: { arn: "arn:aws:sqs:us-east-1:111122223333:orders" } },
    [
      `'triggers.one.queue.arn' must be in the function's region, eu-central-1, got "arn:aws:sqs:us-east-1:111122223333:orders"`,
    ],
  ],
])("%j", (trigger, expected) => {
  expect(ofOne(trigger)).toEqual(expected);
});

const schedules = (...expressions: string[]) => expressions.map((expression) => [expression]);

test.each(
  schedules(
    "rate(1 minute)",
    "rate(2 hours)",
    "rate(10 days)",
    "cron(0 6 * * ? *)",
    "cron(0/5 8-17 ? * MON-FRI *)",
    "cron(0 12 LW JAN,6-8 ? 2027-2030)",
    "cron(0 12 15W * ? *)",
    "cron(0 12 ? * 6#3 *)",
    "cron(0 12 ? * FRIL *)",
  ),
)("the schedule %s is valid", (expression) => {
  expect(ofOne({ schedule: { expression } })).toEqual([]);
});

test.each(
  schedules(
    "rate(1 minutes)",
    "rate(2 hour)",
    "rate(0 days)",
    "cron(0 6 * * * *)",
    "cron(0 6 ? * ? *)",
    "hourly",
  ),
)("the schedule %s is refused", (expression) => {
  expect(ofOne({ schedule: { expression } })).toEqual([
    `'triggers.one.schedule.expression' must be rate(<number> <unit>) such as rate(1 hour), or cron(<minutes> <hours> <day of month> <month> <day of week> <year>) with one of the two days as ?, got "${expression}"`,
  ]);
});

test.each([
  ["cron(60 6 * * ? *)", "minutes must be 0 to 59"],
  ["cron(0 24 * * ? *)", "hours must be 0 to 23"],
  ["cron(0/0 6 * * ? *)", "minutes must be 0 to 59"],
  ["cron(0 6 32 * ? *)", "day of month must be 1 to 31"],
  ["cron(0 6 * 1-13 ? *)", "month must be 1 to 12, JAN to DEC"],
  ["cron(0 6 ? * 0 *)", "day of week must be 1 to 7, SUN to SAT"],
  ["cron(0 6 ? * MO *)", "day of week must be 1 to 7, SUN to SAT"],
  ["cron(0 6 ? * FRI#6 *)", "day of week must be 1 to 7, SUN to SAT"],
  ["cron(0 6 * * ? 1969)", "year must be 1970 to 2199"],
])("the schedule %s is refused with its field", (expression, fault) => {
  expect(ofOne({ schedule: { expression } })).toEqual([
    `'triggers.one.schedule.expression' must be a cron expression AWS takes: ${fault}, got "${expression}"`,
  ]);
});

test("one source has one trigger", () => {
  const [one, two] = [{ queue: { arn: queue } }, { queue: { arn: queue, batchSize: 5 } }];
  expect(lines({ triggers: { one, two } })).toEqual([
    `'triggers.two.queue.arn' must differ from that of trigger one, got "${queue}"`,
  ]);
});

describe("a bucket whose notifications the stack sets", () => {
  const overlap = (other: string) =>
    `'triggers.two.bucket' must not have events of objects that trigger ${other} has too, which S3 refuses: give another prefix, suffix or event type, got "shop-in"`;

  test.each<[object, object, string[]]>([
    [{ prefix: "a/" }, { prefix: "b/" }, []],
    [{ suffix: ".csv" }, { suffix: ".txt" }, []],
    [{ events: ["s3:ObjectCreated:*"] }, { events: ["s3:ObjectRemoved:*"] }, []],
    [{ prefix: "a/", suffix: ".csv" }, { prefix: "a/b/", suffix: ".txt" }, []],
    [{}, { name: "shop-out" }, []],
    [{}, {}, [overlap("one")]],
    [{ prefix: "a/" }, { prefix: "a/b/" }, [overlap("one")]],
    [{ suffix: ".csv" }, { prefix: "a/" }, [overlap("one")]],
    [{ events: ["s3:ObjectCreated:*"] }, { events: ["s3:ObjectCreated:Put"] }, [overlap("one")]],
    [
      {},
      { owned: false },
      [
        `'triggers.two.bucket.name' must differ from that of trigger one, got "shop-in"`,
        "'triggers.two.bucket.owned' must be true as that of trigger one: the stack sets all notifications of shop-in, got false",
      ],
    ],
  ])("%j beside %j", (one, two, expected) => {
    expect(lines({ triggers: { one: ownedBucket(one), two: ownedBucket(two) } })).toEqual(expected);
  });

  test("has what only it may have", () => {
    const bucket = { name: "shop-in", events: ["s3:ObjectCreated:*"], prefix: "a/" };
    const why = "must not be given without 'owned': they are set where the bucket is managed";
    expect(ofOne({ bucket })).toEqual([
      `'triggers.one.bucket.events' ${why}, got ["s3:ObjectCreated:*"]`,
      `'triggers.one.bucket.prefix' ${why}, got "a/"`,
    ]);
    expect(ofOne(ownedBucket({ events: ["s3:ObjectMade:*"] }))).toEqual([
      expect.stringMatching(/^'triggers\.one\.bucket\.events\[0\]' must be one of "s3:ObjectCreated:\*", /),
    ]);
  });

  test("is of one service", () => {
    const other = { strategy: "weighted-alias", versions: [1], stable: 1, triggers: { one: ownedBucket() } };
    const files = { "releases/dev/other.json": other, "lambdas/other/other.ts": handler("1") };
    expect(problemsOf(shopWithTriggers({ triggers: { one: ownedBucket({ prefix: "a/" }) } }, files))).toEqual(
      [
        'releases/dev/shop.json must not own the notifications of a bucket that releases/dev/other.json owns: each deploy would delete the other\'s, got "shop-in"',
      ],
    );
  });
});

test("a function has 30 at most, for whose permissions its policies have room", () => {
  const topics = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `t${index}`,
        { topic: { arn: source("sns", `t${index}`) } },
      ]),
    );
  expect(lines({ triggers: topics(30) })).toEqual([]);
  expect(lines({ triggers: topics(31) })).toEqual([
    expect.stringMatching(/^'triggers' must be at most 30 triggers, got \{"t0":/),
  ]);
});

test("two services do not give one name to two rules", () => {
  const schedule = { schedule: { expression: "rate(1 hour)" } };
  const other = { strategy: "weighted-alias", versions: [1], stable: 1, triggers: { b: schedule } };
  const files = {
    "releases/dev-a/environment.json": { region: "eu-central-1" },
    "releases/dev-a/shop.json": other,
  };
  expect(problemsOf(shopWithTriggers({ triggers: { "a-b": schedule } }, files))).toEqual([
    'releases/dev-a/shop.json must not give the rule name that releases/dev/shop.json gives; rename one of the services, got "shop-dev-a-b"',
  ]);
});

test("sources are of an account that the environment deploys to", () => {
  const files = {
    "releases/dev/environment.json": { region: "eu-central-1", allowedAccountIds: ["444455556666"] },
  };
  const triggers = { one: { topic: { arn: source("sns", "news"), deadLetterArn: source("sqs", "dead") } } };
  expect(lines({ triggers }, files)).toEqual([
    `'triggers.one.topic.arn' must be in this account, 444455556666, got "${source("sns", "news")}"`,
    `'triggers.one.topic.deadLetterArn' must be in this account, 444455556666, got "${source("sqs", "dead")}"`,
  ]);
});

test("the examples of the page on triggers are valid", () => {
  const page = readFileSync(join(projectFolder, "docs/triggers.md"), "utf8");
  const examples = [...page.matchAll(/```json\n(\{[^`]*)```/g)].map(([, example = ""]) =>
    JSON.parse(example),
  );
  expect(examples.map((one) => one.api)).toEqual([undefined, false]);
  for (const example of examples) expect(lines(example)).toEqual([]);
});
