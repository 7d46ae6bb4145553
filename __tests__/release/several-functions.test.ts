import { readFileSync } from "node:fs";
import { join } from "node:path";
import { alarmNamesOf } from "../../src/release/alarms/alarm-names";
import { readRelease } from "../../src/release/files/project";
import { pointerOf } from "../../src/release/release";
import { recordVersion } from "../../src/workflows/blue";
import { readShop, releaseOf } from "../live/shop-context";
import { createProject, problemsOf } from "../support/project";
import { release as runRelease } from "../support/release-command";
import { lifeOfTwo, numbered, shopOfTwo } from "../support/several-functions";

const code = { api: 1, admin: 1 };
const { fingerprint } = numbered(1, 1);

function lines(release: object, strategy = "weighted-alias"): string[] {
  const versions = { "1": numbered(1, 1) };
  return problemsOf(shopOfTwo(strategy, { versions, ...release }, code)).map((line) =>
    line.replace(/^releases\/dev\/shop\.json(:\d+:\d+)? /, ""),
  );
}

describe.each(["alias-canary-stage", "blue-green-stage", "weighted-alias", "codedeploy-alias"])(
  "%s",
  (strategy) => {
    test("takes several functions, an authorizer among them", () => {
      const authorizers = { gate: { function: "admin", type: "REQUEST", cacheSeconds: 0 } };
      expect(lines({}, strategy)).toEqual([]);
      expect(lines({ api: { authorizers, routes: [{ path: "/", function: "gate" }] } }, strategy)).toContain(
        `'api.routes[0].function' must be a function of the service (api, admin), got "gate"`,
      );
    });

    test("asks for the number of each function", () => {
      expect(lines({ versions: { "1": { fingerprint } } }, strategy)).toEqual([
        `'versions.1' must say the number that Lambda gave each of its functions, such as "lambdaVersions": { "api": 1, "admin": 1 }, got 1`,
      ]);
    });

    test.each<[object, string]>([
      [
        { api: 0, admin: 1 },
        "'versions.1.lambdaVersions.api' must be the number of a published Lambda version, got 0",
      ],
      [{}, "'versions.1.lambdaVersions' must name at least one function, got {}"],
      [
        { api: 1, admin: 1, other: 2 },
        "'versions.1.lambdaVersions.other' must be of a function of the service (api, admin): prune the versions of a function before you remove it, got 2",
      ],
      [
        { api: 1 },
        "'versions.1.lambdaVersions' must have a number for admin, which the version's API definition calls",
      ],
    ])("refuses the numbers %j", (lambdaVersions, line) => {
      expect(lines({ versions: { "1": { fingerprint, lambdaVersions } } }, strategy)).toEqual([line]);
    });
  },
);

test("a number that two versions share has its ready executions once", () => {
  const ready = { provisionedConcurrency: 1 };
  const versions = { "1": { ...numbered(1, 1), ...ready }, "2": { ...numbered(2, 1), ...ready } };
  expect(lines({ versions }, "alias-canary-stage")).toEqual([
    "'versions.2.provisionedConcurrency' must not be given beside that of version 1: both have admin 1, and Lambda keeps executions ready for one alias of a version, got 1",
  ]);
});

describe("codedeploy-alias rolls several functions back together", () => {
  const rollout = (...rollbackOn: string[]) => ({ rollout: { rollbackOn } });

  test("on each event", () => {
    expect(lines({}, "codedeploy-alias")).toEqual([]);
    expect(lines(rollout("DEPLOYMENT_STOP_ON_ALARM"), "codedeploy-alias")).toEqual([
      "'rollout.rollbackOn' must have all of DEPLOYMENT_FAILURE, DEPLOYMENT_STOP_ON_ALARM, DEPLOYMENT_STOP_ON_REQUEST with several functions: they are rolled back together, got [\"DEPLOYMENT_STOP_ON_ALARM\"]",
    ]);
  });

  test("on the alarms of all, of which CodeDeploy watches ten", () => {
    const own = (count: number) => ({
      alarms: { own: Array.from({ length: count }, (_, one) => `own-${one}`) },
    });
    expect(lines(own(6), "codedeploy-alias")).toEqual([]);
    expect(lines(own(7), "codedeploy-alias")).toEqual([
      "'alarms' must be at most 10 in all: CodeDeploy watches no more, and each of the 2 functions has its own, got 11",
    ]);
  });
});

