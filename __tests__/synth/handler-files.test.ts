import { symlinkSync } from "node:fs";
import disk from "node:fs/promises";
import { join } from "node:path";
import { readReleases } from "../../src/release/files/file";
import { filesOnDisk } from "../../src/release/files/project-files";
import { formatProblem } from "../../src/release/problem";
import { packageHandlers } from "../../src/synth/handler-files";
import { createProject, type Files, handler, shop, writeFiles } from "../support/project";

async function packagesOf(files: Files) {
  const project = createProject(files);
  const { packages, problems } = await packageHandlers(project, readReleases(filesOnDisk(project)).releases);
  const contents = [...packages].map(([name, entries]) => [
    name,
    Object.fromEntries([...entries].map(([path, content]) => [path, Buffer.from(content).toString()])),
  ]);
  return { packages: Object.fromEntries(contents), lines: problems.map(formatProblem), project };
}

test("TypeScript becomes one file that has what it imports, and leaves the AWS SDK to Lambda", async () => {
  const { packages } = await packagesOf(
    shop(
      { versions: ["v1"] },
      {
        "lambdas/shop/v1/shop.ts":
          'import { greet } from "./greet";\nimport { S3Client } from "@aws-sdk/client-s3";\nexport const handler = () => greet(S3Client);\n',
        "lambdas/shop/v1/greet.ts": "export const greet = (who: unknown): unknown => who;\n",
      },
    ),
  );
  expect(Object.keys(packages["shop-dev-v1"])).toEqual(["shop.js"]);
  expect(packages["shop-dev-v1"]["shop.js"]).toContain("var greet = (who) => who;");
  expect(packages["shop-dev-v1"]["shop.js"]).toContain('require("@aws-sdk/client-s3")');
});

test("Python is taken as it stands, without what is only of this machine", async () => {
  const { packages } = await packagesOf(
    shop(
      { versions: ["v3"], stable: "v3" },
      {
        "lambdas/shop/v3/shop.py": "import lib.names\n",
        "lambdas/shop/v3/lib/names.py": "x = 1\n",
        "lambdas/shop/v3/__pycache__/shop.cpython-312.pyc": "cached",
        "lambdas/shop/v3/lib/__pycache__/names.cpython-312.opt-1.pyc.140": "half written",
        "lambdas/shop/v3/lib/names.pyc": "cached",
        "lambdas/shop/v3/.venv": "no",
      },
    ),
  );
  expect(packages["shop-dev-v3"]).toEqual({ "lib/names.py": "x = 1\n", "shop.py": "import lib.names\n" });
});

test("files stand in a package by their names, in whatever order the disk gives them", async () => {
  const { readdir } = disk;
  // Node sorts what the disk gives on some systems, and not on all.
  const given = jest
    .spyOn(disk, "readdir")
    .mockImplementation((async (folder: string) => (await readdir(folder)).reverse()) as typeof readdir);
  const { packages } = await packagesOf(
    shop(
      { versions: ["v3"], stable: "v3" },
      {
        "lambdas/shop/v3/shop.py": "",
        "lambdas/shop/v3/names.py": "",
        "lambdas/shop/v3/lib/a.py": "",
        "lambdas/shop/v3/lib/b.py": "",
      },
    ),
  ).finally(() => given.mockRestore());
  expect(Object.keys(packages["shop-dev-v3"])).toEqual(["lib/a.py", "lib/b.py", "names.py", "shop.py"]);
});

test("the same sources give the same bytes in another folder", async () => {
  const one = await packagesOf(shop({}));
  const other = await packagesOf(shop({}));
  expect(other.project).not.toBe(one.project);
  expect(other.packages).toEqual(one.packages);
  expect(JSON.stringify(one.packages)).not.toContain(one.project);
});

test("a hook is bundled for each service that has it, with the library that makes it one", async () => {
  const { packages } = await packagesOf({
    ...shop({ strategy: "codedeploy-alias", versions: [1], stable: 1, hooks: { afterTraffic: "look" } }),
    "lambdas/shop/shop.ts": handler("1"),
    "lambdas/hooks/look.ts": 'import { hook } from "lambda-release/hooks";\nexport const handler = hook();\n',
  });
  expect(Object.keys(packages)).toEqual(["shop-dev", "CodeDeployHook_shop-dev-look"]);
  expect(Object.keys(packages["CodeDeployHook_shop-dev-look"])).toEqual(["look.js"]);
  expect(packages["CodeDeployHook_shop-dev-look"]["look.js"]).toContain("// package:lambda-release/hooks\n");
  expect(packages["CodeDeployHook_shop-dev-look"]["look.js"]).toContain(
    'require("@aws-sdk/client-codedeploy")',
  );
});

test("a handler that cannot be bundled is a line with file and place", async () => {
  const { lines } = await packagesOf(shop({}, { "lambdas/shop/v2/shop.ts": "export const handler = (;\n" }));
  expect(lines).toEqual([
    'lambdas/shop/v2/shop.ts:1:25 must be TypeScript that can be bundled: Unexpected ";"',
  ]);
});

