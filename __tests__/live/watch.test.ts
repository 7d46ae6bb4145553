import { inSeconds } from "../../src/release/time";
import { bin, type Running, start } from "../support/command";
import { createProject, shop, writeFiles } from "../support/project";
import { AnsweringEndpoint, type Answers } from "./answering-endpoint";
import { deployedShop, releaseInAccount, variablesOfAws } from "./deployed-shop";

jest.setTimeout(60_000);

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

const started: Running[] = [];
afterEach(async () => {
  for (const one of started.splice(0)) {
    const isOver = await Promise.race([one.finished, Promise.resolve(undefined)]);
    if (isOver === undefined) one.signal("SIGKILL");
  }
});

const since = inSeconds(new Date(Date.now() - 20 * 60_000));
const steps = [{ percent: 10, bakeMinutes: 60 }];
const files = (fields: object = {}) =>
  shop({ stage: { accessLogs: true }, steps, canary: { version: "v2", percent: 10, since }, ...fields });
const live = deployedShop({ canary: { percent: 10 }, fields: { lastUpdatedDate: Date.parse(since) / 1000 } });
const nothing = { GetMetricData: { body: { MetricDataResults: [] } } };

function watch(project: string, answers: Record<string, Answers>, ...options: readonly string[]): Running {
  aws.set(answers);
  const args = [bin, "watch", "dev/shop", "--poll", "0.2", ...options];
  const running = start(project, process.execPath, args, variablesOfAws());
  started.push(running);
  return running;
}

async function until(is: () => boolean): Promise<void> {
  for (let waited = 0; waited < 20_000 && !is(); waited += 50)
    await new Promise((resolve) => setTimeout(resolve, 50));
  if (!is()) throw new Error(started.map((one) => one.printed() + one.printedErrors()).join("\n"));
}

const lines = (running: Running) =>
  running
    .printed()
    .split("\n")
    .map((line) => line.slice("12:00:00  ".length));

test("a pipe gets a line for each change, until Ctrl+C", async () => {
  const project = createProject(files());
  const running = watch(project, { ...live, ...nothing });
  await until(() => running.printed().includes("rollback dev/shop"));
  expect(lines(running)).toEqual([
    "file     v1 90 %, v2 10 %",
    "AWS      v1 90 %, v2 10 %",
    expect.stringMatching(/^step {5}10 %, until 20/),
    expect.stringMatching(/^minute {3}\d\d:\d\d {2}v1 0 requests, 0 5xx; v2 0 requests, 0 5xx$/),
    "verdict  not enough yet: v2 has answered nothing in these minutes",
    "guard    this service has no guard ('guard')",
    expect.stringMatching(/^next {5}npx lambda-release next dev\/shop {3}v2 serves everybody, from /),
    "or       npx lambda-release rollback dev/shop   drops v2: v1 serves everybody",
    "",
  ]);
  // As often as Node would warn of what is left over from each look.
  const looks = () => aws.asked.filter((name) => name === "GET /restapis/abc/stages/dev").length;
  await until(() => looks() > 15);
  // A minute may have ended meanwhile.
  expect(lines(running).filter((line) => !line.startsWith("minute"))).toHaveLength(8);
  writeFiles(project, files({ canary: { version: "v2", percent: 25, since } }));
  await until(() => running.printed().includes("file     v1 75 %, v2 25 %"));
  running.signal("SIGINT");
  expect(await running.finished).toMatchObject({ exitCode: 130, stderr: "" });
});

test("metrics are asked for once a minute, by one call, and pointers at each poll", async () => {
  const running = watch(createProject(files()), { ...live, ...nothing }, "--json");
  await until(() => aws.asked.filter((name) => name === "GET /restapis/abc/stages/dev").length > 5);
  expect(aws.asked.filter((name) => name === "GetMetricData").length).toBeLessThanOrEqual(2);
  const [first = "", ...others] = running.printed().trimEnd().split("\n");
  expect(JSON.parse(first)).toMatchObject({
    service: "dev/shop",
    place: { accountId: "111122223333", region: "eu-central-1" },
    isAsInFile: true,
    minutes: { of: "requests", metrics: 8 },
    verdict: { answer: "not enough yet" },
    troubles: [],
  });
  expect(others.length).toBeLessThanOrEqual(1);
});

test("trouble is a line, and AWS is asked again: what was seen before stays", async () => {
  const stage = live["GET /restapis/abc/stages/dev"] as Answers & object;
  const failing = { status: 400, error: "ExpiredTokenException", body: { message: "expired" } };
  const running = watch(createProject(files()), {
    ...live,
    ...nothing,
    "GET /restapis/abc/stages/dev": [stage, failing, stage] as Answers,
  });
  await until(() => running.printed().includes("waiting"));
  const asked = () => aws.asked.filter((name) => name === "GET /restapis/abc/stages/dev").length;
  await until(() => asked() > 3);
  expect(lines(running).filter((line) => /^(waiting|AWS)/.test(line))).toEqual([
    "AWS      v1 90 %, v2 10 %",
    "waiting  the AWS credentials have expired: expired",
    "waiting  over",
  ]);
});

test("what the credentials may not see is not known, and the rest is", async () => {
  const running = watch(createProject(files()), {
    ...live,
    GetMetricData: { status: 403, error: "AccessDenied", body: { message: "no" } },
  });
  await until(() => running.printed().includes("rollback dev/shop"));
  expect(lines(running)).toContain("minute   not known: access denied for cloudwatch:GetMetricData: no");
  expect(lines(running)).toContain("AWS      v1 90 %, v2 10 %");
});

test("a service that was never deployed says so", async () => {
  const running = watch(createProject(files()), { ...nothing, "GET /restapis": { body: { item: [] } } });
  await until(() => running.printed().includes("rollback dev/shop"));
  expect(lines(running)).toContain(
    "AWS      not known: there is no API shop-dev in account 111122223333, eu-central-1: it was never deployed",
  );
});

test("a file that has a problem meanwhile is a line, and what it said before goes on", async () => {
  const project = createProject(files());
  const running = watch(project, { ...live, ...nothing });
  await until(() => running.printed().includes("rollback dev/shop"));
  writeFiles(project, files({ stable: "v9" }));
  await until(() => running.printed().includes("waiting"));
  expect(running.printed()).toMatch(/waiting {2}releases\/dev\/shop\.json:\d+:\d+ 'stable' /);
});

test.each([
  [["dev/nothing"], "error: there is no service 'nothing' in dev: there are shop\n"],
  [["dev/shop", "--poll", "0"], "error: option '--poll <seconds>' argument '0' is invalid."],
  [["dev/shop", "--pol"], "error: unknown option '--pol'"],
])("%j is one line", async (args, line) => {
  aws.set({});
  const { exitCode, stdout, stderr } = await releaseInAccount(createProject(files()), "watch", ...args);
  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(line);
});

test("it does not begin with the credentials of another account", async () => {
  aws.set({});
  const environment = { region: "eu-central-1", allowedAccountIds: ["999999999999"] };
  const project = createProject({ ...files(), "releases/dev/environment.json": environment });
  const { exitCode, stderr } = await releaseInAccount(project, "status", "dev/shop", "--watch");
  expect([exitCode, stderr]).toEqual([
    2,
    "error: the credentials are those of account 111122223333, and dev allows 999999999999\n",
  ]);
});
