import { rollBackLive } from "../../src/live/live-release";
import type { Release } from "../../src/release/release";
import { shop } from "../support/shop";
import { AnsweringEndpoint, type Table } from "./answering-endpoint";
import { api, deployment, error, liveStatus, rollBack, side, stageCall } from "./live-answers";
import { releaseOf } from "./shop-context";

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

describe("a canary stage", () => {
  const withCanary = releaseOf(shop({ canary: { version: "v2", percent: 10 } }));
  const stable = releaseOf(shop({}));
  const promoted = releaseOf(shop({ stable: "v2", former: "v1" }));
  const deployments = [deployment("d1", "v1"), deployment("d2", "v2")];
  const canarySettings = {
    percentTraffic: 10,
    deploymentId: "d2",
    stageVariableOverrides: { shopFunction: "shop-dev-v2" },
  };
  const onV1 = side("d1", { shopFunction: "shop-dev-v1" });
  const onV2 = side("d2", { shopFunction: "shop-dev-v2" });
  const v1IsThere: Table = { "GET /2015-03-31/functions/shop-dev-v1/configuration": { body: {} } };
  const moved: Table = { [`PATCH ${stageCall}`]: { body: {} } };

  test("drops the canary in one call, and nothing else", async () => {
    aws.set({ ...api({ ...onV1, canarySettings }, deployments), ...moved });
    expect(await rollBack(withCanary, stable)).toEqual(["stage dev: canary dropped"]);
    expect(aws.changes).toEqual([
      {
        name: `PATCH ${stageCall}`,
        body: { patchOperations: [{ op: "remove", path: "/canarySettings" }] },
      },
    ]);
  });

  test("returns to the former version in one call: deployment and variables", async () => {
    aws.set({ ...api(onV2, deployments), ...v1IsThere, ...moved });
    await rollBack(promoted, stable);
    expect(aws.changes.map(({ body }) => body)).toEqual([
      {
        patchOperations: [
          { op: "replace", path: "/deploymentId", value: "d1" },
          { op: "replace", path: "/variables/shopFunction", value: "shop-dev-v1" },
        ],
      },
    ]);
  });

  test("takes the newest of several deployments of one version", async () => {
    const several = [deployment("old", "v1", 1), deployment("new", "v1", 3), deployment("mid", "v1", 2)];
    aws.set({ ...api(onV2, [...several, deployment("d2", "v2")]), ...v1IsThere, ...moved });
    await rollBack(promoted, stable);
    expect(JSON.stringify(aws.changes)).toContain('"value":"new"');
  });

  test("takes away a variable that the version does not have", async () => {
    const both = side("d2", { shopFunction: "shop-dev-v2", cartFunction: "shop-dev-cart-v2" });
    aws.set({ ...api(both, deployments), ...v1IsThere, ...moved });
    await rollBack(promoted, stable);
    expect(JSON.stringify(aws.changes)).toContain('{"op":"remove","path":"/variables/cartFunction"}');
  });

  test("leaves the file's own variables as they are, and names no version by them", async () => {
    const own = { stage: { variables: { level: "debug" } } };
    const [from, to] = [releaseOf(shop({ stable: "v2", former: "v1", ...own })), releaseOf(shop({ ...own }))];
    const foreign = side("d2", { level: "debug", shopFunction: "by-hand" });
    aws.set({
      ...api({ ...onV2, variables: { ...onV2.variables, level: "debug" } }, deployments),
      ...v1IsThere,
      ...moved,
    });
    await rollBack(from, to);
    expect(JSON.stringify(aws.changes)).not.toContain("level");
    aws.set(api(foreign, deployments));
    expect((await liveStatus(from)).traffic?.stable).toBe("by-hand");
  });

  test("names a version that the file has no more by its deployment, also one with dots", async () => {
    aws.set(api(side("d9", { shopFunction: "shop-dev-1-1-0" }), [...deployments, deployment("d9", "1.1.0")]));
    expect((await liveStatus(stable)).traffic?.stable).toBe("1.1.0");
  });

  test("finds everything out before it asks, and changes nothing without consent", async () => {
    aws.set({ ...api({ ...onV1, canarySettings }, deployments), ...moved });
    let asked: string[] = [];
    const agreed = await rollBackLive(withCanary, stable, async () => {
      asked = aws.asked;
      return false;
    });
    expect(agreed).toBe(false);
    expect(asked).toHaveLength(3);
    expect(aws.asked).toEqual(asked);
  });

  test("makes no call where AWS is so already", async () => {
    aws.set(api(onV1, deployments));
    expect(await rollBack(withCanary, stable)).toEqual([]);
    expect(aws.changes).toEqual([]);
  });

  test.each<[string, Table, string]>([
    ["deployment", api(onV2, [deployment("d2", "v2")]), "there is no deployment 'v1' of the API"],
    [
      "function",
      {
        ...api(onV2, deployments),
        "GET /2015-03-31/functions/shop-dev-v1/configuration": {
          status: 404,
          error: "ResourceNotFoundException",
        },
      },
      "there is no function shop-dev-v1",
    ],
  ])("changes nothing where the former version has no %s", async (_, table, message) => {
    aws.set({ ...table, ...moved });
    expect(await error(rollBack(promoted, stable))).toContain(message);
    expect(aws.changes).toEqual([]);
  });

  test("counts as done what was done, though the answer was lost and the second try refused", async () => {
    aws.set({
      ...api(onV1, deployments),
      [`GET ${stageCall}`]: [{ body: { ...onV1, canarySettings } }, { body: onV1 }],
      [`PATCH ${stageCall}`]: [
        "cut",
        { status: 400, error: "BadRequestException", body: { message: "no canary" } },
      ],
    });
    expect(await rollBack(withCanary, stable)).toEqual(["stage dev: canary dropped"]);
  });

  test("says which permission is missing", async () => {
    const refused = { status: 403, error: "AccessDeniedException", body: { message: "not yours" } };
    aws.set({ ...api({ ...onV1, canarySettings }, deployments), [`PATCH ${stageCall}`]: refused });
    expect(await error(rollBack(withCanary, stable))).toBe("access denied for apigateway:PATCH: not yours");
  });

  test("says so when somebody else than AWS answers", async () => {
    aws.set({ "GET /restapis": { body: "<html>log in first</html>" } });
    expect(await error(liveStatus(stable))).toBe(
      "the answer to apigateway:GetRestApis is not AWS's: does a proxy or a sign-in page answer, or is AWS_ENDPOINT_URL wrong?",
    );
  });

  test("finds its API on a later page, and knows an adopted one by its id", async () => {
    aws.set({
      ...api(onV1, deployments),
      "GET /restapis": { body: { item: [{ id: "x", name: "other" }], position: "p2" } },
      "GET /restapis?position=p2": { body: { item: [{ id: "abc", name: "shop-dev" }] } },
    });
    expect((await liveStatus(stable)).differences).toEqual([]);
    const adopting = releaseOf(shop({ adopt: { api: "abc", stage: true } }));
    aws.set(api(onV1, deployments));
    await liveStatus(adopting);
    expect(aws.asked).not.toContain("GET /restapis");
  });

  test("refuses to choose between APIs of one name", async () => {
    const item = ["abc", "def"].map((id) => ({ id, name: "shop-dev" }));
    aws.set({ "GET /restapis": { body: { item } } });
    expect(await error(liveStatus(stable))).toContain("there are 2 APIs named shop-dev (abc, def)");
  });

  const stageWith = (canary: object) =>
    api({ ...onV1, canarySettings: { ...canarySettings, ...canary } }, [
      ...deployments,
      deployment("d3", "v3"),
    ]);
  test.each<[string, Release, Table, string[]]>([
    ["nothing", withCanary, stageWith({}), []],
    [
      "the canary's percent",
      withCanary,
      stageWith({ percentTraffic: 33.3 }),
      ["the canary is v2 at 10 % in the file, but v2 at 33.3 % in AWS"],
    ],
    ["a canary", stable, stageWith({}), ["the canary is none in the file, but v2 at 10 % in AWS"]],
    ["stable", stable, api(onV2, deployments), ["stable is v1 in the file, but v2 in AWS"]],
    [
      "a version that the file does not know",
      stable,
      stageWith({ deploymentId: "d3", stageVariableOverrides: { shopFunction: "shop-dev-v3" } }),
      [
        "v3 serves traffic in AWS, but the file does not list it",
        "the canary is none in the file, but v3 at 10 % in AWS",
      ],
    ],
    [
      "the definition",
      stable,
      api({ ...onV1, deploymentId: "d2" }, deployments),
      ["v1 has the deployment 'v2' in AWS, but must have 'v1'"],
    ],
    [
      "a missing stage",
      stable,
      { ...api(onV1, []), [`GET ${stageCall}`]: { status: 404, error: "NotFoundException" } },
      ["the API abc has no stage dev: deploy to create it again"],
    ],
    [
      "a missing API",
      stable,
      { "GET /restapis": { body: { item: [] } } },
      ["there is no API shop-dev in account 111122223333, eu-central-1: it was never deployed"],
    ],
  ])("is told as different by %s", async (_, release, table, differences) => {
    aws.set(table);
    expect((await liveStatus(release)).differences).toEqual(differences);
    expect(aws.changes).toEqual([]);
  });
});

test("an account that is not allowed is refused before anything else is asked", async () => {
  const foreign = {
    "releases/dev/environment.json": { region: "eu-central-1", allowedAccountIds: ["444455556666"] },
  };
  aws.set({});
  expect(await error(liveStatus(releaseOf(shop({}, foreign))))).toContain("dev allows 444455556666");
  expect(aws.asked).toEqual([]);
});
