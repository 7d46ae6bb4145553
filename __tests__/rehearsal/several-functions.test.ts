import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expectedShares, type FunctionsOutput, versionNames } from "../../src/rehearsal/split";
import { copyOfProject } from "../support/command";
import { handler, synthesizeFiles, writeFiles } from "../support/project";
import { shownBlocks } from "../support/readme";
import { RehearsedShop } from "../support/rehearse";
import { release } from "../support/release-command";
import { lifeOfTwo, numbered, shopOfTwo } from "../support/several-functions";

/** Who answers a path by the rehearsal's own names, and who should. */
async function served(rehearsed: RehearsedShop, path: string, requests = 100) {
  rehearsed.records.length = 0;
  const bodies = await rehearsed.count(`/${rehearsed.rehearsal.api.stages[0]?.name}${path}`, requests);
  const { rehearsal } = rehearsed;
  const versionOf = versionNames(rehearsal.outputs["functions"] as FunctionsOutput);
  const names = rehearsed.records.map(({ functionName = "", functionVersion, qualifier }) =>
    versionOf(functionName, functionVersion, qualifier),
  );
  const [stage] = rehearsal.api.stages;
  if (stage === undefined) throw new Error("there is no stage");
  const shares = expectedShares(stage, versionOf, rehearsal.functions, { method: "GET", path });
  return {
    bodies: Object.keys(bodies).sort(),
    names: [...new Set(names)].sort(),
    expected: Object.fromEntries(shares.map(({ version, percent }) => [version, percent])),
  };
}

describe.each(["alias-canary-stage", "weighted-alias"])("%s with two functions", (strategy) => {
  const { first, deployed, recorded, twentyFive, promoted } = lifeOfTwo(strategy);

  test("splits the calls of each, and promotes both", async () => {
    const rehearsed = await RehearsedShop.of(first);
    await rehearsed.apply(deployed);
    await rehearsed.apply(recorded);
    expect(await served(rehearsed, "/")).toEqual({ bodies: ["api 1"], names: ["1"], expected: { 1: 100 } });

    const step = await rehearsed.apply(twentyFive);
    expect(step.changed).toHaveLength(strategy === "weighted-alias" ? 2 : 1);
    expect([step.added, step.destroyed]).toEqual([[], []]);
    const split = { names: ["1", "2"], expected: { 1: 75, 2: 25 } };
    expect(await served(rehearsed, "/")).toEqual({ bodies: ["api 1", "api 2"], ...split });
    expect(await served(rehearsed, "/admin")).toEqual({ bodies: ["admin 1", "admin 2"], ...split });

    await rehearsed.apply(promoted);
    expect(await served(rehearsed, "/admin")).toEqual({
      bodies: ["admin 2"],
      names: ["2"],
      expected: { 2: 100 },
    });
  });
});

test("blue/green switches the functions of a version at once", async () => {
  const { first, deployed, recorded, promoted } = lifeOfTwo("blue-green-stage");
  const rehearsed = await RehearsedShop.of(first);
  await rehearsed.apply(deployed);
  await rehearsed.apply(recorded);
  expect((await served(rehearsed, "/admin", 5)).bodies).toEqual(["admin 1"]);
  const { changed } = await rehearsed.apply(promoted);
  expect(changed).toHaveLength(1);
  expect((await served(rehearsed, "/admin", 5)).bodies).toEqual(["admin 2"]);
  expect((await served(rehearsed, "/", 5)).bodies).toEqual(["api 2"]);
});

/** Version 2 has new code of one function alone. */
function ofOneChanged(strategy: string) {
  const first = shopOfTwo(strategy, { versions: { "1": numbered(1, 1) } }, { api: 1, admin: 1 });
  const versions = { "1": numbered(1, 1), "2": numbered(2, 1) };
  const code = { api: 2, admin: 1 };
  return {
    first,
    deployed: shopOfTwo(strategy, { versions: { "1": numbered(1, 1) } }, code),
    canary: shopOfTwo(strategy, { versions, canary: { version: 2, percent: 25 } }, code),
  };
}

describe("a version that has a function as it was", () => {
  test("is told by its alias where the stage splits", async () => {
    const { first, deployed, canary } = ofOneChanged("alias-canary-stage");
    const rehearsed = await RehearsedShop.of(first);
    await rehearsed.apply(deployed);
    await rehearsed.apply(canary);
    expect(await served(rehearsed, "/admin")).toEqual({
      bodies: ["admin 1"],
      names: ["1", "2"],
      expected: { 1: 75, 2: 25 },
    });
  });

  test("shares it with the other where aliases split, and moves the changed one alone", async () => {
    const { first, deployed, canary } = ofOneChanged("weighted-alias");
    const rehearsed = await RehearsedShop.of(first);
    await rehearsed.apply(deployed);
    const { changed } = await rehearsed.apply(canary);
    expect(changed).toEqual([expect.stringContaining("live-aliases_api-alias")]);
    expect(await served(rehearsed, "/admin")).toEqual({
      bodies: ["admin 1"],
      names: ["1+2"],
      expected: { "1+2": 100 },
    });
    expect((await served(rehearsed, "/")).expected).toEqual({ 1: 75, 2: 25 });
  });
});

test("a rehearsal refuses to play the shift of several functions, and sends their traffic", async () => {
  const project = copyOfProject([]);
  writeFiles(project, lifeOfTwo("codedeploy-alias").first);
  const rehearse = (...args: string[]) => release(project, ["rehearse", "dev/shop", ...args]);
  expect(await rehearse()).toMatchObject({
    exitCode: 2,
    stderr:
      "error: a rehearsal plays the shift of one alias, and CodeDeploy moves 2 together here: rehearse the traffic with --requests\n",
  });
  const { exitCode, stdout, stderr } = await rehearse("--requests", "20", "--path", "/admin");
  expect([exitCode, stderr, stdout]).toEqual([0, "", expect.stringContaining("20 requests")]);
}, 60_000);

test("the page's example is synthesized: a step moves one function, and the other has its alias", async () => {
  const shown = shownBlocks().find(({ note }) => note === "several functions")?.text ?? "";
  const folder = await synthesizeFiles({
    "releases/dev/environment.json": { region: "eu-central-1" },
    "releases/dev/shop.json": shown,
    "lambdas/shop/api.ts": handler("api"),
    "lambdas/shop/admin.ts": handler("admin"),
  });
  const { resource } = JSON.parse(readFileSync(join(folder, "stacks/shop-dev/cdk.tf.json"), "utf8"));
  const aliases = Object.values(resource.aws_lambda_alias) as Record<string, unknown>[];
  expect(aliases.map((one) => [one["function_version"], one["routing_config"]])).toEqual([
    ["1", undefined],
    ["1", { additional_version_weights: { 2: 0.1 } }],
  ]);
});
