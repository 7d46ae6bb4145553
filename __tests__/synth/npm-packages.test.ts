import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readReleases } from "../../src/release/files/file";
import { filesOnDisk } from "../../src/release/files/project-files";
import { locked } from "../support/locked-packages";
import { answerOf, packagedIn, packagedOf } from "../support/packaged";
import { createProject, type Files, shop, temporaryFolder, writeFiles } from "../support/project";

jest.setTimeout(120_000);

const { XDG_CACHE_HOME, npm_config_registry, npm_config_cache } = process.env;
const cache = temporaryFolder();
beforeAll(() => {
  process.env["XDG_CACHE_HOME"] = cache;
});
afterAll(() => {
  Object.assign(process.env, { XDG_CACHE_HOME });
  if (XDG_CACHE_HOME === undefined) delete process.env["XDG_CACHE_HOME"];
});

const padding = 'import pad from "left-pad";\nexport const handler = async () => pad("1", 3, 0);\n';
const v2 = "lambdas/shop/v2";

/** Two versions whose handlers pad: v1 by what the project has, v2 by what its own lock file says. */
const versions: Files = {
  ...shop({}, { "lambdas/shop/v1/shop.ts": padding, [`${v2}/shop.ts`]: padding }),
  "node_modules/left-pad/index.js": 'module.exports = () => "of the project";\n',
};

/** Names of what the cache holds. */
const kept = () => readdirSync(join(cache, "lambda-release"));

test("a version is bundled from its own lock file, and another one from the project", async () => {
  const { packages, textsOf, lines } = await packagedOf({
    ...versions,
    ...locked(v2, "left-pad 1.3.0"),
    // What somebody installed there is not what the lock file says.
    [`${v2}/node_modules/left-pad/index.js`]: 'module.exports = () => "of this machine";\n',
  });
  expect(lines).toEqual([]);
  expect(await answerOf(packages.get("shop-dev-v1") ?? new Map())).toBe("of the project");
  expect(await answerOf(packages.get("shop-dev-v2") ?? new Map())).toBe("001");
  const code = textsOf("shop-dev-v2")["shop.js"] ?? "";
  expect(code).toContain(`"${v2}/node_modules/left-pad/index.js"`);
  expect(code).not.toContain(cache);
});

test("all that a handler imports is found as if the packages stood beside it", async () => {
  const { packages, lines } = await packagedOf({
    ...versions,
    ...locked("lambdas/shop", "left-pad 1.3.0"),
    [`${v2}/shop.ts`]: [
      'import pad from "left-pad";',
      'import ofProject from "other";',
      'import { padded } from "./lib/padded";',
      'import { shared } from "../../shared";',
      'import page from "./page.html";',
      'import own from "#own";',
      "export const handler = async () => [pad(1, 2), ofProject, padded, shared, page, own];\n",
    ].join("\n"),
    [`${v2}/lib/padded.ts`]: 'import pad from "left-pad";\nexport const padded = pad("2", 2);\n',
    [`${v2}/page.html`]: "page",
    [`${v2}/package.json`]: { imports: { "#own": "./own.js" } },
    [`${v2}/own.js`]: 'export default "own";\n',
    "lambdas/shared.ts": 'import pad from "left-pad";\nexport const shared = pad();\n',
    "node_modules/other/index.js": 'module.exports = "other";\n',
    "releases/dev/shop.json": {
      strategy: "canary-stage",
      versions: ["v2"],
      stable: "v2",
      settings: { bundle: { loader: { ".html": "text" } } },
    },
  });
  expect(lines).toEqual([]);
  expect(await answerOf(packages.get("shop-dev-v2") ?? new Map())).toEqual([
    " 1",
    "other",
    " 2",
    "of the project",
    "page",
    "own",
  ]);
});

test.each([["yarn.lock"], ["pnpm-lock.yaml"], ["bun.lock"], ["npm-shrinkwrap.json"]])(
  "%s alone is refused: what it locks would not be packaged",
  async (name) => {
    const line = (folder: string) =>
      `${folder}/${name} must not be the only lock file here: synthesis installs what package-lock.json locks; run 'npm install --package-lock-only' in ${folder}, and commit package-lock.json`;
    const inVersion = await packagedOf({ ...versions, [`${v2}/${name}`]: "" });
    expect(inVersion.lines).toEqual([line(v2)]);
    const inService = await packagedOf({ ...versions, [`lambdas/shop/${name}`]: "" });
    expect(inService.lines).toEqual([line("lambdas/shop")]);
    const beside = await packagedOf({ ...versions, ...locked(v2, "left-pad 1.3.0"), [`${v2}/${name}`]: "" });
    expect(beside.lines).toEqual([]);
  },
);

test("installed packages are no version of the service", () => {
  const project = createProject({
    ...shop({ versions: ["a1"], stable: "a1" }),
    "lambdas/shop/a1/shop.ts": padding,
    "lambdas/shop/node_modules/.package-lock.json": "{}",
  });
  const [release] = readReleases(filesOnDisk(project)).releases;
  expect(release).toMatchObject({ unpublished: ["v1", "v2"] });
});

test("the bytes are the same with another cache, and with a source map", async () => {
  const settings = { bundle: { sourceMap: true } };
  const files = {
    ...versions,
    ...shop({ settings }),
    ...locked(v2, "left-pad 1.2.0"),
    [`${v2}/shop.ts`]: padding,
  };
  const one = await packagedOf(files);
  process.env["XDG_CACHE_HOME"] = join(temporaryFolder(), "of", "another", "machine");
  const other = await packagedOf(files).finally(() => {
    process.env["XDG_CACHE_HOME"] = cache;
  });
  expect(other.textsOf("shop-dev-v2")).toEqual(one.textsOf("shop-dev-v2"));
  expect(JSON.parse(one.textsOf("shop-dev-v2")["shop.js.map"] ?? "").sources).toEqual(
    expect.arrayContaining([`../../${v2}/node_modules/left-pad/index.js`, `../../${v2}/shop.ts`]),
  );
});