test("a trigger says which function it invokes", () => {
  const queue = { arn: "arn:aws:sqs:eu-central-1:123456789012:orders" };
  expect(lines({ triggers: { orders: { queue } } })).toEqual([
    "'triggers.orders.function' must be given: one of api, admin",
  ]);
  expect(lines({ triggers: { orders: { function: "cart", queue } } })).toEqual([
    `'triggers.orders.function' must be a function of the service (api, admin), got "cart"`,
  ]);
  expect(lines({ triggers: { orders: { function: "admin", queue } } })).toEqual([]);
});

test("an alias that stable lacks waits with the first version that has its function", () => {
  const versions = { "1": { lambdaVersions: { api: 1 } }, "2": numbered(2, 1), "3": numbered(2, 2) };
  const plain = { fingerprint: "0000000000000000" };
  const release = releaseOf(
    shopOfTwo("weighted-alias", { versions: { ...versions, "1": { ...versions["1"], ...plain } } }, code),
  );
  if (release.strategy !== "weighted-alias") throw new Error(release.strategy);
  expect(pointerOf(release as Parameters<typeof pointerOf>[0]).aliases).toEqual({
    "shop-dev-api:live": { version: "1", weights: {} },
    "shop-dev-admin:live": { version: "1", weights: {} },
  });
});

test("each function has alarms of its own", () => {
  const alarms = { alarms: { errors: {} } };
  const { with: step } = lifeOfTwo("alias-canary-stage");
  expect(alarmNamesOf(releaseOf(step(alarms)), ["2"]).made).toEqual([
    "shop-dev-api-v2-errors",
    "shop-dev-admin-v2-errors",
  ]);
  expect(alarmNamesOf(releaseOf(lifeOfTwo("weighted-alias").with(alarms)), ["2"]).made).toEqual([
    "shop-dev-api-version-errors",
    "shop-dev-api-alias-errors",
    "shop-dev-admin-version-errors",
    "shop-dev-admin-alias-errors",
  ]);
});

describe("publishing", () => {
  const fileOf = (project: string) =>
    JSON.parse(readFileSync(join(project, "releases/dev/shop.json"), "utf8")) as {
      versions: Record<string, { lambdaVersions: object }>;
    };

  test("records the number of each function", async () => {
    const project = createProject(lifeOfTwo("weighted-alias").first);
    const without = await runRelease(project, ["publish", "dev/shop", "2", "--yes"]);
    expect(without.stderr).toContain(
      "2 needs the number that Lambda gave each of its functions, as the output 'latest_versions' has them: --lambda-version api=<number> --lambda-version admin=<number>",
    );
    const numbers = ["--lambda-version", "api=2", "--lambda-version", "admin=1"];
    const { exitCode, stderr } = await runRelease(project, ["publish", "dev/shop", "2", "--yes", ...numbers]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(fileOf(project).versions["2"]?.lambdaVersions).toEqual({ api: 2, admin: 1 });
    expect(readShop(project).versions).toHaveLength(2);
  });

  test("a workflow names the next version by the highest number that is free", () => {
    const project = createProject(lifeOfTwo("blue-green-stage").recorded);
    const folder = process.cwd();
    process.chdir(project);
    const read = () => readRelease("dev/shop");
    expect(recordVersion(read(), { api: "2", admin: "3" })).toBe("3");
    expect(recordVersion(read(), { api: "3", admin: "3" })).toBe("4");
    expect(recordVersion(read(), { api: "2", admin: "2" })).toBe("2");
    expect(() => recordVersion(read(), { api: "1", admin: "1" })).toThrow("1 is the stable version already");
    process.chdir(folder);
    expect(fileOf(project).versions["4"]?.lambdaVersions).toEqual({ api: 3, admin: 3 });
  });
});
