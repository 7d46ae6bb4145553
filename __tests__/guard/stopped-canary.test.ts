import { decisionText } from "../../src/release/steps/decision";
import { noStops, withStop } from "../../src/release/steps/stops";
import { AnsweringEndpoint } from "../live/answering-endpoint";
import { error, stageCall } from "../live/live-answers";
import { handler } from "../support/project";
import { calm, guardedBy, nine, now, parameter, recorded, refused, writes } from "./guard-answers";
import {
  canarySettings,
  deployments,
  drop,
  guarded,
  onTrial,
  onV1,
  shopWith,
  stage,
  stop,
  stopsV2,
  v2IsBad,
} from "./guarded-stage";
import { lookAt, recordedStops } from "./looks";

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

  test("loses a bad canary, and keeps the former version that an alarm of stable would return users to", async () => {
    const three = guardedBy({
      ...shopWith({ versions: ["v0", "v1", "v2"] }),
      "lambdas/shop/v0/shop.ts": handler("v0"),
    });
    const description = `stable v1 since ${nine}, former v0, canary v2 since ${nine}`;
    aws.set({ ...v2IsBad, ...stage({ ...onV1, description, canarySettings }) });
    expect(await lookAt(three)).toEqual(stopsV2);
    const patch = aws.changes.find(({ name }) => name === `PATCH ${stageCall}`)?.body;
    const value = `stable v1 since ${nine}, former v0`;
    expect(patch).toMatchObject({
      patchOperations: expect.arrayContaining([{ op: "replace", path: "/description", value }]),
    });
  });

  test("asks for all alarms of the release, and no more", async () => {
    aws.set({ ...calm, ...onTrial });
    await lookAt(guarded);
    const asked = aws.calls.find(({ name }) => name === "DescribeAlarms")?.body;
    expect(asked).toMatchObject({ AlarmNames: ["shop-dev-v1-errors", "shop-dev-v2-errors"] });
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
    const left = recordedStops(aws);
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
    // It was deployed later than it was decided.
    const lastUpdatedDate = Date.parse("2026-11-27T09:55:00Z") / 1000;
    aws.set({ ...promoted, ...stage({ deploymentId: "d2", variables, description, lastUpdatedDate }) });
    expect(await lookAt(guarded)).toMatchObject({ kind: "stop", to: "v1" });
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

  test("makes the parameter anew where somebody deleted it", async () => {
    aws.set({ ...v2IsBad, GetParameter: { status: 400, error: "ParameterNotFound", body: {} } });
    expect(await lookAt(guarded)).toEqual(stopsV2);
    expect(recordedStops(aws)).toEqual([stop]);
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
