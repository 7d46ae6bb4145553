import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseFailing } from "../../src/rehearsal/rollout/given-faults";
import { readConfiguration } from "../../src/rehearsal/terraform/configuration";
import { partOf } from "../../src/review/part";
import { createProject, type Files, handler, problemsOf, shop, synthesizeProject } from "../support/project";
import { RehearsedShop } from "../support/rehearse";
import { release } from "../support/release-command";
import { containerShop } from "../support/shop";

jest.setTimeout(60_000);

const file = "releases/dev/shop.json";

/** A shop whose versions are named so, with the code of each. */
function shopOf(versions: readonly unknown[], release: object = {}): Files {
  const code = versions.map((version) => [`lambdas/shop/${version}/shop.ts`, handler(String(version))]);
  return shop({ versions, stable: versions[0], ...release }, Object.fromEntries(code));
}

const told = (files: Files) => problemsOf(files).map((line) => line.replace(/^(\S+?)(:\d+:\d+)? /, "$1 "));

const commit = "3f2a9c1e5b7d4068a1c2e3f405162738495a6b7c";

test.each([["1.2.3"], ["2026-11-27"], [commit.slice(0, 12)], ["v2.1-rc1"], ["1e5"]])(
  "%s is a version's name",
  (version) => {
    expect(told(shopOf([version]))).toEqual([]);
  },
);

test("a whole commit is one where the function's name has room for it", () => {
  expect(told(shopOf([commit]))).toEqual([]);
});

const allowed =
  'must be a name such as "v2", "1.2.3" or "2026-11-27": lower-case letters and digits in parts joined by hyphens or dots, 40 characters at most; or the number of a published Lambda version';

test.each([
  [["1..2"], [`${file} 'versions[0]' ${allowed}, got "1..2"`, `${file} 'stable' ${allowed}, got "1..2"`]],
  [["1.2."], [`${file} 'versions[0]' ${allowed}, got "1.2."`, `${file} 'stable' ${allowed}, got "1.2."`]],
  [[1.2], [`${file} 'versions[0]' ${allowed}, got 1.2`, `${file} 'stable' ${allowed}, got 1.2`]],
  [
    ["1-2", "1.2"],
    [
      `${file} 'versions[1]' must differ from 1-2 in more than a dot and a hyphen: names in AWS have hyphens for dots, got "1.2"`,
    ],
  ],
  [
    [2026],
    [
      `${file} 'versions[0]' must be a name and not digits alone, such as v1 or 1.2.3: each version has functions of its own, got 2026`,
      `${file} 'stable' must be a name and not digits alone, such as v1 or 1.2.3: each version has functions of its own, got 2026`,
    ],
  ],
])("%j is refused", (versions, lines) => {
  expect(told(shopOf(versions))).toEqual(lines);
});

test("a fault of a rehearsal is given to one by its name", () => {
  expect(parseFailing("1.3.0=5%")).toEqual({ who: "1.3.0", value: 0.05 });
});

test("containers have such names too, and two of one family are refused once", () => {
  const image = `registry.example.com/shop@sha256:${"1".repeat(64)}`;
  const versions = (...names: string[]) =>
    Object.fromEntries(names.map((name) => [name, { container: { image } }]));
  const of = (...names: string[]) =>
    told(shop({ ...containerShop({}), versions: versions(...names), stable: names[0] }));
  expect(of("1.2.3", "1.3.0")).toEqual([]);
  expect(of("1-2", "1.2")).toEqual([
    `${file} 'versions["1.2"]' must differ from 1-2 in more than a dot and a hyphen: names in AWS have hyphens for dots, got "1.2"`,
  ]);
});

describe("a release of 1.2.3 and 1.3.0", () => {
  const project = createProject({
    ...shopOf(["1.2.3"]),
    "lambdas/shop/1.3.0/shop.ts": handler("1.3.0"),
  });

  const inFile = () => JSON.parse(readFileSync(join(project, file), "utf8"));
  const pointers = () => {
    const { versions, stable, former, canary } = inFile();
    return { versions, stable, former, canary: canary && [canary.version, canary.percent] };
  };

  test.each<[string, string[], object, (counts: Record<string, number>) => void]>([
    [
      "publishing moves nobody",
      ["publish", "dev/shop", "1.3.0"],
      { versions: ["1.2.3", "1.3.0"], stable: "1.2.3" },
      (counts) => expect(counts).toEqual({ "1.2.3": 40 }),
    ],
    [
      "10 percent go to the canary",
      ["start", "dev/shop", "1.3.0", "--percent", "10"],
      { versions: ["1.2.3", "1.3.0"], stable: "1.2.3", canary: ["1.3.0", 10] },
      (counts) => expect(Object.keys(counts).sort()).toEqual(["1.2.3", "1.3.0"]),
    ],
    [
      "promoting moves everybody",
      ["promote", "dev/shop"],
      { versions: ["1.2.3", "1.3.0"], stable: "1.3.0", former: "1.2.3" },
      (counts) => expect(counts).toEqual({ "1.3.0": 40 }),
    ],
    [
      "rolling back moves everybody back",
      ["rollback", "dev/shop"],
      { versions: ["1.2.3", "1.3.0"], stable: "1.2.3" },
      (counts) => expect(counts).toEqual({ "1.2.3": 40 }),
    ],
  ])("%s", async (_, args, expected, judge) => {
    const rehearsed = await RehearsedShop.ofProject(project);
    const { exitCode, stderr } = await release(project, [...args, "--yes"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(pointers()).toEqual(expected);
    const outdir = await synthesizeProject(project);
    rehearsed.rehearsal.apply(readConfiguration(join(outdir, "stacks/shop-dev/cdk.tf.json")));
    judge(await rehearsed.count("/dev/", 40));
  });

  test("gives names without dots to functions, and tells the versions by their own", async () => {
    const now = await RehearsedShop.ofProject(project);
    expect([...now.rehearsal.functions.keys()].sort()).toEqual(["shop-dev-1-2-3", "shop-dev-1-3-0"]);
    expect(now.rehearsal.outputs["traffic"]).toEqual({ "1.2.3": 100 });
    const versions = now.rehearsal.blocks.ofType("aws_lambda_function").map(({ address }) => partOf(address));
    expect(versions).toEqual([
      { of: "version", version: "1-2-3" },
      { of: "version", version: "1-3-0" },
    ]);
  });
});
