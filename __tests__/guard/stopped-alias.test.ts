import { decisionText } from "../../src/release/steps/decision";
import { noShare } from "../../src/release/steps/live-share";
import { noStops } from "../../src/release/steps/stops";
import type { Strategy } from "../../src/release/strategies/names";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { AnsweringEndpoint, type Table } from "../live/answering-endpoint";
import { error, functionCall, stageCall } from "../live/live-answers";
import { lifeOfTwo, numbered } from "../support/several-functions";
import { plainFingerprint } from "../support/shop";
import { alarms, calm, guardedBy, nine, recorded, refused, topic, writes } from "./guard-answers";
import { askedMetrics, counted, lookAt, recordedStops, toldLines } from "./looks";

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

  test("returns its users after a promotion, counted from when the guard saw it live", async () => {
    const Description = decisionText({ stable: { version: "2", since: nine }, former: "1" });
    const promoted = { ...live, FunctionVersion: "2", Description, RoutingConfig: {} };
    const share = JSON.stringify({ version: "2", percent: 100, since: nine, at: "2026-11-27T09:55:00Z" });
    const read = (value: string) => () => {
      const { Name = "" } = (aws.calls.at(-1)?.body ?? {}) as { Name?: string };
      return { body: { Parameter: { Name, Value: Name.endsWith("/share") ? value : noStops } } };
    };
    const table = { ...calm, ...alarms("shop-dev-version-errors"), ...there(promoted), ...writes };
    aws.set({ ...table, GetParameter: read(noShare) });
    expect(await lookAt(guarded)).toEqual({ kind: "nothing" });
    aws.set({ ...table, GetParameter: read(share) });
    expect(await lookAt(guarded)).toMatchObject({ kind: "stop", version: "2", to: "1" });
  });

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
      expect(recordedStops(aws)).toMatchObject([
        { version: "2", from: { "1": 90, "2": 10 }, to: { "1": 100 } },
      ]);
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
    expect(toldLines(aws)).toContain(
      `2 was invoked 2,000 times since ${nine}, with 10 failed invocations (0.5 %). CloudWatch may count more of the last minutes.`,
    );
    expect(askedMetrics(aws)).toEqual(
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
    const left = JSON.stringify({ stops: recordedStops(aws) });
    const moved = { RoutingConfig: undefined, Description: update.Description };
    aws.set({ ...bothSplit, ...recorded(left), ...aliasOf("api", moved) });
    expect(await lookAt(ofTwo)).toMatchObject({ kind: "stop", version: "2", to: "1", isAgain: true });
    expect(aws.changes).toEqual([{ name: adminCall, body: update }]);
  });
});
