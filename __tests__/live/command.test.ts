import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { createProject, shop } from "../support/project";
import { AnsweringEndpoint, type Answers } from "./answering-endpoint";
import { deployedShop, releaseInAccount as release } from "./deployed-shop";
import { plainExport, runningShop } from "./running-shop";

jest.setTimeout(60_000);

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

const file = "releases/dev/shop.json";
const withCanary = shop({ canary: { version: "v2", percent: 10 } });

/** AWS with the shop's v1, and beside it a canary. */
const splitTo = (functionName: string, patched?: Answers) =>
  deployedShop({ canary: { percent: 25, functionName }, patched });

const inFile = (folder: string) => JSON.parse(readFileSync(join(folder, file), "utf8"));

describe("rollback --now", () => {
  test("tells from where to where, moves AWS, and writes the file then", async () => {
    const folder = createProject(withCanary);
    let atMove = {};
    const onMove = () => {
      atMove = inFile(folder);
      return { body: {} };
    };
    aws.set(splitTo("shop-dev-v2", onMove));
    const { exitCode, stdout, stderr } = await release(folder, "rollback", "--now", "--yes", "dev/shop");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^v1 +stable +75 % +100 %$/m);
    expect(stdout).toContain("moved    stage dev: canary dropped");
    expect(atMove).toHaveProperty("canary");
    expect(inFile(folder)).not.toHaveProperty("canary");
  });

  test("moves nothing where nobody can be asked", async () => {
    aws.set(splitTo("shop-dev-v2"));
    const { exitCode, stderr } = await release(createProject(withCanary), "rollback", "--now", "dev/shop");
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: "error: cannot prompt without a terminal; use --yes or --dry-run\n",
    });
    expect(aws.changes).toEqual([]);
  });

  test("says what the file must say when it cannot be written any more", async () => {
    const folder = createProject(withCanary);
    const onMove = () => {
      writeFileSync(join(folder, file), "{}");
      return { body: {} };
    };
    aws.set(splitTo("shop-dev-v2", onMove));
    const { exitCode, stderr } = await release(folder, "rollback", "--now", "--yes", "dev/shop");
    expect(stderr).toContain("AWS is as it should be, but");
    const [, text = ""] = stderr.split(`${file} must say:\n`);
    expect(JSON.parse(text)).toEqual({ strategy: "canary-stage", versions: ["v1", "v2"], stable: "v1" });
    expect(exitCode).toBe(2);
  });

  test("does not take --yes for an answer where AWS serves a version that the file does not know", async () => {
    aws.set(splitTo("shop-dev-v3"));
    const folder = createProject(withCanary);
    const { exitCode, stderr } = await release(folder, "rollback", "--now", "--yes", "dev/shop");
    expect(stderr).toContain("AWS serves shop-dev-v3, and the file does not say so");
    expect(exitCode).toBe(1);
    expect(aws.changes).toEqual([]);
    expect(inFile(folder)).toHaveProperty("canary");
  });

  test("gives scripts one object", async () => {
    aws.set(splitTo("shop-dev-v2"));
    const folder = createProject(withCanary);
    const { stdout } = await release(folder, "rollback", "--now", "--yes", "--json", "dev/shop");
    expect(JSON.parse(stdout)).toEqual({
      service: "dev/shop",
      commit: "dev/shop: roll back v2",
      file,
      from: { v1: 75, v2: 25 },
      to: { v1: 100, v2: 0 },
      moves: ["stage dev: canary dropped"],
      written: true,
    });
  });

  test("refuses where blue alone would go, because no user is there", async () => {
    aws.set({});
    const blue = { versions: [1, 2], blue: { version: 2, sources: ["203.0.113.0/24"] } };
    const folder = createProject(oneFunction("blue-green-stage", "code", blue));
    const { exitCode, stderr } = await release(folder, "rollback", "--now", "--yes", "dev/shop");
    expect(stderr).toContain("blue receives no user traffic");
    expect(exitCode).toBe(1);
    expect(aws.calls).toEqual([]);
  });
});

