import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { noStops, readStops } from "../../src/release/steps/stops";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { AnsweringEndpoint, accountId } from "../live/answering-endpoint";
import { projectFolder, run } from "../support/command";
import { synthesizeFiles } from "../support/project";
import { shop } from "../support/shop";

jest.setTimeout(60_000);

const since = "2026-11-27T09:00:00Z";
const topic = `arn:aws:sns:eu-central-1:${accountId}:releases`;
const guarded = (release: object) =>
  shop({
    guard: { topics: [topic] },
    alarms: {},
    stableSince: since,
    versions: { v1: {}, v2: { settings: { environment: { GREETING: "kept from the guard" } } } },
    // Named as parts of a release that the guard does not need.
    stage: { variables: { source: "web", role: "shop", definition: "plain" } },
    ...release,
  });

/** Where the guard's package of this release stands. */
async function packageOf(release: object): Promise<string> {
  return join(await synthesizeFiles(guarded(release)), "stacks/shop-dev/packages/shop-dev-guard");
}

const textsOf = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")]));

describe("the guard's package", () => {
  let half: string;
  beforeAll(async () => {
    half = await packageOf({ canary: { version: "v2", percent: 50, since } });
  });

  test("holds its code in one file, and what it guards", () => {
    const { "index.js": code, "release.json": release, ...others } = textsOf(half);
    expect(others).toEqual({});
    expect(code).toBe(readFileSync(join(projectFolder, "dist/guard/index.js"), "utf8"));
    expect(JSON.parse(release ?? "")).toMatchObject({
      guard: { afterPromotionMinutes: 60, topics: [topic] },
      alarms: { ofVersion: { v1: ["shop-dev-v1-errors"], v2: ["shop-dev-v2-errors"] }, ofAll: [] },
      release: { name: "shop-dev", environment: { name: "dev", region: "eu-central-1" } },
    });
  });

  test("is small, because nothing in it checks release files: a guard that starts has to load it", () => {
    const { "index.js": code = "" } = textsOf(half);
    expect(code).toContain("UpdateAliasCommand");
    expect(code).not.toMatch(/zod/i);
    expect(code.length).toBeLessThan(120_000);
  });

  test("knows the stage's variables, and no environment variable of a function", () => {
    const text = textsOf(half)["release.json"] ?? "";
    expect(JSON.parse(text).release.stage.variables).toEqual({
      source: "web",
      role: "shop",
      definition: "plain",
    });
    expect(text).not.toMatch(/GREETING|kept from the guard|memoryMb|lambdas\/shop/);
  });

  test.each<[string, object]>([
    ["a start", {}],
    ["a shift", { canary: { version: "v2", percent: 75, since: "2026-11-27T10:00:00Z" } }],
    ["a promotion", { stable: "v2", former: "v1", stableSince: "2026-11-27T10:00:00Z" }],
    ["a planned step", { canary: { version: "v2", percent: 1 }, steps: [{ percent: 1 }, { percent: 50 }] }],
    ["a request to be sent", { requests: [{ path: "/" }] }],
  ])("is the same, byte by byte, before and after %s", async (_, release) => {
    expect(textsOf(await packageOf(release))).toEqual(textsOf(half));
  });

  describe("run as Lambda runs it", () => {
    let aws: AnsweringEndpoint;
    beforeAll(async () => {
      aws = await AnsweringEndpoint.start();
    });
    afterAll(() => aws.stop());

    /** In a process of its own, where the SDK is found as Lambda's runtime has it. */
    const invoke = (folder = half) =>
      run(
        folder,
        process.execPath,
        [
          "-e",
          `require("./index.js").handler({}, { invokedFunctionArn: "arn:aws:lambda:eu-central-1:${accountId}:function:shop-dev-guard" }).catch((error) => { console.error(error.message); process.exitCode = 1; })`,
        ],
        {
          ...(Object.fromEntries(
            Object.entries(process.env).filter(([name]) => name.startsWith("AWS_")),
          ) as Record<string, string>),
          AWS_REGION: "eu-central-1",
          API_ID: "abc",
          NODE_PATH: join(projectFolder, "node_modules"),
        },
      );

    const stageCall = "/restapis/abc/stages/dev";
    const variables = { source: "web", role: "shop", definition: "plain", shopFunction: "shop-dev-v1" };
    const table = {
      DescribeAlarms: {
        body: {
          MetricAlarms: [{ AlarmName: "shop-dev-v2-errors", StateValue: "ALARM", StateReason: "3 errors" }],
        },
      },
      GetParameter: { body: { Parameter: { Value: noStops } } },
      PutParameter: { body: { Version: 2 } },
      Publish: {
        body: "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>",
      },
      "GET /restapis/abc/deployments": {
        body: {
          item: [
            { id: "d1", description: "v1" },
            { id: "d2", description: "v2" },
          ],
        },
      },
      [`GET ${stageCall}`]: {
        body: {
          deploymentId: "d1",
          variables,
          canarySettings: {
            percentTraffic: 50,
            deploymentId: "d2",
            stageVariableOverrides: { shopFunction: "shop-dev-v2" },
          },
        },
      },
      [`PATCH ${stageCall}`]: { body: {} },
    };

    test("stops a bad version from end to end, and logs what it did", async () => {
      aws.set(table);
      const { exitCode, stdout, stderr } = await invoke();
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(JSON.parse(stdout)).toMatchObject({ kind: "stop", version: "v2", to: "v1" });
      expect(aws.changes.map(({ name }) => name)).toEqual(["PutParameter", `PATCH ${stageCall}`, "Publish"]);
      const [put, patch] = aws.changes.map(({ body }) => body as Record<string, string>);
      expect(readStops(put?.["Value"] ?? "")).toMatchObject([
        {
          version: "v2",
          by: "guard",
          alarm: "shop-dev-v2-errors",
          reason: "alarm shop-dev-v2-errors: 3 errors",
        },
      ]);
      expect(patch).toEqual({
        patchOperations: [
          { op: "remove", path: "/canarySettings" },
          { op: "replace", path: "/description", value: "stable v1" },
        ],
      });
    });

    test("fails where AWS refuses, so that Lambda asks again", async () => {
      const body = { message: "not yours" };
      aws.set({ ...table, [`PATCH ${stageCall}`]: { status: 403, error: "AccessDeniedException", body } });
      const { exitCode, stderr } = await invoke();
      expect(exitCode).toBe(1);
      expect(stderr.trim()).toBe("access denied for apigateway:PATCH: not yours");
    });

    test("says in which account it looked for aliases that are not there", async () => {
      const outdir = await synthesizeFiles(
        oneFunction("weighted-alias", "code", { versions: [1], api: false, guard: {}, alarms: {} }),
      );
      const DescribeAlarms = {
        body: { MetricAlarms: [{ AlarmName: "shop-dev-version-errors", StateValue: "ALARM" }] },
      };
      const aliases = "GET /2015-03-31/functions/shop-dev/aliases";
      aws.set({ ...table, DescribeAlarms, [aliases]: { body: { Aliases: [] } } });
      const { stderr } = await invoke(join(outdir, "stacks/shop-dev/packages/shop-dev-guard"));
      expect(stderr.trim()).toBe(
        `there is no alias live of shop-dev in account ${accountId}, eu-central-1: it was never deployed`,
      );
    });
  });
});
