import { pruneLive, rollBackLive, liveStatus as statusOf } from "../../src/live/live-release";
import type { Release } from "../../src/release/release";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { fingerprintOf, plainFingerprint, shop, wider } from "../support/shop";
import { AnsweringEndpoint, type Answers } from "./answering-endpoint";
import { releaseOf } from "./shop-context";

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

type Table = Readonly<Record<string, Answers>>;

const stageCall = "/restapis/abc/stages/dev";
const functionCall = "/2015-03-31/functions/shop-dev";

const side = (deploymentId: string, variables: Record<string, string>) => ({ deploymentId, variables });
const deployment = (id: string, description: string, createdDate = 1) => ({ id, description, createdDate });

/** The shop's API, its stage and its deployments. */
function api(stage: object, deployments: readonly object[], name = "dev"): Table {
  return {
    "GET /restapis": { body: { item: [{ id: "abc", name: "shop-dev" }] } },
    "GET /restapis/abc/deployments": { body: { item: deployments } },
    [`GET /restapis/abc/stages/${name}`]: { body: { stageName: name, ...stage } },
  };
}

const alias = (Name: string, FunctionVersion: string, weights?: Record<string, number>) => ({
  Name,
  FunctionVersion,
  RevisionId: `revision-of-${Name}`,
  ...(weights && { RoutingConfig: { AdditionalVersionWeights: weights } }),
});
const aliases = (...all: object[]): Table => ({
  [`GET ${functionCall}/aliases`]: { body: { Aliases: all } },
});

/** Rolls back without a question. @returns what was moved */
async function rollBack(from: Release, to: Release): Promise<readonly string[]> {
  let told: readonly string[] = [];
  await rollBackLive(from, to, async ({ moves }) => {
    told = moves;
    return true;
  });
  return told;
}

/** Who serves; what they run is not looked at here. */
const liveStatus = (release: Release) =>
  statusOf(release, async () => ({ packages: new Map(), problems: [] }));

const error = (promise: Promise<unknown>) =>
  promise.then(
    () => "nothing is thrown",
    ({ message }: Error) => message,
  );

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

const versions = { "1": { fingerprint: plainFingerprint }, "2": { fingerprint: fingerprintOf(wider) } };
const published = (version: string): Table => ({
  [`GET ${functionCall}/configuration?Qualifier=${version}`]: { body: {} },
});

describe("an alias canary stage", () => {
  const released = (fields: object) => releaseOf(oneFunction("alias-canary-stage", "code", fields));
  const listed = { versions: [1, 2] };
  const deployments = [deployment("d1", "version 1"), deployment("d2", "version 2")];
  const onV2 = side("d2", { alias: "v2" });

  test("returns to the former version by the stage alone", async () => {
    aws.set({
      ...api(onV2, deployments),
      ...aliases(alias("v1", "1"), alias("v2", "2")),
      [`PATCH ${stageCall}`]: { body: {} },
    });
    await rollBack(released({ ...listed, stable: 2, former: 1 }), released(listed));
    expect(aws.changes.map(({ name, body }) => [name, JSON.stringify(body)])).toEqual([
      [`PATCH ${stageCall}`, expect.stringContaining('"path":"/variables/alias","value":"v1"')],
    ]);
  });

  test("changes nothing where the alias of the former version is gone", async () => {
    aws.set({ ...api(onV2, deployments), ...aliases(alias("v2", "2")) });
    const rollback = rollBack(released({ ...listed, stable: 2, former: 1 }), released(listed));
    expect(await error(rollback)).toContain("there is no alias v1");
  });

  test("is told as different when an alias names another version than its own", async () => {
    aws.set({ ...api(onV2, deployments), ...aliases(alias("v2", "1")) });
    expect((await liveStatus(released({ ...listed, stable: 2 }))).differences).toEqual([
      "stable is 2 in the file, but 1 in AWS",
      "the alias v2 names version 1 in AWS, but must name 2",
    ]);
  });
});

