import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultVerdict } from "../../src/release/alarms/verdict";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { projectFolder } from "../support/command";
import { createProject, type Files, shop } from "../support/project";
import { release } from "../support/release-command";
import { AnsweringEndpoint, type Answers } from "./answering-endpoint";
import { asked, metrics, type Values } from "./cloudwatch-minutes";
import { even, now, since } from "./compared-hour";
import { deployedShop, variablesOfAws } from "./deployed-shop";
import { releaseOf } from "./shop-context";

jest.setTimeout(60_000);

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

const stage = { accessLogs: true };
const withCanary = (fields: object = {}) =>
  shop({ stage, canary: { version: "v2", percent: 10, since }, ...fields });

async function verdict(files: Files, answers: Record<string, Answers>, ...options: readonly string[]) {
  aws.set(answers);
  return release(createProject(files), ["verdict", "dev/shop", ...options], {
    now,
    variables: variablesOfAws(),
  });
}

const live = deployedShop({ canary: { percent: 10 } });

const page = readFileSync(join(projectFolder, "docs/verdict.md"), "utf8");

test("the page shows settings that a file may have", () => {
  const [, shown = ""] = /```json\n("verdict": [\s\S]*?)```/.exec(page) ?? [];
  const { verdict: given } = JSON.parse(`{${shown}}`);
  const { verdict: read } = releaseOf(withCanary({ verdict: given }));
  expect(read).toEqual(given);
  expect({ ...read, metrics: [] }).toEqual(defaultVerdict);
});