test("several starts at once install once, and leave nothing half done", async () => {
  const files = { ...versions, ...locked(v2, "bufferutil 4.0.8", "node-gyp-build 4.8.4", "left-pad 1.3.0") };
  const before = kept();
  const projects = [createProject(files), createProject(files), createProject(files)];
  const all = await Promise.all(projects.map((project) => packagedIn(project)));
  expect(all.map(({ lines }) => lines)).toEqual([[], [], []]);
  expect(kept().filter((name) => !before.includes(name))).toEqual([
    expect.stringMatching(/^npm-[0-9a-f]{32}$/),
  ]);
});

test("'bundle.packages' copies a native package with all that it depends on", async () => {
  const files = {
    ...versions,
    ...locked(v2, "bufferutil 4.0.8", "node-gyp-build 4.8.4"),
    [`${v2}/shop.mts`]:
      'import { unmask } from "bufferutil";\nexport const handler = async () => typeof unmask;\n',
    "releases/dev/shop.json": {
      strategy: "canary-stage",
      versions: ["v2"],
      stable: "v2",
      settings: { bundle: { packages: ["bufferutil"] } },
    },
  };
  const { [`${v2}/shop.ts`]: _, ...without } = files as Files;
  const { packages, lines } = await packagedOf(without);
  expect(lines).toEqual([]);
  const paths = [...(packages.get("shop-dev-v2")?.keys() ?? [])];
  expect(paths).toEqual(
    expect.arrayContaining([
      "shop.mjs",
      "node_modules/bufferutil/prebuilds/linux-x64/node.napi.node",
      "node_modules/node-gyp-build/index.js",
    ]),
  );
});

describe("a lock file is a line where", () => {
  const linesOf = async (files: Files) => (await packagedOf({ ...versions, ...files })).lines;
  const own = locked(v2, "left-pad 1.3.0");
  const settings = { bundle: { packages: ["sharp"] } };
  const withSharp = {
    "releases/dev/shop.json": {
      strategy: "canary-stage",
      versions: { v1: {}, v2: { settings } },
      stable: "v1",
    },
  };

  test.each([
    [
      "it is not in sync",
      { ...own, [`${v2}/package.json`]: { dependencies: { "left-pad": "1.2.0" } } },
      `must be in sync with package.json: run 'npm install' in ${v2}`,
    ],
    [
      "it has no package.json",
      { [`${v2}/package-lock.json`]: own[`${v2}/package-lock.json`] ?? "" },
      "must have package.json beside it",
    ],
    ["it is none", { ...own, [`${v2}/package-lock.json`]: "{" }, "must be JSON, as npm writes it"],
    [
      "it locks a folder",
      {
        ...own,
        [`${v2}/package-lock.json`]: {
          packages: { "node_modules/mine": { resolved: "../mine", link: true } },
        },
      },
      "must lock packages of a registry, but node_modules/mine is a folder: import it by its path, or publish it",
    ],
    [
      "it locks workspaces",
      {
        ...own,
        [`${v2}/package-lock.json`]: {
          packages: {
            "": { workspaces: ["mine"] },
            "node_modules/mine": { resolved: "mine", link: true },
            mine: {},
          },
        },
      },
      `must lock packages of a registry, but node_modules/mine is a workspace: take 'workspaces' out of package.json, import such folders by their paths, and run 'npm install --no-workspaces' in ${v2}`,
    ],
    [
      "a package to be copied is not in it",
      { ...own, ...withSharp },
      `must lock sharp, which 'bundle.packages' names: run 'npm install sharp' in ${v2}`,
    ],
    [
      "there is none",
      withSharp,
      `must lock sharp, which 'bundle.packages' names: run 'npm install sharp' in ${v2}`,
    ],
  ] as [string, Files, string][])("%s", async (_, files, message) => {
    expect(await linesOf(files)).toEqual([`${v2}/package-lock.json ${message}`]);
  });

  test("the cache cannot be written", async () => {
    const file = join(createProject({ file: "" }), "file");
    process.env["XDG_CACHE_HOME"] = file;
    try {
      expect(await linesOf(own)).toEqual([
        `${v2}/package-lock.json must be installed into ${file}/lambda-release, which cannot be written (ENOTDIR): set XDG_CACHE_HOME to another folder`,
      ]);
    } finally {
      process.env["XDG_CACHE_HOME"] = cache;
    }
  });

  test("the registry cannot be reached", async () => {
    Object.assign(process.env, {
      npm_config_registry: "http://127.0.0.1:9/",
      npm_config_cache: temporaryFolder(),
    });
    try {
      // Another text, so that it is not in the cache.
      const text = JSON.stringify(own[`${v2}/package-lock.json`]);
      const project = createProject({ ...versions, ...own });
      writeFiles(project, { [`${v2}/package-lock.json`]: ` ${text}` });
      const before = kept();
      expect((await packagedIn(project)).lines).toEqual([
        `${v2}/package-lock.json must be installed once from the registry, which cannot be reached: connect to the network and run the command again`,
      ]);
      expect(kept()).toEqual(before);
    } finally {
      for (const [name, value] of Object.entries({ npm_config_registry, npm_config_cache }))
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
    }
  });
});
