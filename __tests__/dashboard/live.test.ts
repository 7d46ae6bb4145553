import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inSeconds } from "../../src/release/time";
import { AnsweringEndpoint } from "../live/answering-endpoint";
import { metrics } from "../live/cloudwatch-minutes";
import { deployedShop, releaseInAccount } from "../live/deployed-shop";
import { createProject, shop } from "../support/project";

jest.setTimeout(60_000);

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

const since = inSeconds(new Date(Date.now() - 2 * 3_600_000));
const canary = { version: "v2", percent: 10, since };
const files = shop({ stage: { accessLogs: true }, canary, steps: [{ percent: 10, bakeMinutes: 60 }] });

async function pageIn(project: string) {
  const finished = await releaseInAccount(project, "dashboard", "dev", "--live", "--out", "page.html");
  const file = join(project, "page.html");
  const page = existsSync(file) ? readFileSync(file, "utf8") : "";
  const text = page
    .replace(/<style>.*<\/style>/s, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");
  return { ...finished, page, text };
}

const deployed = deployedShop({
  canary: { percent: 10 },
  fields: { lastUpdatedDate: Date.parse(since) / 1000 },
});

test("--live has what AWS says beside the file: shares, the verdict and the last hour of both versions", async () => {
  const values = {
    "StableRequests Sum": 900,
    "CanaryRequests Sum": 100,
    "Stable5xx Sum": 1,
    "Canary5xx Sum": 20,
  };
  aws.set({ ...deployed, GetMetricData: metrics(aws, values) });
  const { exitCode, stderr, page, text } = await pageIn(createProject(files));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(text).toContain("account 111122223333, eu-central-1");
  expect(text).toContain("version file AWS role since");
  expect(text).toContain("v2 10 % 10 % canary");
  expect(text).toContain("shares as in the file");
  expect(text).toContain("guard not known: this service has no guard");
  expect(text).toMatch(/verdict worse : v2 is worse in failed answers/);
  expect(text).toContain("p95 v1 -, v2 -");
  expect(text).toContain("AWS is asked");
  expect(page).toContain('aria-label="requests a minute, minute by minute: now v1 900, v2 100"');
});

test("--live says of a service that is not there what AWS says", async () => {
  aws.set({ "GET /restapis": { body: { item: [] } } });
  const { exitCode, text } = await pageIn(createProject(files));
  expect(exitCode).toBe(0);
  expect(text).toMatch(/shares not compared: [^.]*shop-dev/);
});

test("other shares than the file's are told", async () => {
  aws.set({
    ...deployedShop({ canary: { percent: 25 } }),
    GetMetricData: { body: { MetricDataResults: [] } },
  });
  const { text } = await pageIn(createProject(files));
  expect(text).toContain("shares others than in the file");
  expect(text).toContain("v2 10 % 25 % canary");
});

test("without --live AWS is asked for nothing", async () => {
  const before = aws.asked.length;
  const project = createProject(files);
  expect(await releaseInAccount(project, "dashboard", "--out", "page.html")).toMatchObject({ exitCode: 0 });
  expect(aws.asked).toHaveLength(before);
  expect(readFileSync(join(project, "page.html"), "utf8")).toContain("AWS was not asked");
});
