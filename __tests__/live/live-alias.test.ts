import { rollBackLive } from "../../src/live/live-release";
import type { Release } from "../../src/release/release";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { fingerprintOf, plainFingerprint, wider } from "../support/shop";
import { AnsweringEndpoint, type Table } from "./answering-endpoint";
import {
  alias,
  aliases,
  api,
  deployment,
  error,
  functionCall,
  liveStatus,
  published,
  rollBack,
  side,
  stageCall,
} from "./live-answers";
import { releaseOf } from "./shop-context";

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

const versions = { "1": { fingerprint: plainFingerprint }, "2": { fingerprint: fingerprintOf(wider) } };

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
