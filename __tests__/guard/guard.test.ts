import { look } from "../../src/guard/guard";
import { CallTime } from "../../src/live/call-time";
import { decisionText } from "../../src/release/decision";
import type { Guarded } from "../../src/release/guarded";
import { noStops, readStops, type Stop, withStop } from "../../src/release/stops";
import type { Strategy } from "../../src/release/strategies/names";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { AnsweringEndpoint, accountId } from "../live/answering-endpoint";
import { lifeOfTwo, numbered } from "../support/several-functions";
import { plainFingerprint, shop } from "../support/shop";
import {
  alarms,
  calm,
  error,
  functionCall,
  guardedBy,
  nine,
  now,
  parameter,
  published,
  recorded,
  refused,
  stageCall,
  type Table,
  ten,
  topic,
  writes,
} from "./guard-answers";

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

const lookAt = (guarded: Guarded, time = now) =>
  look({ accountId, region: "eu-central-1", time: new CallTime() }, guarded, time);

/** The value that the parameter was given last. */
function recordedStops(): readonly Stop[] {
  const put = aws.calls.findLast(({ name }) => name === "PutParameter");
  return readStops((put?.body as { Value: string } | undefined)?.Value ?? noStops);
}

/** What CloudWatch has counted, in periods. */
const counted = (all: number[], failed: number[]): Table => ({
  GetMetricData: {
    body: {
      MetricDataResults: [
        { Id: "all0", StatusCode: "Complete", Values: all },
        { Id: "failed0", StatusCode: "Complete", Values: failed },
      ],
    },
  },
});

/** The lines that people were told last. */
function toldLines(): string[] {
  const sent = aws.calls.findLast(({ name }) => name === "Publish")?.body as Record<string, string>;
  return JSON.parse(sent["Message"] ?? "").default.split("\n");
}

interface MetricQuery {
  readonly MetricStat: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
  };
}

/** The metrics that CloudWatch was asked for, each in one line. */
function askedMetrics(): string[] {
  const asked = aws.calls.find(({ name }) => name === "GetMetricData")?.body;
  const { MetricDataQueries } = asked as { readonly MetricDataQueries: readonly MetricQuery[] };
  return MetricDataQueries.map(({ MetricStat: { Metric } }) =>
    [
      Metric.Namespace,
      Metric.MetricName,
      ...Metric.Dimensions.map(({ Name, Value }) => `${Name}=${Value}`),
    ].join(" "),
  );
}

