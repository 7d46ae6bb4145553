import { look } from "../../src/guard/guard";
import { CallTime } from "../../src/live/call-time";
import { decisionText } from "../../src/release/steps/decision";
import { noStops, withStop } from "../../src/release/steps/stops";
import { AnsweringEndpoint, accountId, type Table } from "../live/answering-endpoint";
import { stageCall } from "../live/live-answers";
import { alarms, guardedBy, nine, now, published, recorded, refused, topic } from "./guard-answers";
import { guarded, shopWith, stage, stop, stopsV2, v2IsBad } from "./guarded-stage";
import { askedMetrics, counted, lookAt, toldLines } from "./looks";

let aws: AnsweringEndpoint;
let logged: jest.SpyInstance;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
beforeEach(() => {
  logged = jest.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => logged.mockRestore());
afterAll(() => aws.stop());

describe("a canary stage", () => {
  test("tells it as text, and to HTTPS subscribers as a chat shows it", async () => {
    aws.set(v2IsBad);
    await lookAt(guarded);
    const sent = aws.calls.find(({ name }) => name === "Publish")?.body as Record<string, string>;
    const title = "dev/shop: the guard stopped v2";
    expect(sent).toMatchObject({ TopicArn: topic, Subject: title, MessageStructure: "json" });
    const { default: text, https, ...others } = JSON.parse(sent["Message"] ?? "");
    expect(others).toEqual({});
    const [first, empty, ...lines] = text.split("\n");
    expect([first, empty]).toEqual([title, ""]);
    expect(lines[0]).toBe("v2 had 50 % of the requests. v1 serves everybody now.");
    expect(lines[1]).toBe("Why: alarm shop-dev-v2-errors: 3 errors");
    expect(lines[2]).toBe("How many requests v2 answered, and how many failed, is not known.");
    expect(lines[3]).toContain("npx lambda-release sync dev/shop");
    expect(JSON.parse(https)).toEqual({
      version: "1.0",
      source: "custom",
      content: { textType: "client-markdown", title, description: lines.join("\n") },
    });
  });

  test("tells how many requests the version answered since it had its share, and how many failed", async () => {
    aws.set({ ...v2IsBad, ...counted([600, 604], [30, 7]) });
    await lookAt(guarded);
    expect(toldLines(aws)).toContain(
      `v2 answered 1,204 requests since ${nine}, with 37 answers of 500 and above (3.1 %). CloudWatch may count more of the last minutes.`,
    );
    expect(askedMetrics(aws)).toEqual([
      "LambdaRelease/shop-dev CanaryRequests",
      "LambdaRelease/shop-dev Canary5xx",
    ]);
    const asked = aws.calls.find(({ name }) => name === "GetMetricData")?.body;
    expect(asked).toMatchObject({ StartTime: Date.parse(nine) / 1000, EndTime: now.getTime() / 1000 });
  });

  test("counts since the stop before, where the version got users again after it", async () => {
    const before = { ...stop, at: "2026-11-27T09:30:00Z" };
    aws.set({ ...v2IsBad, ...recorded(withStop(noStops, before)), ...counted([10], [1]) });
    expect(await lookAt(guarded)).toEqual({ ...stopsV2, isAgain: true });
    expect(toldLines(aws).join("\n")).toContain(`v2 answered 10 requests since ${before.at}, with 1 answers`);
    const asked = aws.calls.find(({ name }) => name === "GetMetricData")?.body;
    expect(asked).toMatchObject({ StartTime: Date.parse(before.at) / 1000 });
  });

  test("counts those of the promoted version as stable's, since the promotion", async () => {
    const description = decisionText({ stable: { version: "v2", since: nine }, former: "v1" });
    const variables = { source: "web", shopFunction: "shop-dev-v2" };
    aws.set({
      ...v2IsBad,
      ...stage({ deploymentId: "d2", variables, description }),
      "GET /2015-03-31/functions/shop-dev-v1/configuration": { body: {} },
      ...counted([10], []),
    });
    await lookAt(guarded, new Date("2026-11-27T09:59:59Z"));
    expect(toldLines(aws)).toContain(
      `v2 answered 10 requests since ${nine}, with 0 answers of 500 and above (0 %). CloudWatch may count more of the last minutes.`,
    );
    expect(askedMetrics(aws)[0]).toBe("LambdaRelease/shop-dev StableRequests");
  });

  test("counts invocations of the version's functions where no access log counts its answers", async () => {
    const unlogged = guardedBy(shopWith({ stage: { variables: { source: "web" }, accessLogs: false } }));
    aws.set({ ...v2IsBad, ...counted([1], [1]) });
    await lookAt(unlogged);
    expect(toldLines(aws)).toContain(
      `v2 was invoked 1 time since ${nine}, with 1 failed invocations (100 %). CloudWatch may count more of the last minutes.`,
    );
    expect(askedMetrics(aws)).toEqual([
      "AWS/Lambda Invocations FunctionName=shop-dev-v2",
      "AWS/Lambda Errors FunctionName=shop-dev-v2",
    ]);
  });

  test.each<[string, Table]>([
    ["refuses", { GetMetricData: refused() }],
    ["does not answer in time", { GetMetricData: { stalls: true } }],
    [
      "cannot read all of it",
      { GetMetricData: { body: { MetricDataResults: [{ StatusCode: "InternalError" }] } } },
    ],
    ["has counted nothing yet", counted([], [])],
  ])(
    "is stopped, and the numbers are not known, where CloudWatch %s",
    async (_, answers) => {
      aws.set({ ...v2IsBad, ...answers });
      expect(await lookAt(guarded)).toEqual(stopsV2);
      expect(toldLines(aws)).toContain("How many requests v2 answered, and how many failed, is not known.");
      expect(aws.asked.indexOf("GetMetricData")).toBeGreaterThan(aws.asked.indexOf(`PATCH ${stageCall}`));
    },
    20_000,
  );

  test("is asked for numbers where its other calls go, and nowhere else", async () => {
    const endpoint = process.env["AWS_ENDPOINT_URL"] ?? "";
    const elsewhere = await AnsweringEndpoint.start();
    try {
      aws.set({ ...v2IsBad, ...counted([10], [1]) });
      const credentials = { accessKeyId: "test", secretAccessKey: "test" };
      const account = { accountId, region: "eu-central-1", time: new CallTime() };
      await look({ ...account, local: { endpoint, credentials } }, guarded, now);
      expect(aws.asked).toContain("GetMetricData");
      expect(elsewhere.asked).toEqual([]);
    } finally {
      elsewhere.stop();
    }
  });

  test("that tells nobody is not asked for numbers", async () => {
    aws.set(v2IsBad);
    await lookAt({ ...guarded, guard: { ...guarded.guard, topics: [] } });
    expect(aws.asked).not.toContain("GetMetricData");
  });

  test("is left as it is, and people are asked, where both versions are in ALARM", async () => {
    aws.set({ ...v2IsBad, ...alarms("shop-dev-v1-errors", "shop-dev-v2-errors") });
    expect(await lookAt(guarded)).toMatchObject({ kind: "tell", version: "v2" });
    expect(aws.changes.map(({ name }) => name)).toEqual(["Publish"]);
    expect(JSON.stringify(aws.changes[0]?.body)).toContain("rollback dev/shop --now");
  });

  test.each([
    [0, true],
    [1, true],
    [2, false],
    [59, false],
    [60, true],
    [61, false],
    [120, true],
  ])(
    "is told of to people at once and each hour, not each minute: after %d minutes",
    async (minutes, isTold) => {
      aws.set({ ...v2IsBad, ...alarms("shop-dev-v1-errors", "shop-dev-v2-errors") });
      const later = new Date(now.getTime() + minutes * 60_000);
      expect(await lookAt(guarded, later)).toMatchObject({ kind: "tell" });
      expect(aws.asked.includes("Publish")).toBe(isTold);
    },
  );

  test("moves the users where SNS refuses, logs it, and tells the other topics", async () => {
    const second = `${topic}-2`;
    const both = { ...guarded, guard: { ...guarded.guard, topics: [topic, second] } };
    const denial = `<ErrorResponse><Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>not yours</Message></Error></ErrorResponse>`;
    aws.set({ ...v2IsBad, Publish: [{ status: 403, body: denial }, published] });
    expect(await lookAt(both)).toEqual(stopsV2);
    expect(aws.asked.filter((name) => name === "Publish")).toHaveLength(2);
    expect(aws.asked).toContain(`PATCH ${stageCall}`);
    expect(logged.mock.calls).toEqual([
      [expect.stringContaining("access denied for sns:Publish: not yours")],
    ]);
  });
});
