import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { review } from "../../src/review/review";
import { type LockedPackage, locked } from "../support/locked-packages";
import { type Files, handler, shop, temporaryFolder, writeFiles } from "../support/project";
import { describePython } from "../support/python";
import { Repository } from "../support/repository";
import { monorepo } from "../support/workspaces";

jest.setTimeout(180_000);

process.env["XDG_CACHE_HOME"] = temporaryFolder();

const padding = 'import pad from "left-pad";\nexport const handler = async () => pad("1", 3, 0);\n';

/** What the review says of a change of a committed project; `installed` is in the working tree and never committed. */
async function codeOf(base: Files, head: Files, installed: Files = {}, change = (_: string) => {}) {
  const repository = new Repository({ ".gitignore": "node_modules\nvendor\n", ...base });
  change(repository.project);
  repository.commitAll();
  writeFiles(repository.project, installed);
  writeFiles(repository.project, head);
  const { services } = await review({ project: repository.project, base: "main" });
  return services.flatMap(({ rows }) => rows.map(({ step, shownBy }) => `${step}: ${shownBy}`));
}

const lock = (packages: Readonly<Record<string, string>>) => ({
  lockfileVersion: 3,
  packages: Object.fromEntries(
    Object.entries(packages).map(([name, version]) => [
      `node_modules/${name}`,
      { version, integrity: `sha512-${name}-${version}` },
    ]),
  ),
});
const importing = (name: string) =>
  `import { text } from "${name}";\nexport const handler = async () => ({ statusCode: 200, body: text });\n`;
const exporting = (text: string) => `exports.text = "${text}";\n`;

describe("packages of the project", () => {
  const base = shop(
    {},
    {
      "lambdas/shop/v2/shop.ts": importing("pad"),
      "package-lock.json": lock({ pad: "1.0.0", jest: "1.0.0" }),
    },
  );
  const installed = {
    "node_modules/pad/index.js": 'exports.text = require("inner").text;\n',
    "node_modules/inner/index.js": exporting("1"),
    "node_modules/jest/index.js": "",
  };

  test("that no bundle holds are no change of code", async () => {
    const head = {
      "package-lock.json": lock({ pad: "1.0.0", jest: "2.0.0", types: "1.0.0" }),
      "package.json": { devDependencies: { jest: "2.0.0" } },
    };
    expect(await codeOf(base, head, installed)).toEqual([]);
  });

  test("that a bundle holds are told by their names and versions", async () => {
    const head = { "package-lock.json": lock({ pad: "1.1.0", jest: "2.0.0" }) };
    expect(await codeOf(base, head, installed)).toEqual([
      "code of v2: pad 1.0.0 -> 1.1.0 in package-lock.json",
    ]);
  });

  test("that a bundle holds because another one asks for them are told too", async () => {
    const before = { ...base, "package-lock.json": lock({ pad: "1.0.0", inner: "1.0.0" }) };
    const head = { "package-lock.json": lock({ pad: "1.0.0", inner: "1.0.1" }) };
    expect(await codeOf(before, head, installed)).toEqual([
      "code of v2: inner 1.0.0 -> 1.0.1 in package-lock.json",
    ]);
  });

  test("that a version has of its own are those of its lock file, and told by it", async () => {
    const own = (name: LockedPackage, ...others: LockedPackage[]) =>
      locked("lambdas/shop/v2", name, ...others);
    const before = { ...base, "lambdas/shop/v2/shop.ts": padding, ...own("left-pad 1.0.2") };
    const file = "lambdas/shop/v2/package-lock.json";
    expect(await codeOf(before, own("left-pad 1.3.0"), installed)).toEqual([
      `code of v2: left-pad 1.0.2 -> 1.3.0 in ${file}`,
    ]);
    // What no bundle holds changes nothing, nor do other versions of the same bytes.
    expect(await codeOf(before, own("left-pad 1.0.2", "node-gyp-build 4.8.4"), installed)).toEqual([]);
    const same = await codeOf({ ...before, ...own("left-pad 1.2.0") }, own("left-pad 1.3.0"), installed);
    expect(same).toEqual([]);
    // A version that gets packages of its own, which are those that the project had.
    const without = { ...base, "lambdas/shop/v2/shop.ts": padding };
    const alike = await codeOf(without, own("left-pad 1.3.0"), {
      "node_modules/left-pad/index.js": 'module.exports = () => "another";\n',
    });
    expect(alike).toEqual(["code of v2: the bundle of lambdas/shop/v2/shop.ts"]);
  });

  test("that are linked folders of the project are its code", async () => {
    const linked = { ...base, "parts/pad/index.js": exporting("1") };
    const link = (project: string) => {
      mkdirSync(join(project, "node_modules"));
      symlinkSync("../parts/pad", join(project, "node_modules/pad"));
    };
    const head = { "parts/pad/index.js": exporting("2") };
    expect(await codeOf(linked, head, {}, link)).toEqual(["code of v2: parts/pad/index.js"]);
    expect(await codeOf(linked, { "parts/other.js": "" }, {}, link)).toEqual([]);
  });
});