describe("a canary stage", () => {
  const shopWith = (fields: object) =>
    shop({
      guard: { topics: [topic] },
      alarms: {},
      stage: { variables: { source: "web" } },
      stableSince: nine,
      former: undefined,
      canary: { version: "v2", percent: 50, since: nine },
      ...fields,
    });
  const guarded = guardedBy(shopWith({}));
  const deployments = [
    { id: "d1", description: "v1", createdDate: 1 },
    { id: "d2", description: "v2", createdDate: 2 },
  ];
  const onV1 = {
    deploymentId: "d1",
    variables: { source: "web", shopFunction: "shop-dev-v1" },
    description: decisionText({
      stable: { version: "v1", since: nine },
      canary: { version: "v2", since: nine },
    }),
  };
  const canarySettings = {
    percentTraffic: 50,
    deploymentId: "d2",
    stageVariableOverrides: { shopFunction: "shop-dev-v2" },
  };
  const stage = (fields: object): Table => ({
    [`GET ${stageCall}`]: { body: { stageName: "dev", ...fields } },
    "GET /restapis/abc/deployments": { body: { item: deployments } },
  });
  const onTrial = stage({ ...onV1, canarySettings });
  const v2IsBad: Table = { ...calm, ...alarms("shop-dev-v2-errors"), ...onTrial, ...writes };
  const stop: Stop = {
    version: "v2",
    at: ten,
    by: "guard",
    reason: "alarm shop-dev-v2-errors: 3 errors",
    from: { v1: 50, v2: 50 },
    to: { v1: 100 },
  };
  const stopsV2 = { kind: "stop", version: "v2", to: "v1", reason: stop.reason, isAgain: false };
  const drop = [
    { op: "remove", path: "/canarySettings" },
    { op: "replace", path: "/description", value: `stable v1 since ${nine}` },
  ];

  test("loses a bad canary: the stop is recorded, then the users move, then people hear of it", async () => {
    aws.set(v2IsBad);
    expect(await lookAt(guarded)).toEqual(stopsV2);
    expect(aws.asked.slice(0, 2).sort()).toEqual(["DescribeAlarms", "GetParameter"]);
    expect(aws.asked.slice(2, 4).sort()).toEqual(
      [`GET ${stageCall}`, "GET /restapis/abc/deployments"].sort(),
    );
    expect(aws.asked.slice(4)).toEqual([
      "GetParameter",
      "PutParameter",
      `PATCH ${stageCall}`,
      "GetMetricData",
      "Publish",
    ]);
    const [put, patch] = aws.changes;
    expect(put?.body).toEqual({
      Name: parameter,
      Type: "String",
      Overwrite: true,
      Value: JSON.stringify({ stops: [stop] }),
    });
    expect(patch?.body).toEqual({ patchOperations: drop });
  });

  test("asks for all alarms of the release, and no more", async () => {
    aws.set({ ...calm, ...onTrial });
    await lookAt(guarded);
    const asked = aws.calls.find(({ name }) => name === "DescribeAlarms")?.body;
    expect(asked).toMatchObject({ AlarmNames: ["shop-dev-v1-errors", "shop-dev-v2-errors"] });
  });

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
    expect(toldLines()).toContain(
      `v2 answered 1,204 requests since ${nine}, with 37 answers of 500 and above (3.1 %). CloudWatch may count more of the last minutes.`,
    );
    expect(askedMetrics()).toEqual([
      "LambdaRelease/shop-dev CanaryRequests",
      "LambdaRelease/shop-dev Canary5xx",
    ]);
    const asked = aws.calls.find(({ name }) => name === "GetMetricData")?.body;
    expect(asked).toMatchObject({ StartTime: Date.parse(nine) / 1000, EndTime: now.getTime() / 1000 });
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
    expect(toldLines()).toContain(
      `v2 answered 10 requests since ${nine}, with 0 answers of 500 and above (0 %). CloudWatch may count more of the last minutes.`,
    );
    expect(askedMetrics()[0]).toBe("LambdaRelease/shop-dev StableRequests");
  });

  test("counts invocations of the version's functions where no access log counts its answers", async () => {
    const unlogged = guardedBy(shopWith({ stage: { variables: { source: "web" }, accessLogs: false } }));
    aws.set({ ...v2IsBad, ...counted([1], [1]) });
    await lookAt(unlogged);
    expect(toldLines()).toContain(
      `v2 was invoked 1 time since ${nine}, with 1 failed invocations (100 %). CloudWatch may count more of the last minutes.`,
    );
    expect(askedMetrics()).toEqual([
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
      expect(toldLines()).toContain("How many requests v2 answered, and how many failed, is not known.");
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

  test("is looked at by CloudWatch and the parameter alone where nothing is wrong", async () => {
    const old = withStop(noStops, { ...stop, version: "v1", at: "2026-11-27T03:59:59Z" });
    for (const value of [noStops, old, "written by hand"]) {
      aws.set({ ...calm, ...recorded(value), ...onTrial });
      expect(await lookAt(guarded)).toEqual({ kind: "nothing" });
      expect([...aws.asked].sort()).toEqual(["DescribeAlarms", "GetParameter"]);
    }
  });

  test("changes nothing where a stop is recent and nobody gave the version users again", async () => {
    aws.set({ ...calm, ...recorded(withStop(noStops, stop)), ...stage(onV1) });
    expect(await lookAt(guarded)).toEqual({ kind: "nothing" });
    expect(aws.changes).toEqual([]);
  });

  test("is moved at the next look where the first one failed after it had recorded the stop", async () => {
    aws.set({ ...v2IsBad, [`PATCH ${stageCall}`]: refused("not now") });
    expect(await error(lookAt(guarded))).toBe("access denied for apigateway:PATCH: not now");
    const left = recordedStops();
    expect(left).toEqual([stop]);
    expect(aws.asked).not.toContain("Publish");
    aws.set({ ...calm, ...recorded(JSON.stringify({ stops: left })), ...onTrial, ...writes });
    expect(await lookAt(guarded, new Date(now.getTime() + 60_000))).toMatchObject({
      kind: "stop",
      version: "v2",
      isAgain: true,
    });
    expect(aws.changes.map(({ name }) => name)).toEqual([`PATCH ${stageCall}`, "Publish"]);
    expect(aws.changes[0]?.body).toEqual({ patchOperations: drop });
  });

  test("records no stop where the version that is to take over is not there", async () => {
    aws.set({
      ...v2IsBad,
      "GET /restapis/abc/deployments": { body: { item: deployments.slice(1) } },
    });
    expect(await error(lookAt(guarded))).toContain("there is no deployment 'v1' of the API");
    expect(aws.changes).toEqual([]);
  });

  test("returns to the former version soon after a promotion, and says since when", async () => {
    const description = decisionText({ stable: { version: "v2", since: nine }, former: "v1" });
    const variables = { source: "web", shopFunction: "shop-dev-v2" };
    const v1 = "GET /2015-03-31/functions/shop-dev-v1/configuration";
    const promoted = {
      ...v2IsBad,
      ...stage({ deploymentId: "d2", variables, description }),
      [v1]: { body: {} },
    };
    aws.set(promoted);
    expect(await lookAt(guarded, new Date("2026-11-27T09:59:59Z"))).toMatchObject({ kind: "stop", to: "v1" });
    expect(aws.changes[1]?.body).toEqual({
      patchOperations: [
        { op: "replace", path: "/deploymentId", value: "d1" },
        { op: "replace", path: "/variables/shopFunction", value: "shop-dev-v1" },
        { op: "replace", path: "/description", value: "stable v1 since 2026-11-27T09:59:59Z" },
      ],
    });
    aws.set(promoted);
    expect(await lookAt(guarded)).toEqual({ kind: "nothing" });
    expect(aws.changes).toEqual([]);
  });

  test("loses its canary to the version that serves beside it, whatever the description says of another", async () => {
    const description = `stable v2 since ${nine}, former v0`;
    aws.set({ ...v2IsBad, ...stage({ ...onV1, canarySettings, description }) });
    expect(await lookAt(guarded)).toEqual(stopsV2);
    expect(aws.changes[1]?.body).toEqual({
      patchOperations: [
        { op: "remove", path: "/canarySettings" },
        { op: "replace", path: "/description", value: "stable v1" },
      ],
    });
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

  test("makes the parameter anew where somebody deleted it", async () => {
    aws.set({ ...v2IsBad, GetParameter: { status: 400, error: "ParameterNotFound", body: {} } });
    expect(await lookAt(guarded)).toEqual(stopsV2);
    expect(recordedStops()).toEqual([stop]);
  });

  test("changes nothing where the stops cannot be read, or the alarms", async () => {
    for (const call of ["GetParameter", "DescribeAlarms"]) {
      aws.set({ ...v2IsBad, [call]: refused() });
      expect(await error(lookAt(guarded))).toMatch(/^access denied for (ssm|cloudwatch):/);
      expect(aws.changes).toEqual([]);
    }
  });

  test("whose stage is gone is an error that says so", async () => {
    aws.set({ ...v2IsBad, [`GET ${stageCall}`]: { status: 404, error: "NotFoundException", body: {} } });
    expect(await error(lookAt(guarded))).toBe("the API abc has no stage dev: deploy to create it again");
    expect(aws.changes).toEqual([]);
  });
});

describe("an alias", () => {
  const released = (strategy: Strategy, fields: object) =>
    guardedBy(oneFunction(strategy, "code", { guard: {}, alarms: {}, stableSince: nine, ...fields }));
  const guarded = released("weighted-alias", {
    versions: [1, 2],
    canary: { version: 2, percent: 10, since: nine },
  });
  const description = decisionText({
    stable: { version: "1", since: nine },
    canary: { version: "2", since: nine },
  });
  const live = {
    Name: "live",
    FunctionVersion: "1",
    RevisionId: "read",
    Description: description,
    RoutingConfig: { AdditionalVersionWeights: { "2": 0.1 } },
  };
  const there = (...Aliases: object[]): Table => ({
    [`GET ${stageCall}`]: { body: { deploymentId: "d1", variables: { alias: "live" } } },
    "GET /restapis/abc/deployments": {
      body: { item: [{ id: "d1", description: `definition ${plainFingerprint}` }] },
    },
    [`GET ${functionCall}/aliases`]: { body: { Aliases } },
    [`GET ${functionCall}/configuration?Qualifier=1`]: { body: {} },
  });
  const update = {
    FunctionVersion: "1",
    RoutingConfig: { AdditionalVersionWeights: {} },
    RevisionId: "read",
    Description: `stable 1 since ${nine}`,
  };

  test.each(["shop-dev-version-errors", "shop-dev-alias-errors"])(
    "loses its weights by one call, if nobody moved it meanwhile, when %s is in ALARM",
    async (name) => {
      aws.set({ ...calm, ...alarms(name), ...there(live), ...writes });
      expect(await lookAt(guarded)).toMatchObject({ kind: "stop", version: "2", to: "1" });
      expect(aws.changes.map(({ name }) => name)).toEqual([
        "PutParameter",
        `PUT ${functionCall}/aliases/live`,
      ]);
      expect(aws.changes[1]?.body).toEqual(update);
      expect(recordedStops()).toMatchObject([{ version: "2", from: { "1": 90, "2": 10 }, to: { "1": 100 } }]);
    },
  );

  test("is read by its own description, whatever other aliases say", async () => {
    const other = { Name: "beta", FunctionVersion: "1", Description: "stable 9" };
    aws.set({ ...calm, ...alarms("shop-dev-version-errors"), ...there(other, live), ...writes });
    await lookAt(guarded);
    expect(aws.changes[1]?.body).toEqual(update);
  });

  test("tells how often the version was invoked by it", async () => {
    const told = { ...guarded, guard: { ...guarded.guard, topics: [topic] } };
    aws.set({
      ...calm,
      ...alarms("shop-dev-version-errors"),
      ...there(live),
      ...writes,
      ...counted([2000], [10]),
    });
    await lookAt(told);
    expect(toldLines()).toContain(
      `2 was invoked 2,000 times since ${nine}, with 10 failed invocations (0.5 %). CloudWatch may count more of the last minutes.`,
    );
    expect(askedMetrics()).toEqual(
      ["Invocations", "Errors"].map(
        (name) => `AWS/Lambda ${name} FunctionName=shop-dev Resource=shop-dev:live ExecutedVersion=2`,
      ),
    );
  });

  test("that somebody moved meanwhile is left alone", async () => {
    aws.set({
      ...calm,
      ...alarms("shop-dev-version-errors"),
      ...there(live),
      ...writes,
      [`PUT ${functionCall}/aliases/live`]: { status: 412, error: "PreconditionFailedException", body: {} },
    });
    expect(await error(lookAt(guarded))).toContain("someone else moved the alias meanwhile");
  });

  test("of a second function that could not be moved is moved at the next look", async () => {
    const { recorded: two } = lifeOfTwo("weighted-alias");
    const file = { ...(two["releases/dev/shop.json"] as object), guard: {}, alarms: {}, stableSince: nine };
    const ofTwo = guardedBy({ ...two, "releases/dev/shop.json": file });
    const aliasOf = (name: string, fields: object): Table => ({
      [`GET ${functionCall}-${name}/aliases`]: { body: { Aliases: [{ ...live, ...fields }] } },
      [`GET ${functionCall}-${name}/configuration?Qualifier=1`]: { body: {} },
      [`PUT ${functionCall}-${name}/aliases/live`]: { body: {} },
    });
    const variables = { apiFunction: "shop-dev-api:live", adminFunction: "shop-dev-admin:live" };
    const description = `definition ${numbered(1, 1).fingerprint}`;
    const bothSplit: Table = {
      ...calm,
      ...writes,
      [`GET ${stageCall}`]: { body: { deploymentId: "d1", variables } },
      "GET /restapis/abc/deployments": { body: { item: [{ id: "d1", description }] } },
      ...aliasOf("api", {}),
      ...aliasOf("admin", {}),
    };
    const adminCall = `PUT ${functionCall}-admin/aliases/live`;
    aws.set({ ...bothSplit, ...alarms("shop-dev-api-version-errors"), [adminCall]: refused() });
    expect(await error(lookAt(ofTwo))).toContain("done before that: alias shop-dev-api:live");
    const left = JSON.stringify({ stops: recordedStops() });
    const moved = { RoutingConfig: undefined, Description: update.Description };
    aws.set({ ...bothSplit, ...recorded(left), ...aliasOf("api", moved) });
    expect(await lookAt(ofTwo)).toMatchObject({ kind: "stop", version: "2", to: "1", isAgain: true });
    expect(aws.changes).toEqual([{ name: adminCall, body: update }]);
  });
});