describe("an alias of CodeDeploy's", () => {
  const codeDeploy = (release: object) =>
    releaseOf(oneFunction("codedeploy-alias", "code", { versions: [1, 2, 3], ...release }));
  const stage = api(side("d1", { alias: "live" }), [deployment("d1", `definition ${plainFingerprint}`)]);
  const [shifting, stable] = [codeDeploy({ canary: { version: 2 } }), codeDeploy({})];

  test.each<[string, Release, object, string[]]>([
    ["before a shift", shifting, alias("live", "1"), []],
    ["in the middle of one", shifting, alias("live", "1", { "2": 0.1 }), []],
    ["after it", shifting, alias("live", "2"), []],
    [
      "that the file promotes before it is done",
      codeDeploy({ stable: 2 }),
      alias("live", "1"),
      ["stable is 2 in the file, but 1 serves in AWS"],
    ],
    [
      "that the file does not name",
      stable,
      alias("live", "1", { "2": 0.1 }),
      ["stable is 1 in the file, but 2 serves in AWS"],
    ],
    [
      "of another version",
      shifting,
      alias("live", "1", { "3": 0.1 }),
      ["CodeDeploy moves 1 to 2 in the file, but 3 serves in AWS"],
    ],
  ])("%s is as the file says, or told as different", async (_, release, live, expected) => {
    aws.set({ ...stage, ...aliases(live) });
    expect((await liveStatus(release)).differences).toEqual(expected);
  });
});

describe("a weighted alias", () => {
  const released = (fields: object) => releaseOf(oneFunction("weighted-alias", "code", fields));
  const plain = `definition ${plainFingerprint}`;
  const deployments = [deployment("d1", plain), deployment("d2", `definition ${fingerprintOf(wider)}`)];
  const stage = (deploymentId = "d1") => api(side(deploymentId, { alias: "live" }), deployments);
  const splitting = released({ versions: [1, 2], canary: { version: 2, percent: 10 } });
  const stable = released({ versions: [1, 2] });
  const moved: Table = { [`PUT ${functionCall}/aliases/live`]: { body: {} } };

  test("drops the canary: the version stays, the weights go, if nobody was there meanwhile", async () => {
    aws.set({ ...stage(), ...aliases(alias("live", "1", { "2": 0.1 })), ...published("1"), ...moved });
    expect(await rollBack(splitting, stable)).toEqual(["alias live: version 1 alone"]);
    expect(aws.changes).toEqual([
      {
        name: `PUT ${functionCall}/aliases/live`,
        body: {
          FunctionVersion: "1",
          RoutingConfig: { AdditionalVersionWeights: {} },
          RevisionId: "revision-of-live",
        },
      },
    ]);
  });

  const widerStable = { api: wider, versions, stable: 2, former: 1 };
  const widerFormer = { api: wider, versions, stable: 1 };

  test("moves the alias first and the stage's deployment then, where the definitions differ", async () => {
    aws.set({
      ...stage("d2"),
      ...aliases(alias("live", "2")),
      ...published("1"),
      ...moved,
      [`PATCH ${stageCall}`]: { body: {} },
    });
    await rollBack(released(widerStable), released(widerFormer));
    expect(aws.changes.map(({ name }) => name)).toEqual([
      `PUT ${functionCall}/aliases/live`,
      `PATCH ${stageCall}`,
    ]);
  });

  test("tells what was moved already when the second call fails", async () => {
    aws.set({
      ...stage("d2"),
      ...aliases(alias("live", "2")),
      ...published("1"),
      ...moved,
      [`PATCH ${stageCall}`]: { status: 403, error: "AccessDeniedException", body: { message: "no" } },
    });
    expect(await error(rollBack(released(widerStable), released(widerFormer)))).toBe(
      "access denied for apigateway:PATCH: no (done before that: alias live: version 1 alone; run the same command again for the rest)",
    );
  });

  test("changes nothing where the former version was deleted", async () => {
    aws.set({
      ...stage(),
      ...aliases(alias("live", "2")),
      [`GET ${functionCall}/configuration?Qualifier=1`]: { status: 404, error: "ResourceNotFoundException" },
      ...moved,
    });
    const rollback = rollBack(released({ versions: [1, 2], stable: 2, former: 1 }), stable);
    expect(await error(rollback)).toContain("there is no version 1 of shop-dev");
    expect(aws.changes).toEqual([]);
  });

  test("leaves an alias alone that somebody else moved meanwhile", async () => {
    aws.set({
      ...stage(),
      ...aliases(alias("live", "1", { "2": 0.1 })),
      ...published("1"),
      [`PUT ${functionCall}/aliases/live`]: { status: 412, error: "PreconditionFailedException" },
    });
    expect(await error(rollBack(splitting, stable))).toContain("someone else moved the alias meanwhile");
  });

  test("is told as different by a weight, and as the same where it is as the file says", async () => {
    aws.set({ ...stage(), ...aliases(alias("live", "1", { "2": 0.1 })) });
    expect((await liveStatus(splitting)).differences).toEqual([]);
    expect((await liveStatus(stable)).differences).toEqual([
      "the canary is none in the file, but 2 at 10 % in AWS",
    ]);
  });

  test("names those who serve and are of neither file", async () => {
    aws.set({ ...stage(), ...aliases(alias("live", "3")), ...published("1"), ...moved });
    let strangers: readonly string[] = [];
    await rollBackLive(splitting, stable, async (plan) => {
      strangers = plan.strangers;
      return false;
    });
    expect(strangers).toEqual(["3"]);
  });
});