describe("a handler that imports packages", () => {
  const imports = [
    'import { common } from "common";',
    'import { scoped } from "@acme/scoped/deep";',
    'import { shared } from "@acme/shared";',
    'import { whole } from "modules";',
    'import note from "./note.json";',
    "export const handler = async () => [common(), scoped(), shared, whole(), note];\n",
  ];
  const sources = shop(
    { versions: ["v1"] },
    { "lambdas/shop/v1/shop.ts": imports.join("\n"), "lambdas/shop/v1/note.json": { a: 1 } },
  );
  /** One package in CommonJS that needs another of its own, one in ES modules, and one of a workspace. */
  const installed = {
    "node_modules/common/package.json": { name: "common", main: "lib/main.js" },
    "node_modules/common/lib/main.js":
      'const inner = require("inner");\nexports.common = () => inner("common");\n',
    "node_modules/common/node_modules/inner/index.js": "module.exports = (text) => text + text;\n",
    "node_modules/@acme/scoped/package.json": {
      name: "@acme/scoped",
      exports: { "./deep": "./dist/deep.mjs" },
      sideEffects: false,
    },
    "node_modules/@acme/scoped/dist/deep.mjs":
      'import { tail } from "./tail.mjs";\nexport const scoped = () => tail;\n',
    "node_modules/@acme/scoped/dist/tail.mjs": 'export const tail = "tail";\n',
    "node_modules/modules/package.json": { name: "modules", type: "module", main: "main.js" },
    "node_modules/modules/main.js": 'import inner from "flagged";\nexport const whole = () => inner;\n',
    "node_modules/flagged/index.js": "exports.__esModule = true;\nexports.default = 1;\n",
    "packages/shared/package.json": { name: "@acme/shared", main: "shared.ts" },
    "packages/shared/shared.ts": 'export const shared = "as it is now";\n',
  };

  function bundled(project: string) {
    return packageHandlers(project, readReleases(filesOnDisk(project)).releases);
  }

  test("is the same bytes where node_modules is a link to another folder's", async () => {
    const now = createProject({ ...sources, ...installed });
    symlinkSync("../../packages/shared", join(now, "node_modules/@acme/shared"));
    const own = Object.entries(installed).filter(([path]) => path.startsWith("packages/"));
    const copy = createProject({ ...sources, ...Object.fromEntries(own) });
    symlinkSync(join(now, "node_modules"), join(copy, "node_modules"));

    const [one, other] = [await bundled(now), await bundled(copy)];
    expect(other).toEqual(one);
    const code = Buffer.from(one.packages.get("shop-dev-v1")?.get("shop.js") ?? []).toString();
    expect(code).toContain('"node_modules/common/lib/main.js"');

    // A workspace's package is the copy's own.
    writeFiles(copy, { "packages/shared/shared.ts": 'export const shared = "as it was";\n' });
    const earlier = await bundled(copy);
    expect(Buffer.from(earlier.packages.get("shop-dev-v1")?.get("shop.js") ?? []).toString()).toBe(
      code.replace("as it is now", "as it was"),
    );
  });

  test("that are not there is a line with file and place, also where node_modules leads nowhere", async () => {
    const line =
      "lambdas/shop/v1/shop.ts:1:24 must import a package that is there, but common is not: run 'npm install' for it in the version's folder or in the project, or name it in 'bundle.external' if a layer brings it";
    const { "node_modules/common/lib/main.js": _, ...incomplete } = installed;
    const linked = createProject(sources);
    symlinkSync(join(createProject(incomplete), "node_modules"), join(linked, "node_modules"));
    const astray = createProject(sources);
    symlinkSync(join(astray, "nowhere"), join(astray, "node_modules"));
    for (const project of [createProject(sources), linked, astray]) {
      const { problems } = await bundled(project);
      expect(problems.map(formatProblem)).toContain(line);
    }
  });
});

test("links of a Python folder to the folders they are in are lines, however many there are", async () => {
  const project = createProject(
    shop(
      { versions: ["v3"], stable: "v3" },
      { "lambdas/shop/v3/shop.py": "", "lambdas/shop/v3/lib/names.py": "" },
    ),
  );
  const folder = join(project, "lambdas/shop/v3");
  for (const [target, name] of [
    [".", "one"],
    [".", "two"],
    ["..", "lib/up"],
    ["lib", "again"],
  ] as const)
    symlinkSync(target, join(folder, name));
  const { packages, problems } = await packageHandlers(project, readReleases(filesOnDisk(project)).releases);
  const inFolder = problems.map(formatProblem);
  expect(inFolder).toEqual(
    ["again/up", "lib/up", "one", "two"].map(
      (name) => `lambdas/shop/v3/${name} must not be a link to a folder that it is in`,
    ),
  );
  expect([...(packages.get("shop-dev-v3")?.keys() ?? [])]).toEqual([
    "again/names.py",
    "lib/names.py",
    "shop.py",
  ]);
});
