import { readdirSync } from "node:fs";
import { join } from "node:path";
import { answerOf, packagedIn, packagedOf } from "../support/packaged";
import { createProject, type Files, temporaryFolder } from "../support/project";
import { monorepo } from "../support/workspaces";

jest.setTimeout(120_000);

const cache = temporaryFolder();
process.env["XDG_CACHE_HOME"] = cache;

/** Names of what the cache holds. */
const kept = () => readdirSync(join(cache, "lambda-release")).sort();

const lockWith = (packages: object): Files => {
  const files = monorepo();
  const lock = files["package-lock.json"] as { packages: object };
  return { ...files, "package-lock.json": { ...lock, packages: { ...lock.packages, ...packages } } };
};

test("a workspace is bundled from the lock file of all, with what it links to", async () => {
  const { packages, textsOf, lines } = await packagedOf(monorepo());
  expect(lines).toEqual([]);
  expect(await answerOf(packages.get("shop-dev-v1") ?? new Map())).toBe("001");
  expect(await answerOf(packages.get("shop-dev-v2") ?? new Map())).toBe("EUR002");
  const code = textsOf("shop-dev-v2")["shop.js"] ?? "";
  expect(code).toContain('"packages/money/node_modules/left-pad/index.js"');
  expect(code).toContain("// packages/money/src/money.ts");
  expect(code).not.toContain(cache);
  expect(textsOf("shop-dev-v1")["shop.js"]).toContain('"node_modules/left-pad/index.js"');
});

test("the lock file may stand above the project", async () => {
  const own = /^(lambdas|releases)\//;
  const files = Object.entries(monorepo()).map(([path, content]) => {
    const isOfRoot = path === "package.json" || path === "package-lock.json";
    const moved = isOfRoot ? JSON.stringify(content).replaceAll(/lambdas\//g, "service/lambdas/") : content;
    return [own.test(path) ? `service/${path}` : path, moved] as const;
  });
  const { packages, textsOf, lines } = await packagedIn(
    join(createProject(Object.fromEntries(files)), "service"),
  );
  expect(lines).toEqual([]);
  expect(await answerOf(packages.get("shop-dev-v2") ?? new Map())).toBe("EUR002");
  expect(textsOf("shop-dev-v1")["shop.js"]).toContain('"../node_modules/left-pad/index.js"');
});

test("the bytes are the same on a clean checkout with another cache", async () => {
  const one = await packagedOf(monorepo());
  const clean = Object.entries(monorepo()).filter(([path]) => !path.includes("node_modules"));
  process.env["XDG_CACHE_HOME"] = join(temporaryFolder(), "of", "another", "machine");
  const other = await packagedOf(Object.fromEntries(clean)).finally(() => {
    process.env["XDG_CACHE_HOME"] = cache;
  });
  expect(other.lines).toEqual([]);
  for (const name of ["shop-dev-v1", "shop-dev-v2"]) expect(other.textsOf(name)).toEqual(one.textsOf(name));
});

test("each has what it needs, and another package of the root installs nothing anew", async () => {
  await packagedOf(monorepo());
  const before = kept();
  const { lines } = await packagedOf(monorepo({ tool: "node-gyp-build 4.8.4" }));
  expect([lines, kept()]).toEqual([[], before]);
  await packagedOf(monorepo({ padding: "left-pad 1.0.2" }));
  // Of v2 alone: v1 does not need the linked package.
  expect(kept()).toHaveLength(before.length + 1);
});

test("'bundle.packages' copies a package of the shared lock file, and refuses one that is not at its root", async () => {
  const settings = { bundle: { packages: ["left-pad"] } };
  const release = { strategy: "canary-stage", versions: ["v1"], stable: "v1", settings };
  const { packages, lines } = await packagedOf({ ...monorepo(), "releases/dev/shop.json": release });
  expect(lines).toEqual([]);
  expect([...(packages.get("shop-dev-v1")?.keys() ?? [])]).toContain("node_modules/left-pad/index.js");
  const other = { ...release, versions: ["v2"], stable: "v2" };
  expect((await packagedOf({ ...monorepo(), "releases/dev/shop.json": other })).lines).toEqual([
    "package-lock.json must have node_modules/left-pad, which 'bundle.packages' names: make it a dependency of the workspace, in the version that all workspaces have",
  ]);
});

test("what a workspace does not name is not found, wherever this machine has it", async () => {
  const { lines } = await packagedOf({
    ...monorepo(),
    "lambdas/shop/v1/shop.ts": 'import other from "other";\nexport const handler = async () => other;\n',
    "node_modules/other/index.js": 'module.exports = "of this machine";\n',
  });
  expect(lines).toEqual([
    expect.stringContaining(
      "lambdas/shop/v1/shop.ts:1:19 must import a package that is there, but other is not: run",
    ),
  ]);
});

test("a folder that is no workspace is bundled from the project, as before", async () => {
  const { "lambdas/shop/v1/package.json": _, ...files } = monorepo();
  const { packages, lines } = await packagedOf(files as Files);
  expect(lines).toEqual([]);
  expect(await answerOf(packages.get("shop-dev-v1") ?? new Map())).toBe("of this machine");
});

test.each<[string, Files, string]>([
  [
    "links out of the repository",
    lockWith({ "node_modules/@acme/money": { resolved: "../money", link: true }, "../money": {} }),
    "package-lock.json 'packages.node_modules/@acme/money' must be a package of a registry, or a workspace: import such a folder by its path, or make it a workspace",
  ],
  [
    "lacks a workspace",
    lockWith({ "lambdas/shop/v2": undefined }),
    "package-lock.json must lock the workspace lambdas/shop/v2: run 'npm install' in the project",
  ],
  [
    "is not in sync",
    {
      ...monorepo(),
      "packages/money/package.json": { name: "@acme/money", dependencies: { "left-pad": "1.0.2" } },
    },
    "package-lock.json must be in sync with packages/money/package.json: run 'npm install' in the project",
  ],
  [
    "is none",
    { ...monorepo(), "package-lock.json": "{" },
    "package-lock.json must be JSON, as npm writes it",
  ],
])("a shared lock file is a line where it %s", async (_, files, line) => {
  expect((await packagedOf(files)).lines).toContain(line);
});