describe("verdict", () => {
  test("is as good where nothing is worse, and counts no minute that CloudWatch may still count", async () => {
    const found = await verdict(withCanary(), { ...live, GetMetricData: metrics(aws, even) });
    expect(found).toEqual({
      exitCode: 0,
      stderr: "",
      stdout: `dev/shop   v2 beside v1, 2026-11-27T10:00:00Z to 2026-11-27T11:00:00Z (60 min)

                         v1 (stable)          v2 (canary)   answer
failed answers   0.0926 % of 324,000   0.0833 % of 36,000   as good
p50                            40 ms                41 ms   as good
p95                           120 ms               131 ms   as good

as good: nothing that matters is worse in v2
`,
    });
  });

  test("is worse with exit code 1 where the canary fails more, since a while only", async () => {
    const values = { ...even, "Canary5xx Sum": (minute: number) => (minute < 50 ? 0 : 12) };
    const { exitCode, stdout } = await verdict(withCanary(), {
      ...live,
      GetMetricData: metrics(aws, values),
    });
    expect(stdout).toContain("worse: v2 is worse in failed answers");
    expect(stdout).toMatch(/^failed answers +0.0926 % of 5,400 +2 % of 600 +worse$/m);
    expect(exitCode).toBe(1);
  });

  test("is worse where the canary is slower", async () => {
    const values = { ...even, "CanaryLatency p95": 160 };
    const { exitCode, stdout } = await verdict(withCanary(), {
      ...live,
      GetMetricData: metrics(aws, values),
    });
    expect(stdout).toContain("worse: v2 is worse in p95");
    expect(exitCode).toBe(1);
  });

  test("says with exit code 2 how long it takes until a difference would be seen", async () => {
    const values = {
      ...even,
      "StableRequests Sum": 540,
      "CanaryRequests Sum": 60,
      "Stable5xx Sum": (minute: number) => (minute % 5 === 0 ? 22 : 0),
      "Canary5xx Sum": (minute: number) => (minute % 5 === 2 ? 2 : 0),
    };
    const files = withCanary({ canary: { version: "v2", percent: 10, since: "2026-11-27T10:50:00Z" } });
    const found = await verdict(files, { ...live, GetMetricData: metrics(aws, values) });
    expect(found.stdout).toMatch(
      /not enough yet: failed answers: about \d+ more minutes to see a doubling of [\d.]+ %, about \d+ more minutes to see that it is as good/,
    );
    expect(page).toContain(found.stdout.trim());
    expect(found.exitCode).toBe(2);
  });

  test("takes no traffic, and a gap, for what they are", async () => {
    const none = await verdict(withCanary(), { ...live, GetMetricData: metrics(aws, {}) });
    expect(none.stdout).toContain("not enough yet: v2 has answered nothing in these minutes");
    expect(none.exitCode).toBe(2);
    const gap: Values = Object.fromEntries(
      Object.entries(even).map(([name, value]) => [
        name,
        (minute: number) =>
          minute > 5 && minute < 20 ? undefined : typeof value === "function" ? value(minute) : value,
      ]),
    );
    const gapped = await verdict(withCanary(), { ...live, GetMetricData: metrics(aws, gap) });
    expect(gapped.exitCode).toBe(0);
  });

  test("counts Lambda's invocations of each version where the access log does not tell them apart", async () => {
    const own = { versions: [1, 2], canary: { version: 2, percent: 10, since } };
    const files = oneFunction("weighted-alias", "code", own);
    const found = await verdict(
      files,
      {
        GetMetricData: metrics(aws, {
          "Invocations Sum": 600,
          "Errors Sum": 0,
          "Duration p50": 9,
          "Duration p95": 30,
        }),
      },
      "--json",
    );
    expect(JSON.parse(found.stdout)).toMatchObject({
      service: "dev/shop",
      stable: "1",
      canary: "2",
      answer: "as good",
      of: "invocations",
      requests: { stable: 36_000, canary: 36_000 },
    });
    const dimensions = asked(aws).MetricDataQueries.map(({ Id, MetricStat }) => [
      Id,
      JSON.stringify(MetricStat.Metric),
    ]);
    expect(Object.fromEntries(dimensions)["canary_p95"]).toContain('"ExecutedVersion","Value":"2"');
  });

  test("compares metrics of the user's own, by version", async () => {
    const metric = {
      namespace: "Shop",
      dimensions: { Service: "shop", Version: "{version}" },
      direction: "higher",
    };
    const metricsOf = [
      { ...metric, name: "Basket", statistic: "Average" },
      { ...metric, name: "Orders", statistic: "Sum" },
    ];
    const files = withCanary({ verdict: { metrics: metricsOf } });
    const values = { ...even, "Basket Average": 20, "Orders Sum": 60 };
    const { stdout, exitCode } = await verdict(
      files,
      { ...live, GetMetricData: metrics(aws, values) },
      "--explain",
    );
    // As many orders in a tenth of the requests are ten times as many per request.
    expect(stdout).toMatch(/^Orders +1\.11 % of 324,000 +10 % of 36,000 +as good$/m);
    expect(stdout).toMatch(/^Basket +20 +20 +as good$/m);
    expect(stdout).toContain("below v1's by 10 %");
    expect(exitCode).toBe(0);
    const queries = asked(aws).MetricDataQueries;
    expect(JSON.stringify(queries.find(({ Id }) => Id === "canary_own0"))).toContain(
      '"Version","Value":"v2"',
    );
  });

  test.each<[string, Files, Record<string, Answers>, string]>([
    ["no version is on trial", shop({ stage }), live, "error: no version is on trial: 'start' one first\n"],
    [
      "the strategy gives the next version no users",
      oneFunction("blue-green-stage", "code", {
        versions: [1, 2],
        stable: 1,
        blue: { version: 2, sources: ["203.0.113.7/32"] },
      }),
      live,
      "error: blue-green-stage has no canary to compare with stable: a verdict is for canary-stage, alias-canary-stage, weighted-alias, codedeploy-alias, ecs-blue-green, ecs-native\n",
    ],
    [
      "the file does not say since when",
      withCanary({ canary: { version: "v2", percent: 10 } }),
      live,
      "error: the file does not say since when v2 has its share: write 'canary.since', or give --since\n",
    ],
    [
      "the share is not live",
      withCanary(),
      deployedShop(),
      "error: the share of v2 is not live: AWS sends 100 % to v1; deploy the file, or give --since\n",
    ],
    [
      "CloudWatch gives not all of it",
      withCanary(),
      {
        ...live,
        GetMetricData: { body: { MetricDataResults: [{ Id: "canary_all0", StatusCode: "InternalError" }] } },
      },
      "error: CloudWatch does not give canary_all0 (InternalError): ask again later\n",
    ],
  ])("says in one line that %s", async (_, files, answers, line) => {
    expect(await verdict(files, answers)).toEqual({ exitCode: 2, stdout: "", stderr: line });
  });
});