describe("a blue/green stage", () => {
  const changed = fingerprintOf(wider);
  const versions = { "1": { fingerprint: plainFingerprint }, "2": { fingerprint: changed } };
  const released = (fields: object) =>
    releaseOf(oneFunction("blue-green-stage", "code", { api: wider, versions, ...fields }));
  const deployments = [
    deployment("d1", `definition ${plainFingerprint}`),
    deployment("d2", `definition ${changed}`),
  ];
  const stage = (variables: Record<string, string>) => api(side("d2", variables), deployments, "green");
  const moved: Table = { "PATCH /restapis/abc/stages/green": { body: {} } };
  const toVersion1 = {
    name: "PATCH /restapis/abc/stages/green",
    body: {
      patchOperations: [
        { op: "replace", path: "/deploymentId", value: "d1" },
        { op: "replace", path: "/variables/alias", value: "v1" },
      ],
    },
  };

  test("returns to the former version and its definition in one call", async () => {
    aws.set({ ...stage({ alias: "v2" }), ...aliases(alias("v1", "1"), alias("v2", "2")), ...moved });
    expect(await rollBack(released({ stable: 2, former: 1 }), released({}))).toEqual([
      "stage green: deploymentId d1, variables/alias v1",
    ]);
    expect(aws.changes).toEqual([toVersion1]);
  });

  test("takes the alias green along, where the file has one", async () => {
    aws.set({
      ...stage({ alias: "v2" }),
      ...aliases(alias("v1", "1"), alias("v2", "2"), alias("green", "2")),
      ...published("1"),
      [`PUT ${functionCall}/aliases/green`]: { body: {} },
      ...moved,
    });
    const [from, to] = [{ stable: 2, former: 1 }, {}].map((one) => released({ ...one, greenAlias: true }));
    await rollBack(from as Release, to as Release);
    expect(aws.changes).toMatchObject([
      { name: `PUT ${functionCall}/aliases/green`, body: { FunctionVersion: "1" } },
      toVersion1,
    ]);
  });

  test("whose versions have no alias yet is reported as different, and nothing moves", async () => {
    aws.set({ ...stage({ alias: "green" }), ...aliases(alias("green", "2")) });
    const after = released({ stable: 2, former: 1 });
    expect((await liveStatus(after)).differences).toEqual([
      "2 has alias = 'green' on the stage in AWS, but must have 'v2'",
      "the alias v2 is missing in AWS",
    ]);
    expect(await error(rollBack(after, released({})))).toBe(
      "there is no alias v1: it was pruned, or never deployed",
    );
    expect(aws.changes).toEqual([]);
  });
});