describe("what a bundle is made of", () => {
  test("is told where an import finds another file, and none of those that it found has changed", async () => {
    const files = {
      "lambdas/shop/v2/shop.ts": importing("../../prices"),
      "lambdas/prices.ts": 'export const text = "1";\n',
      "lambdas/prices/index.ts": 'export const text = "2";\n',
    };
    const found = await codeOf(shop({}, files), {}, {}, () => {});
    expect(found).toEqual([]);
    const repository = new Repository(shop({}, files));
    rmSync(join(repository.project, "lambdas/prices.ts"));
    const { services } = await review({ project: repository.project, base: "main" });
    expect(services.flatMap(({ rows }) => rows.map(({ shownBy }) => shownBy))).toEqual(["lambdas/prices.ts"]);
  });

  test("is compared with a commit whose packages are gone", async () => {
    const base = shop({}, { "lambdas/shop/v1/shop.ts": importing("gone") });
    expect(await codeOf(base, { "lambdas/shop/v1/shop.ts": handler("v1") })).toEqual([
      "code of v1: lambdas/shop/v1/shop.ts",
    ]);
  });
});

describePython("a Python folder", () => {
  const { "lambdas/shop/v1/shop.ts": _, "lambdas/shop/v2/shop.ts": __, ...rest } = shop({ versions: ["v1"] });
  const python = {
    ...rest,
    "lambdas/shop/v1/shop.py": "",
    "lambdas/shop/v1/requirements.txt": "six==1.16.0\n",
    "lambdas/parts/price.py": "ONE = 1\n",
  };
  const link = (project: string) => symlinkSync("../../parts", join(project, "lambdas/shop/v1/parts"));

  test("has what a link in it leads to", async () => {
    const head = { "lambdas/parts/price.py": "ONE = 2\n" };
    expect(await codeOf(python, head, {}, link)).toEqual(["code of v1: lambdas/shop/v1/parts/price.py"]);
    expect(await codeOf(python, { "lambdas/other/price.py": "" }, {}, link)).toEqual([]);
  });

  test("has requirements, and what is installed of them is no change", async () => {
    const installed = { "lambdas/shop/v1/vendor/pad.py": "1" };
    expect(await codeOf(python, {}, installed)).toEqual([]);
    const head = { "lambdas/shop/v1/requirements.txt": "six==1.17.0\n" };
    expect(await codeOf(python, head, installed)).toEqual(["code of v1: lambdas/shop/v1/requirements.txt"]);
  });

  test("has packages for its runtime, which are other ones for another", async () => {
    const settings = (runtime: string) => ({ settings: { runtime } });
    const native = { ...python, "lambdas/shop/v1/requirements.txt": "MarkupSafe==2.1.5\n" };
    const runtimeOf = (runtime: string) => ({
      ...native,
      "releases/dev/shop.json": {
        strategy: "canary-stage",
        versions: ["v1"],
        stable: "v1",
        ...settings(runtime),
      },
    });
    expect(await codeOf(runtimeOf("python3.11"), runtimeOf("python3.12"))).toEqual([
      "code of v1: packages that lambdas/shop/v1 requires",
      "settings of v1: runtime",
    ]);
  });
});

describe("what a release file says of packaging", () => {
  const files = {
    "lambdas/shop/v1/page.html": "1",
    "lambdas/shop/v1/other.ts": handler("other"),
  };
  const changed = (settings: object, head: Files = {}) =>
    codeOf(
      shop({ versions: { v1: { settings: { assets: ["page.html"] } }, v2: {} } }, files),
      shop(
        { versions: { v1: { settings: { assets: ["page.html"], ...settings } }, v2: {} } },
        { ...files, ...head },
      ),
    );

  test("and an asset that changed, are told with what they change", async () => {
    expect(await changed({}, { "lambdas/shop/v1/page.html": "2" })).toEqual([
      "code of v1: lambdas/shop/v1/page.html",
    ]);
    expect(await changed({ assets: [] })).toEqual([
      "code of v1: lambdas/shop/v1/page.html",
      "settings of v1: assets",
    ]);
    expect(await changed({ bundle: { minify: true } })).toEqual([
      "code of v1: the bundle of lambdas/shop/v1/shop.ts",
      "settings of v1: bundle",
    ]);
    expect(await changed({ handler: "other.handler" })).toEqual([
      "code of v1: the bundle of lambdas/shop/v1/other.ts",
      "settings of v1: code",
    ]);
    expect(await changed({ memoryMb: 256 })).toEqual(["settings of v1: memoryMb"]);
  });
});

describe("a workspace", () => {
  test("has a change of the package that it links to, and of what that has from the lock file of all", async () => {
    expect(await codeOf(monorepo(), monorepo({ sign: "USD" }))).toEqual([
      "code of v2: packages/money/src/sign.ts",
    ]);
    const rows = await codeOf(monorepo(), monorepo({ padding: "left-pad 1.0.2" }));
    expect(rows).toEqual(["code of v2: left-pad 1.3.0 -> 1.0.2 in package-lock.json"]);
  });

  test("has none where the lock file of all has another package that no bundle holds", async () => {
    expect(await codeOf(monorepo(), monorepo({ tool: "node-gyp-build 4.8.4" }))).toEqual([]);
  });
});
