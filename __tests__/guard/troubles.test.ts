import type { PatchOperation } from "@aws-sdk/client-api-gateway";
import { readService } from "../../src/release/files/file";
import { type Guarded, guardedOf } from "../../src/release/guarded";
import type { FunctionsRelease } from "../../src/release/release";
import { noStops, readStops } from "../../src/release/steps/stops";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { type Answer, AnsweringEndpoint, type Table } from "../live/answering-endpoint";
import { error, functionCall, stageCall } from "../live/live-answers";
import { filesInMemory } from "../support/files-in-memory";
import { plainFingerprint, shop } from "../support/shop";
import { alarms, calm, guardedBy, nine, topic, writes } from "./guard-answers";
import { lookAt } from "./looks";

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

/** What the call that is being answered has in its body. */
const lastBody = <T>() => aws.calls.at(-1)?.body as T;

const files = shop({
  guard: { topics: [topic] },
  alarms: {},
  stableSince: nine,
  canary: { version: "v2", percent: 50, since: nine },
});
const canarySettings = {
  percentTraffic: 50,
  deploymentId: "d2",
  stageVariableOverrides: { shopFunction: "shop-dev-v2" },
};
const stage = (fields: object): Table => ({
  [`GET ${stageCall}`]: {
    body: { stageName: "dev", deploymentId: "d1", variables: { shopFunction: "shop-dev-v1" }, ...fields },
  },
  "GET /restapis/abc/deployments": {
    body: {
      item: [
        { id: "d1", description: "v1", createdDate: 1 },
        { id: "d2", description: "v2", createdDate: 2 },
      ],
    },
  },
});
const ofStage: Table = { ...calm, ...alarms("shop-dev-v2-errors"), ...stage({ canarySettings }), ...writes };

const alias = {
  Name: "live",
  FunctionVersion: "1",
  RevisionId: "read",
  Description: `stable 1 since ${nine}, canary 2 since ${nine}`,
  RoutingConfig: { AdditionalVersionWeights: { "2": 0.1 } },
};
const ofAlias: Table = {
  ...calm,
  ...alarms("shop-dev-version-errors"),
  [`GET ${stageCall}`]: { body: { deploymentId: "d1", variables: { alias: "live" } } },
  "GET /restapis/abc/deployments": {
    body: { item: [{ id: "d1", description: `definition ${plainFingerprint}` }] },
  },
  [`GET ${functionCall}/aliases`]: { body: { Aliases: [alias] } },
  [`GET ${functionCall}/configuration?Qualifier=1`]: { body: {} },
  ...writes,
};
const weighted = guardedBy(
  oneFunction("weighted-alias", "code", {
    guard: { topics: [topic] },
    alarms: {},
    stableSince: nine,
    versions: [1, 2],
    canary: { version: 2, percent: 10, since: nine },
  }),
);

const tooMany: Answer = {
  status: 429,
  error: "TooManyRequestsException",
  body: { message: "Rate exceeded" },
};
const throttled: Answer = { status: 400, error: "ThrottlingException", body: { message: "Rate exceeded" } };

/** A call that AWS throttles, the guard that makes it, and what else it is answered. */
const throttledCalls: [string, string, Answer, Guarded, Table][] = [
  ["apigateway:GetStage", `GET ${stageCall}`, tooMany, guardedBy(files), ofStage],
  ["apigateway:UpdateStage", `PATCH ${stageCall}`, tooMany, guardedBy(files), ofStage],
  ["lambda:ListAliases", `GET ${functionCall}/aliases`, tooMany, weighted, ofAlias],
  ["lambda:UpdateAlias", `PUT ${functionCall}/aliases/live`, tooMany, weighted, ofAlias],
  ["ssm:GetParameter", "GetParameter", throttled, guardedBy(files), ofStage],
  ["ssm:PutParameter", "PutParameter", throttled, guardedBy(files), ofStage],
  ["cloudwatch:DescribeAlarms", "DescribeAlarms", throttled, guardedBy(files), ofStage],
];

describe("AWS that throttles", () => {
  test.each(throttledCalls)(
    "%s once is asked again, and the users move",
    async (_, call, refusal, guarded, table) => {
      aws.set({ ...table, [call]: [refusal, table[call] as Answer] });
      expect(await lookAt(guarded)).toMatchObject({ kind: "stop" });
      expect(aws.asked.filter((name) => name === call).length).toBeGreaterThan(1);
      expect(aws.asked.at(-1)).toBe("Publish");
    },
  );

  const refusedCalls = throttledCalls.filter(([name]) => /UpdateStage|ListAliases|PutParameter/.test(name));
  test.each(refusedCalls)(
    "%s again and again is an error: Lambda runs the guard again",
    async (name, call, refusal, guarded, table) => {
      aws.set({ ...table, [call]: refusal });
      expect(await error(lookAt(guarded))).toContain(`AWS throttles ${name}, 4 times in a row`);
      expect(aws.asked).not.toContain("Publish");
    },
  );
});