describe("pruning Lambda versions", () => {
  const release = releaseOf(oneFunction("weighted-alias", "code", { versions: [2, 6], stable: 2 }));
  const page = (numbers: readonly string[], NextMarker?: string) => ({
    body: {
      Versions: numbers.map((Version) => ({ Version, CodeSize: 5, LastModified: "2026-11-21" })),
      NextMarker,
    },
  });
  const table: Table = {
    [`GET ${functionCall}/versions`]: page(["$LATEST", "1", "2", "3"], "m"),
    [`GET ${functionCall}/versions?Marker=m`]: page(["4", "5", "6", "7"]),
    ...aliases(alias("live", "2", { "3": 0.1 }), alias("by-hand", "5")),
  };

  test("finds those that no alias names and the file does not list, and keeps later ones", async () => {
    aws.set(table);
    let found: unknown;
    await pruneLive(
      release,
      async ({ unused, later }) => {
        found = { unused: unused.map(({ version }) => version), later };
        return [];
      },
      () => {},
    );
    expect(found).toEqual({ unused: ["1", "4"], later: ["7"] });
    expect(aws.changes).toEqual([]);
  });

  test("deletes those that it is told to, and takes one that is gone for deleted", async () => {
    aws.set({
      ...table,
      [`DELETE ${functionCall}?Qualifier=1`]: { status: 204, body: "" },
      [`DELETE ${functionCall}?Qualifier=4`]: { status: 404, error: "ResourceNotFoundException" },
    });
    const deleted: string[] = [];
    await pruneLive(
      release,
      async () => ["1", "4"],
      (version) => deleted.push(version),
    );
    expect(aws.changes.map(({ name }) => name)).toEqual([
      `DELETE ${functionCall}?Qualifier=1`,
      `DELETE ${functionCall}?Qualifier=4`,
    ]);
    expect(deleted).toEqual(["1", "4"]);
  });

  test.each(["$LATEST", "", "v1"])("never deletes '%s'", async (version) => {
    aws.set(table);
    const pruning = pruneLive(
      release,
      async () => [version],
      () => {},
    );
    expect(await error(pruning)).toBe(`'${version}' must be the number of a version`);
    expect(aws.changes).toEqual([]);
  });
});

describe("a service without an API", () => {
  const of = (release: object) =>
    releaseOf(oneFunction("weighted-alias", "code", { api: false, ...release }));
  const stable = of({ versions: [1, 2] });
  const withCanary = of({ versions: [1, 2], canary: { version: 2, percent: 10 } });

  test("is told by its alias, and API Gateway is not asked", async () => {
    aws.set(aliases(alias("live", "1", { 2: 0.1 })));
    const { traffic, differences } = await liveStatus(withCanary);
    expect([traffic?.stable, traffic?.canary, differences]).toEqual(["1", { version: "2", percent: 10 }, []]);
    expect(aws.asked.filter((one) => one.includes("restapis"))).toEqual([]);
    aws.set(aliases(alias("live", "1", { 2: 0.25 })));
    expect((await liveStatus(withCanary)).differences).toEqual([
      "the canary is 2 at 10 % in the file, but 2 at 25 % in AWS",
    ]);
  });

  test("is rolled back in one call of the alias", async () => {
    aws.set({
      ...aliases(alias("live", "1", { 2: 0.1 })),
      [`GET ${functionCall}/configuration?Qualifier=1`]: { body: {} },
      [`PUT ${functionCall}/aliases/live`]: { body: {} },
    });
    expect(await rollBack(withCanary, stable)).toEqual(["alias live: version 1 alone"]);
    expect(aws.changes).toHaveLength(1);
  });

  test("was never deployed where there is no alias", async () => {
    aws.set(aliases());
    expect((await liveStatus(stable)).differences).toEqual([
      expect.stringMatching(/^there is no alias live of shop-dev in account .*: it was never deployed$/),
    ]);
  });
});
