import { shop as oneFunction } from "../e2e/lambda-versions";
import { AnsweringEndpoint, type Table } from "../live/answering-endpoint";
import { asked, metrics, type Values } from "../live/cloudwatch-minutes";
import { functionCall, stageCall } from "../live/live-answers";
import { alarms, calm, guardedBy, nine, refused, writes } from "./guard-answers";
import { canarySettings, deployments, onV1, shopWith, stage } from "./guarded-stage";
import { lookAt, recordedStops } from "./looks";

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

/** The canary has its share since nine, and it is eleven. */
const now = new Date("2026-11-27T11:00:00Z");
const lastUpdatedDate = Date.parse(nine) / 1000;
const onTrial = stage({ ...onV1, canarySettings, lastUpdatedDate });
const good: Values = {
  "StableRequests Sum": 3000,
  "CanaryRequests Sum": 3000,
  "Stable5xx Sum": 3,
  "Canary5xx Sum": 3,
};
const slightlyWorse: Values = { ...good, "Canary5xx Sum": 9 };

const files = (fields: object = {}) =>
  shopWith({ guard: { verdict: true }, stage: { accessLogs: true }, verdict: { latency: false }, ...fields });
const guarded = guardedBy(files());
const there = (values: Values): Table => ({
  ...calm,
  ...onTrial,
  ...writes,
  GetMetricData: metrics(aws, values),
});

describe("a guard that compares", () => {
  test("takes a canary back that is slightly worse, which no alarm has seen", async () => {
    aws.set(there(slightlyWorse));
    const action = await lookAt(guarded, now);
    expect(action).toMatchObject({ kind: "stop", version: "v2", to: "v1", isAgain: false });
    expect(action).toHaveProperty(
      "reason",
      expect.stringMatching(
        /^the verdict is worse than v1: failed answers \(0\.3 % of [\d,]+, beside 0\.1 % of [\d,]+\)$/,
      ),
    );
    expect(recordedStops(aws)).toMatchObject([{ version: "v2", by: "guard", to: { v1: 100 } }]);
    expect(aws.changes.map(({ name }) => name)).toEqual(["PutParameter", `PATCH ${stageCall}`]);
  });

  test("compares since the share is live, and leaves out the minutes that CloudWatch may still count", async () => {
    aws.set(there(good));
    await lookAt(guarded, now);
    expect(asked(aws)).toMatchObject({
      StartTime: lastUpdatedDate,
      EndTime: Date.parse("2026-11-27T10:57:00Z") / 1000,
    });
  });

  test.each<[string, () => Table]>([
    ["a canary that is as good", () => there(good)],
    ["a canary that answers nothing", () => there({})],
    [
      "stable and canary that fail alike",
      () => there({ ...good, "Stable5xx Sum": 600, "Canary5xx Sum": 600 }),
    ],
    [
      "a canary that is no version of its release",
      () => {
        const stageVariableOverrides = { shopFunction: "shop-dev-v9" };
        const settings = { ...canarySettings, stageVariableOverrides };
        return { ...there(slightlyWorse), ...stage({ ...onV1, canarySettings: settings, lastUpdatedDate }) };
      },
    ],
    ["no canary", () => ({ ...there(slightlyWorse), ...stage({ ...onV1, lastUpdatedDate }) })],
    [
      "a stage that does not say when it was changed",
      () => ({ ...there(slightlyWorse), ...stage({ ...onV1, canarySettings }) }),
    ],
  ])("leaves %s where it is", async (_, table) => {
    aws.set(table());
    expect(await lookAt(guarded, now)).toEqual({ kind: "nothing" });
    expect(aws.changes).toEqual([]);
  });

  test("acts on an alarm first, without asking for a minute", async () => {
    aws.set({ ...there(slightlyWorse), ...alarms("shop-dev-v2-errors") });
    expect(await lookAt(guarded, now)).toMatchObject({ reason: "alarm shop-dev-v2-errors: 3 errors" });
    expect(aws.asked).not.toContain("GetMetricData");
  });

  test("gives no users to a stable version that is in ALARM: a person decides", async () => {
    aws.set({ ...there(slightlyWorse), ...alarms("shop-dev-v1-errors") });
    expect(await lookAt(guarded, now)).toMatchObject({
      kind: "tell",
      version: "v2",
      reason: expect.stringMatching(
        /^the verdict is worse than v1: .*; but v1 is in ALARM too \(shop-dev-v1-errors\)$/,
      ),
    });
    expect(aws.changes).toEqual([]);
  });

  test("fails where CloudWatch refuses, so that its own alarm tells people", async () => {
    aws.set({ ...there(good), GetMetricData: refused() });
    await expect(lookAt(guarded, now)).rejects.toThrow("access denied for cloudwatch:GetMetricData: no");
  });

  test("asks nobody for minutes where its file does not say so", async () => {
    aws.set(there(slightlyWorse));
    expect(await lookAt(guardedBy(files({ guard: {} })), now)).toEqual({ kind: "nothing" });
    expect(aws.asked).toEqual(["DescribeAlarms", "GetParameter"]);
  });

  test("compares the numbers of an alias since it has recorded the share", async () => {
    const share = { version: "2", percent: 10, since: nine, at: nine };
    const live = {
      Name: "live",
      FunctionVersion: "1",
      RoutingConfig: { AdditionalVersionWeights: { "2": 0.1 } },
    };
    const ofAlias = guardedBy(
      oneFunction("weighted-alias", "code", {
        versions: [1, 2],
        canary: { version: 2, percent: 10, since: nine },
        stableSince: nine,
        guard: { verdict: true },
        verdict: { latency: false },
      }),
    );
    aws.set({
      ...calm,
      ...writes,
      [`GET ${stageCall}`]: { body: { deploymentId: "d1", variables: { alias: "live" } } },
      "GET /restapis/abc/deployments": { body: { item: deployments } },
      [`GET ${functionCall}/aliases`]: { body: { Aliases: [live] } },
      [`GET ${functionCall}/configuration?Qualifier=1`]: { body: {} },
      // First the stops, then the share.
      GetParameter: [
        { body: { Parameter: { Value: "{}" } } },
        { body: { Parameter: { Value: JSON.stringify(share) } } },
        { body: { Parameter: { Value: "{}" } } },
      ],
      GetMetricData: metrics(aws, { "Invocations Sum": 600, "Errors Sum": 0 }),
    });
    expect(await lookAt(ofAlias, now)).toEqual({ kind: "nothing" });
    expect(asked(aws).StartTime).toBe(lastUpdatedDate);
  });
});
