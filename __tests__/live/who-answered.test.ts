import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { askAws, type TellingTimes } from "../../src/live/who-answered";
import type { ApiRelease } from "../../src/release/release";
import { type CallOutcome, callDeployed } from "../../src/traffic/call";
import type { ExpectedShare } from "../../src/traffic/report";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { type Files, shop } from "../support/project";
import { AnsweringEndpoint, type Answers } from "./answering-endpoint";
import { releaseOf } from "./shop-context";

let aws: AnsweringEndpoint;
/** An API whose answers name no version: every fourth is the canary's. */
const api = createServer((_, response) => {
  const id = `id-${ids.push("") - 1}`;
  ids[ids.length - 1] = id;
  response.writeHead(failing ? 500 : 200, { "x-amzn-requestid": id }).end("hello");
});
const ids: string[] = [];
let failing = false;
let url = "";
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(api.address() as AddressInfo).port}/`;
});
afterAll(() => {
  aws.stop();
  api.close();
});
beforeEach(() => {
  ids.length = 0;
  failing = false;
});

const splitStage = shop({ canary: { version: "v2", percent: 25 } });
const splitAlias = oneFunction("weighted-alias", "code", {
  versions: [1, 2],
  canary: { version: 2, percent: 25 },
});
const quick: TellingTimes = { logMs: 300, metricMs: 300, pauseMs: 20 };

const ofStage = {
  "GET /restapis": { body: { item: [{ id: "abc", name: "shop-dev" }] } },
  "GET /restapis/abc/deployments": { body: { item: [] } },
  "GET /restapis/abc/stages/dev": {
    body: {
      deploymentId: "d1",
      variables: { shopFunction: "shop-dev-v1" },
      canarySettings: {
        percentTraffic: 25,
        deploymentId: "d2",
        stageVariableOverrides: { shopFunction: "shop-dev-v2" },
      },
    },
  },
};
const ofAlias = {
  ...ofStage,
  "GET /restapis/abc/stages/dev": { body: { deploymentId: "d1", variables: { alias: "live" } } },
  "GET /2015-03-31/functions/shop-dev/aliases": {
    body: {
      Aliases: [
        {
          Name: "live",
          FunctionVersion: "1",
          RoutingConfig: { AdditionalVersionWeights: { "2": 0.25 } },
        },
      ],
    },
  },
};

/** A page of the access log that has these of the requests that came, and a line of somebody else's. */
const logged =
  (isThere: (index: number) => boolean, nextToken?: string): Answers =>
  () => {
    const lines = ids.map((requestId, index) => ({ requestId, isCanaryRequest: String(index % 4 === 3) }));
    const events = [
      ...lines.filter((_, index) => isThere(index)),
      { requestId: "of-others", isCanaryRequest: "true" },
    ];
    return { body: { events: events.map((line) => ({ message: JSON.stringify(line) })), nextToken } };
  };

const quarter = (stable: string, canary: string): ExpectedShare[] => [
  { version: stable, percent: 75 },
  { version: canary, percent: 25 },
];

/** Calls the API 40 times. */
async function called(files: Files, expect: readonly ExpectedShare[]): Promise<[CallOutcome, string]> {
  const told = jest.spyOn(console, "log").mockImplementation();
  told.mockClear();
  const ask = askAws(releaseOf(files) as ApiRelease, quick);
  const outcome = await callDeployed({ url, interval: 0, count: 40, expect, ask });
  return [outcome, told.mock.calls.slice(40).flat().join("\n")];
}

test("the access log of the stage tells which version answered each request", async () => {
  // One line is late, and comes with the second look.
  aws.set({
    ...ofStage,
    FilterLogEvents: [logged((index) => index > 0) as never, logged(() => true) as never],
  });
  const [outcome, text] = await called(splitStage, quarter("v1", "v2"));
  expect(outcome).toBe(0);
  expect(text).toMatch(/^v1 +30 +75\.0 % +75 % .* 0 +\d/m);
  expect(text).toMatch(/^v2 +10 +25\.0 % /m);
  expect(text).toContain("No response names its version: the access log shows it.");
  expect(text).toContain("The split is as expected");
  const groups = aws.calls.filter(({ name }) => name === "FilterLogEvents").map(({ body }) => body);
  expect(groups).toMatchObject([
    { logGroupName: "/aws/apigateway/shop-dev", startTime: expect.any(Number) },
    { logGroupName: "/aws/apigateway/shop-dev/Canary" },
  ]);
});

test("another split than the expected one is found in the log, page by page", async () => {
  const even = (index: number) => index % 2 === 0;
  aws.set({
    ...ofStage,
    FilterLogEvents: [logged(even, "next") as never, logged((index) => !even(index)) as never],
  });
  const [outcome, text] = await called(splitStage, quarter("v2", "v1"));
  expect([outcome, text]).toEqual([1, expect.stringContaining("The split is not as expected")]);
});

test.each<[string, Files, object, string]>([
  [
    "lines that do not arrive",
    splitStage,
    { ...ofStage, FilterLogEvents: logged((index) => index < 20) },
    "only 20 of 40 lines of the access log had arrived after 0.3 seconds.",
  ],
  [
    "a log that may not be read",
    splitStage,
    { ...ofStage, FilterLogEvents: { error: "AccessDeniedException", body: { message: "not authorized" } } },
    "access denied for logs:FilterLogEvents: not authorized.",
  ],
  [
    "a log that is not there",
    splitStage,
    { ...ofStage, FilterLogEvents: { error: "ResourceNotFoundException", body: { message: "no" } } },
    "there is no log group /aws/apigateway/shop-dev: deploy to create it.",
  ],
  [
    "a stage without access log",
    shop({ canary: { version: "v2", percent: 25 }, stage: { accessLogs: false } }),
    ofStage,
    "shop-dev has no access log: set 'stage.accessLogs' to true.",
  ],
  [
    "no stage",
    splitStage,
    { ...ofStage, "GET /restapis/abc/stages/dev": { status: 404, error: "NotFoundException", body: {} } },
    "the API abc has no stage dev: deploy to create it again.",
  ],
  [
    "counts that do not arrive",
    splitAlias,
    { ...ofAlias, GetMetricData: { body: { MetricDataResults: [{ Id: "version0", Values: [4] }] } } },
    "only 4 of 40 invocations had arrived after 0.3 seconds.",
  ],
])("%s leave it unknown, which is told and no success", async (_, files, table, why) => {
  aws.set(table as never);
  const [outcome, text] = await called(files, quarter("v1", "v2"));
  expect([outcome, text]).toEqual([2, expect.stringContaining(why)]);
  expect(text).toContain("Which version answered is not known: no response has the header x-version, and ");
  expect(text).not.toContain("The split is as expected");
});

test("CloudWatch counts the invocations of a weighted alias, those by others too", async () => {
  const counts = (one: number, two: number) => ({
    body: {
      MetricDataResults: [
        { Id: "version0", Values: [one - 50, 50] },
        { Id: "version1", Values: [two] },
      ],
    },
  });
  aws.set({ ...ofAlias, GetMetricData: [{ body: {} }, counts(150, 50)] });
  const [outcome, text] = await called(splitAlias, quarter("1", "2"));
  expect(outcome).toBe(0);
  expect(text).toContain("No request failed.");
  expect(text).toMatch(/^1 +150 +75\.0 % +75 % \(/m);
  expect(text).toMatch(/^2 +50 +25\.0 % +25 % \(/m);
  const asked = aws.calls.find(({ name }) => name === "GetMetricData")?.body;
  const query = (version: string) => ({
    MetricStat: {
      Metric: {
        Namespace: "AWS/Lambda",
        MetricName: "Invocations",
        Dimensions: [
          { Name: "FunctionName", Value: "shop-dev" },
          { Name: "Resource", Value: "shop-dev:live" },
          { Name: "ExecutedVersion", Value: version },
        ],
      },
      Period: 60,
      Stat: "Sum",
    },
  });
  expect(asked).toMatchObject({ MetricDataQueries: [query("1"), query("2")] });
  aws.set({ ...ofAlias, GetMetricData: counts(100, 100) });
  expect((await called(splitAlias, quarter("1", "2")))[0]).toBe(1);
});

test("requests that fail end it with 1, whoever answered", async () => {
  failing = true;
  aws.set({ ...ofStage, FilterLogEvents: logged(() => true) });
  expect(await called(splitStage, quarter("v1", "v2"))).toEqual([
    1,
    expect.stringContaining("40 requests failed."),
  ]);
});
