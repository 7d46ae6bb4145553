import { look } from "../../src/guard/guard";
import { CallTime } from "../../src/live/call-time";
import { decisionText } from "../../src/release/decision";
import { type Guarded, guardedOf } from "../../src/release/guarded";
import type { FunctionsRelease } from "../../src/release/release";
import { noStops, readStops, type Stop, withStop } from "../../src/release/stops";
import type { Strategy } from "../../src/release/strategies/names";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { type Answer, AnsweringEndpoint, type Answers, accountId } from "../live/answering-endpoint";
import { releaseOf } from "../live/shop-context";
import { type Files, plainFingerprint, shop } from "../support/shop";

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

type Table = Readonly<Record<string, Answers>>;

const topic = `arn:aws:sns:eu-central-1:${accountId}:releases`;
const parameter = "/lambda-release/shop-dev/stops";
const [nine, ten] = ["2026-11-27T09:00:00Z", "2026-11-27T10:00:00Z"] as const;
const now = new Date("2026-11-27T10:00:00.700Z");
const stageCall = "/restapis/abc/stages/dev";
const functionCall = "/2015-03-31/functions/shop-dev";

/** As the guard's function knows the release, with the API that Terraform names. */
function guardedBy(files: Files): Guarded {
  const guarded = guardedOf(releaseOf(files) as FunctionsRelease);
  if (guarded === undefined) throw new Error("the release has no guard");
  return { ...guarded, release: { ...guarded.release, adopted: { api: "abc" } } as FunctionsRelease };
}

/** @param hour when the guard looks */
const lookAt = (guarded: Guarded, time = now) =>
  look({ accountId, region: "eu-central-1", time: new CallTime() }, guarded, time);

const error = (promise: Promise<unknown>) =>
  promise.then(
    () => "nothing is thrown",
    ({ message }: Error) => message,
  );

const refused = (message = "no"): Answer => ({
  status: 403,
  error: "AccessDeniedException",
  body: { message },
});

/** These alarms are in ALARM since just now, and no other. */
const alarms = (...names: string[]): Table => ({
  DescribeAlarms: {
    body: {
      MetricAlarms: names.map((AlarmName) => ({
        AlarmName,
        StateValue: "ALARM",
        StateReason: "3 errors",
        StateTransitionedTimestamp: now.getTime() / 1000,
      })),
    },
  },
});

/** The parameter's value. */
const recorded = (Value: string): Table => ({
  GetParameter: { body: { Parameter: { Name: parameter, Value } } },
});
const calm: Table = { ...alarms(), ...recorded(noStops) };
const published: Answer = {
  body: "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>",
};
/** What the guard may call when it has something to do. */
const writes: Table = {
  PutParameter: { body: { Version: 2 } },
  Publish: published,
  [`PATCH ${stageCall}`]: { body: {} },
  [`PUT ${functionCall}/aliases/live`]: { body: {} },
};

/** The value that the parameter was given last. */
function recordedStops(): readonly Stop[] {
  const put = aws.calls.findLast(({ name }) => name === "PutParameter");
  return readStops((put?.body as { Value: string } | undefined)?.Value ?? noStops);
}

describe("a canary stage", () => {
  const files = shop({
    guard: { topics: [topic] },
    alarms: {},
    stage: { variables: { source: "web" } },
    stableSince: nine,
    former: undefined,
    canary: { version: "v2", percent: 50, since: nine },
  });
  const guarded = guardedBy(files);
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
    expect(aws.asked.slice(4)).toEqual(["GetParameter", "PutParameter", `PATCH ${stageCall}`, "Publish"]);
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
    expect(lines[2]).toContain("npx lambda-release sync dev/shop");
    expect(JSON.parse(https)).toEqual({
      version: "1.0",
      source: "custom",
      content: { textType: "client-markdown", title, description: lines.join("\n") },
    });
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
});
