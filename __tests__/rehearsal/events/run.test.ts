import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readEvents } from "../../../src/rehearsal/events/given-events";
import { feedsIn } from "../../../src/rehearsal/events/rehearse-events";
import { Run } from "../../../src/rehearsal/run";
import { projectFolder } from "../../support/command";
import { createProject, type Files, synthesizeProject, writeFiles } from "../../support/project";
import { RehearsedShop } from "../../support/rehearse";
import { oneOfEach, shopWithTriggers, source } from "../../support/triggers";

const consumer = (body: string) => `export const handler = async (event: any) => { ${body} };\n`;
const withoutApi = (handler: string, release: object = {}): Files =>
  shopWithTriggers({ api: false, versions: [1], ...release }, { "lambdas/shop/shop.ts": consumer(handler) });

const queue = (more: object = {}) => ({ orders: { queue: { arn: source("sqs", "orders"), ...more } } });

/** Runs a project's rehearsal. @returns whether all went well, and what was printed */
async function run(project: string, outdir: string, more: object = {}) {
  const log = jest.spyOn(console, "log").mockImplementation();
  const error = jest.spyOn(console, "error").mockImplementation();
  const options = { service: "dev/shop", stack: "shop-dev", requests: 60, seed: 1, port: 0, ...more };
  try {
    const ok = await new Run(project, outdir, options).start();
    return { ok, lines: log.mock.calls.flat().join("\n"), errors: error.mock.calls.flat() };
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}

async function synthesized(files: Files) {
  const project = createProject(files);
  return [project, await synthesizeProject(project)] as const;
}

test("every trigger sends a sample of its own, through its filter, as AWS would", async () => {
  const { rehearsal } = await RehearsedShop.of(withoutApi("return event;"));
  const events = new Map(feedsIn(rehearsal).map((feed) => [feed.name, feed.next()]));
  const [batch, news] = [events.get("orders"), events.get("news")];
  expect(batch).toMatchObject({ records: 100, ids: expect.any(Array) });
  const of = (name: string) => events.get(name)?.event as { Records: Record<string, unknown>[] };
  expect(of("orders").Records[0]).toMatchObject({
    eventSource: "aws:sqs",
    eventSourceARN: source("sqs", "orders"),
    awsRegion: "eu-central-1",
    body: '{"kind":"new"}',
    messageId: batch?.ids?.[0],
  });
  expect(new Set(batch?.ids).size).toBe(100);
  expect(news?.event).toMatchObject({
    Records: [
      {
        EventSource: "aws:sns",
        Sns: { Type: "Notification", TopicArn: source("sns", "news"), Message: '{"kind":"offer"}' },
      },
    ],
  });
  expect(events.get("audit")?.event).toMatchObject({
    version: "0",
    source: "shop",
    account: expect.any(String),
  });
  expect(events.get("nightly")?.event).toEqual({ task: "clean" });
  expect(of("changes").Records[0]).toMatchObject({ eventSource: "aws:dynamodb", eventName: "INSERT" });
  expect(of("uploads").Records[0]).toMatchObject({
    eventSource: "aws:s3",
    s3: { bucket: { name: "shop-uploads" } },
  });
});

test("a trigger has the file's name, also where cdktf leaves a part of it out of the address", async () => {
  const names = ["mapping", "rule", "s", "target", "triggers"];
  const schedule = { expression: "rate(5 minutes)" };
  const triggers = Object.fromEntries(
    names.map((name) => [
      name,
      name === "mapping" ? { queue: { arn: source("sqs", "orders") } } : { schedule },
    ]),
  );
  const { rehearsal } = await RehearsedShop.of(withoutApi("return event;", { triggers }));
  expect(feedsIn(rehearsal).map(({ name }) => name)).toEqual(names);
});

describe("a bucket whose notifications the stack sets", () => {
  const triggers = {
    prices: { bucket: { name: "acme-in", owned: true, prefix: "prices/", suffix: ".csv" } },
    removed: { bucket: { name: "acme-in", owned: true, events: ["s3:ObjectRemoved:Delete"] } },
  };

  test("invokes by objects that S3 would tell of", async () => {
    const { rehearsal } = await RehearsedShop.of(withoutApi("return event;", { triggers }));
    const records = feedsIn(rehearsal).map((feed) => feed.next().event as { Records: object[] });
    expect(records.map(({ Records: [record] }) => record)).toEqual([
      expect.objectContaining({
        eventName: "ObjectCreated:Put",
        s3: expect.objectContaining({
          object: expect.objectContaining({ key: "prices/rehearsal.csv", size: 1024 }),
        }),
      }),
      expect.objectContaining({ eventName: "ObjectRemoved:Delete" }),
    ]);
  });

  test("drops given objects that it is not told of", async () => {
    const [project, outdir] = await synthesized(withoutApi("return 1;", { triggers }));
    const given = (key: string) => ({ trigger: "prices", event: { s3: { object: { key } } } });
    writeFiles(project, { "events.json": [given("prices/1.csv"), given("prices/1.txt"), given("1.csv")] });
    const events = readEvents(join(project, "events.json"));
    expect((await run(project, outdir, { events })).lines).toContain("2 of 3 events match no filter");
  });
});

describe("a queue without an API", () => {
  let project = "";
  let outdir = "";
  beforeAll(async () => {
    const handler =
      "return { batchItemFailures: event.Records.filter((one: any) => JSON.parse(one.body).id === 7)" +
      ".map((one: any) => ({ itemIdentifier: one.messageId })) };";
    const triggers = queue({ reportFailures: true, filters: [{ body: { kind: ["new"] } }] });
    [project, outdir] = await synthesized(withoutApi(handler, { triggers }));
  });

  const events = (path: string, ...all: object[]) => {
    writeFiles(project, { [path]: all });
    return join(project, path);
  };
  const given = (...all: object[]) => ({
    events: { path: "events.json", events: all.map((one) => ({ count: 1, ...one })) },
  });

  test("is played by a sample, and split by version", async () => {
    const { ok, lines } = await run(project, outdir);
    expect(lines).toMatch(/^serving +shop-dev:live \(1 100 %\)$/m);
    expect(lines).toMatch(/^playing +orders: batches of 10 messages, a sample$/m);
    expect(lines).toMatch(/^not played +retries, /m);
    expect(lines).toMatch(/^1 +60 +100\.0 % .* 0 /m);
    expect(lines).toMatch(/^orders +60 +600 messages +0 +0$/m);
    expect(ok).toBe(true);
  });

  test("counts the messages that the function reports as failed, and those that no filter lets through", async () => {
    const [good, bad, other] = [
      { trigger: "orders", body: { kind: "new", id: 1 }, count: 9 },
      { trigger: "orders", body: { kind: "new", id: 7 } },
      { trigger: "orders", body: { kind: "old" }, count: 2 },
    ];
    const { ok, lines, errors } = await run(project, outdir, given(good, bad, other));
    expect(lines).toContain("given in events.json; 2 of 12 messages match no filter, AWS drops them");
    expect(lines).toMatch(/^orders +60 +600 messages +0 +60$/m);
    expect(errors[0]).toBe("[1] orders: reports failed records");
    expect(ok).toBe(false);
  });

  test.each<[object, string]>([
    [{ trigger: "none" }, `events.json '[0].trigger' must be a trigger of the stack (orders), got "none"`],
    [
      { trigger: "orders", event: {} },
      "events.json '[0].event' must not be given for queue: there is body and attributes",
    ],
    [
      { trigger: "orders", body: { kind: "old" } },
      "events.json: no event of trigger orders matches its filter, so AWS would deliver none",
    ],
  ])("%j is refused in one line", async (event, message) => {
    await expect(run(project, outdir, given(event))).rejects.toThrow(message);
  });

  test.each<[object, string]>([
    [{ serve: true }, "'--serve' must not be given: shop-dev has no API"],
    [{ request: { path: "/" } }, "'--path' must not be given: shop-dev has no API"],
    [{ headers: { a: "b" } }, "'--header' must not be given: shop-dev has no API"],
    [{ callHttp: true }, "'--call-http' must not be given: shop-dev has no API"],
  ])("%j makes no sense without an API", async (option, message) => {
    await expect(run(project, outdir, option)).rejects.toThrow(message);
  });

  test("a file of events is checked, with the place of each problem", () => {
    expect(() => readEvents(events("bad.json", { trigger: "orders", count: 0 }))).toThrow(
      "'[0].count' must be a whole number between 1 and 10000 times, got 0",
    );
    expect(() => readEvents(events("none.json"))).toThrow("must be a list of one event or more");
  });
});

test("the consumer of docs/triggers.md gets the events that the page shows, and their rest is dropped", async () => {
  const page = readFileSync(join(projectFolder, "docs/triggers.md"), "utf8");
  const shown = (mark: string) =>
    JSON.parse(page.split(`<!-- ${mark} -->\n`)[1]?.split(/```(?:json)?\n/)[1] ?? "");
  const [project, outdir] = await synthesized(withoutApi("return {};", shown("release")));
  writeFiles(project, { "events.json": shown("events") });
  const { ok, lines } = await run(project, outdir, { events: readEvents(join(project, "events.json")) });
  expect(lines).toContain("; 2 of 23 messages match no filter, AWS drops them");
  expect(ok).toBe(true);
});

test("a function that reports failures nobody asks for is told of", async () => {
  const handler = "return { batchItemFailures: [{ itemIdentifier: event.Records[0].messageId }] };";
  const { ok, errors } = await run(...(await synthesized(withoutApi(handler, { triggers: queue() }))));
  expect(errors[0]).toBe(
    "[1] orders: reports failed records, but 'reportFailures' is not set: to AWS the whole batch is done",
  );
  expect(ok).toBe(true);
});

test("an error fails the whole batch, and a stack with neither API nor triggers is invoked by others", async () => {
  const handler = 'if (event.sample) throw new Error("no samples"); return {};';
  const [project, outdir] = await synthesized(withoutApi(handler, { triggers: {} }));
  const { ok, lines, errors } = await run(project, outdir);
  expect(errors[0]).toMatch(/^\[1\] \(direct\): Error: no samples/);
  expect(lines).toMatch(/^\(direct\) +60 +60 events +60 +60$/m);
  expect(ok).toBe(false);
});

test("beside an API the triggers are played where events are given", async () => {
  const [project, outdir] = await synthesized(
    shopWithTriggers({ versions: [1], triggers: { audit: oneOfEach.audit } }),
  );
  const event = { trigger: "audit", event: { source: "shop" }, count: 1 };
  const { ok, lines } = await run(project, outdir, { events: { path: "e.json", events: [event] } });
  expect(lines).toMatch(/^audit +60 +60 events +0 +0$/m);
  expect(ok).toBe(true);
});