describe("status --live", () => {
  const split = runningShop(withCanary);
  const none = { authorizationType: "NONE" };
  const summary = {
    "GET /restapis/abc/deployments/of-v2": { body: { id: "of-v2", apiSummary: { "/": { GET: none } } } },
  };
  const status = (project: string, ...args: string[]) =>
    release(project, "status", "--live", "dev/shop", ...args);

  test("shows file and AWS side by side, and ends with 1 where they differ", async () => {
    const running = await split.running({ "shop-dev-v1": { "shop.js": "" } });
    aws.set({ ...splitTo("shop-dev-v2"), ...plainExport, ...summary, ...running });
    const { exitCode, stdout } = await status(split.project);
    expect(stdout).toBe(
      [
        "dev/shop   canary-stage, releases/dev/shop.json, account 111122223333, eu-central-1",
        "",
        "version   file    AWS",
        "v1        90 %   75 %   stable",
        "v2        10 %   25 %   canary",
        "",
        "not known  v2: API Gateway does not export a canary's deployment: the functions of its routes are not compared",
        "different  the canary is v2 at 10 % in the file, but v2 at 25 % in AWS",
        "different  v1: shop-dev-v1 has other code in AWS than lambdas/shop/v1: shop.js differs",
        "",
      ].join("\n"),
    );
    expect(exitCode).toBe(1);
  });

  test("never says that all is the same where something was not compared", async () => {
    const file = shop({ canary: { version: "v2", percent: 25 } });
    const denied = { status: 403, error: "AccessDeniedException", body: { message: "not yours" } };
    const one = runningShop(file);
    const call = "GET /2015-03-31/functions/shop-dev-v1";
    aws.set({
      ...splitTo("shop-dev-v2"),
      ...plainExport,
      ...summary,
      ...(await one.running()),
      [call]: denied,
    });
    const { exitCode, stdout } = await status(one.project);
    expect(stdout.split("\n").slice(-4)).toEqual([
      "careful  not compared: the code of shop-dev-v1: access denied for lambda:GetFunction: not yours",
      "not known  v2: API Gateway does not export a canary's deployment: the functions of its routes are not compared",
      "As far as it was compared, AWS matches the file.",
      "",
    ]);
    expect(exitCode).toBe(0);
    const { stdout: json } = await status(one.project, "--json");
    expect(JSON.parse(json)).toMatchObject({
      differences: [],
      unknown: [expect.stringContaining("API Gateway does not export a canary's deployment")],
      troubles: ["the code of shop-dev-v1: access denied for lambda:GetFunction: not yours"],
    });
  });
});

test("prune --live is refused where versions are functions", async () => {
  aws.set({});
  const { exitCode, stderr } = await release(createProject(shop({})), "prune", "--live", "--yes", "dev/shop");
  expect(stderr).toContain("prune it from the file, and deploy");
  expect(exitCode).toBe(1);
  expect(aws.calls).toEqual([]);
});

test("prune --live deletes no version by name that is needed", async () => {
  const versions = ["$LATEST", "1", "2"].map((Version) => ({ Version }));
  aws.set({
    "GET /2015-03-31/functions/shop-dev/versions": { body: { Versions: versions } },
    "GET /2015-03-31/functions/shop-dev/aliases": { body: { Aliases: [] } },
  });
  const folder = createProject(oneFunction("weighted-alias", "code", { versions: [1, 2] }));
  const { exitCode, stderr } = await release(folder, "prune", "--live", "--yes", "dev/shop", "1");
  expect(stderr).toContain("1 is not there, or is needed: nothing is deleted");
  expect(exitCode).toBe(1);
  expect(aws.changes).toEqual([]);
});

describe("prune --live that AWS ends halfway", () => {
  const one = "/2015-03-31/functions/shop-dev";
  const refusal = { status: 409, error: "ResourceConflictException", body: { Message: "an alias names it" } };
  const halfway = () => {
    aws.set({
      [`GET ${one}/versions`]: { body: { Versions: ["1", "2", "3", "4"].map((Version) => ({ Version })) } },
      [`GET ${one}/aliases`]: { body: { Aliases: [] } },
      [`DELETE ${one}?Qualifier=1`]: {},
      [`DELETE ${one}?Qualifier=2`]: refusal,
    });
    return createProject(oneFunction("weighted-alias", "code", { versions: [4], stable: 4 }));
  };

  test("tells scripts what is deleted, what is not, and what is left", async () => {
    const { exitCode, stdout } = await release(halfway(), "prune", "--live", "--yes", "--json", "dev/shop");
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      2,
      expect.objectContaining({
        service: "dev/shop",
        deleted: ["1"],
        failed: "2",
        error: expect.stringContaining("an alias names it"),
        left: ["3"],
      }),
    ]);
  });

  test("tells a person the same", async () => {
    const { exitCode, stdout, stderr } = await release(halfway(), "prune", "--live", "--yes", "dev/shop");
    expect([exitCode, stdout]).toEqual([2, expect.stringContaining("deleted 1\n")]);
    expect(stderr).toMatch(/^error: 2 is not deleted: .*an alias names it.*\nleft {5}3: run this again\n$/);
  });
});

test("what CodeDeploy moves is not moved under its hands", async () => {
  const folder = createProject(
    oneFunction("codedeploy-alias", "code", { versions: [1, 2], canary: { version: 2 } }),
  );
  expect(await release(folder, "rollback", "dev/shop", "--now", "--yes")).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining(
      "refused: --now would conflict with the CodeDeploy deployment: 'rollout dev/shop --stop' rolls it back",
    ),
  });
});