describe("events that come twice, late or in another order", () => {
  /** A stage and a parameter that keep what they are told; AWS refuses to drop a canary that is not there. */
  function keptBy(red: () => readonly string[]): Table {
    let value = noStops;
    let served: object = { canarySettings };
    const patched = () => {
      if (!("canarySettings" in served))
        return { status: 404, error: "NotFoundException", body: { message: "Invalid patch path" } };
      served = {
        description: lastBody<{ patchOperations: PatchOperation[] }>().patchOperations.at(-1)?.value,
      };
      return { body: {} };
    };
    const put = () => {
      value = lastBody<{ Value: string }>().Value;
      return { body: { Version: 2 } };
    };
    const stageNow = () => stage(served)[`GET ${stageCall}`] as Answer;
    return {
      ...ofStage,
      DescribeAlarms: () => alarms(...red())["DescribeAlarms"] as Answer,
      GetParameter: () => ({ body: { Parameter: { Value: value } } }),
      PutParameter: put,
      [`GET ${stageCall}`]: stageNow,
      [`PATCH ${stageCall}`]: patched,
    };
  }
  const stopsV2 = { kind: "stop", version: "v2", to: "v1", isAgain: false };
  const made = (call: string) => aws.asked.filter((name) => name === call).length;

  test("twice one after the other: the second finds nothing to do", async () => {
    aws.set(keptBy(() => ["shop-dev-v2-errors"]));
    expect(await lookAt(guardedBy(files))).toMatchObject(stopsV2);
    expect(await lookAt(guardedBy(files))).toEqual({ kind: "nothing" });
    expect(["PutParameter", `PATCH ${stageCall}`, "Publish"].map(made)).toEqual([1, 1, 1]);
  });

  test("twice at the same moment: both end well, and the version is stopped once", async () => {
    aws.set(keptBy(() => ["shop-dev-v2-errors"]));
    const both = [lookAt(guardedBy(files)), lookAt(guardedBy(files))];
    expect(await Promise.all(both)).toMatchObject([stopsV2, stopsV2]);
    const put = aws.calls.findLast(({ name }) => name === "PutParameter")?.body as { Value: string };
    expect(readStops(put.Value)).toMatchObject([{ version: "v2", by: "guard" }]);
  });

  test("after the alarm is OK again: nobody is moved", async () => {
    const red = ["shop-dev-v2-errors"];
    aws.set(keptBy(() => red));
    red.pop();
    expect(await lookAt(guardedBy(files))).toEqual({ kind: "nothing" });
    expect(aws.changes).toEqual([]);
  });
});

describe("two services that tell one topic", () => {
  /** The same service by another name. */
  const cart = () => {
    const renamed = JSON.parse(JSON.stringify(files).replaceAll("shop", "cart"));
    const { release } = readService(filesInMemory(renamed), "dev", "cart");
    const guarded = guardedOf(release as FunctionsRelease);
    if (guarded === undefined) throw new Error("the release has no guard");
    return { ...guarded, release: { ...guarded.release, adopted: { api: "abc" } } as FunctionsRelease };
  };

  /** These are in ALARM, of those that somebody asks for. */
  const asked = (...red: readonly string[]) => {
    const { AlarmNames } = lastBody<{ AlarmNames: string[] }>();
    return alarms(...red.filter((name) => AlarmNames.includes(name)))["DescribeAlarms"] as Answer;
  };
  const renamed = (table: Table): Table => JSON.parse(JSON.stringify(table).replaceAll("shop", "cart"));
  const subjects = () =>
    aws.calls
      .filter(({ name }) => name === "Publish")
      .map(({ body }) => body as { Subject: string; TopicArn: string })
      .map(({ Subject, TopicArn }) => [Subject, TopicArn]);

  test("each acts for its own alarm alone, and each message names its service", async () => {
    aws.set({ ...ofStage, DescribeAlarms: () => asked("cart-dev-v2-errors") });
    expect(await lookAt(guardedBy(files))).toEqual({ kind: "nothing" });
    expect(aws.changes).toEqual([]);
    aws.set({ ...renamed(ofStage), DescribeAlarms: () => asked("cart-dev-v2-errors", "shop-dev-v2-errors") });
    expect(await lookAt(cart())).toMatchObject({
      kind: "stop",
      reason: "alarm cart-dev-v2-errors: 3 errors",
    });
    expect(aws.changes[0]?.body).toMatchObject({ Name: "/lambda-release/cart-dev/stops" });
    expect(subjects()).toEqual([["dev/cart: the guard stopped v2", topic]]);
    expect(JSON.stringify(aws.changes)).not.toContain("shop");
  });
});
