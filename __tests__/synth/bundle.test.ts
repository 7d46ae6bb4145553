import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../support/command";
import { answerOf, packagedIn, packagedOf } from "../support/packaged";
import { createProject, type Files, problemsOf, shop, shopWithoutCode } from "../support/project";

jest.setTimeout(60_000);

/** A service whose one version has these files beside `shop`'s entry. */
function service(files: Files, settings: object = {}): Files {
  const own = Object.entries(files).map(([path, content]) => [
    path.startsWith("../") ? path.slice(3) : `lambdas/shop/v1/${path}`,
    content,
  ]);
  return { ...shopWithoutCode({ settings }), ...Object.fromEntries(own) };
}

async function answer(files: Files, settings: object = {}): Promise<unknown> {
  const { packages, lines } = await packagedOf(service(files, settings));
  expect(lines).toEqual([]);
  return answerOf(packages.get("shop-dev-v1") ?? new Map());
}

async function lines(files: Files, settings: object = {}): Promise<string[]> {
  return (await packagedOf(service(files, settings))).lines;
}

describe("entry files", () => {
  const answers = "export const handler = async () => 1;\n";

  test.each([
    ["shop.ts", answers, "shop.js"],
    ["shop.cts", answers, "shop.js"],
    ["shop.tsx", answers, "shop.js"],
    ["shop.mts", `await 0;\n${answers}`, "shop.mjs"],
    ["shop.js", "exports.handler = async () => 1;\n", "shop.js"],
    ["shop.js", answers, "shop.js"],
    ["shop.cjs", "exports.handler = async () => 1;\n", "shop.js"],
    ["shop.jsx", answers, "shop.js"],
    ["shop.mjs", `await 0;\n${answers}`, "shop.mjs"],
  ])("%s is packaged, and answers", async (file, code, packaged) => {
    const { packages, lines } = await packagedOf(service({ [file]: code }));
    const files = packages.get("shop-dev-v1") ?? new Map();
    expect({ lines, files: [...files.keys()] }).toEqual({ lines: [], files: [packaged] });
    expect(await answerOf(files)).toBe(1);
  });

  test("TypeScript goes before the JavaScript that a compiler made of it", async () => {
    const { textsOf, lines } = await packagedOf(service({ "shop.ts": answers, "shop.js": "made();\n" }));
    expect(lines).toEqual([]);
    expect(textsOf("shop-dev-v1")["shop.js"]).toContain("// lambdas/shop/v1/shop.ts\n");
  });

  test.each([
    ["nodejs16.x", false],
    ["nodejs22.x", true],
  ])(
    "are bundled for the Node of their own runtime: %s has static blocks as they stand: %s",
    async (runtime, has) => {
      const code = "export class Shop { static { void 0; } }\nexport const handler = async () => 1;\n";
      const { textsOf, lines } = await packagedOf(service({ "shop.ts": code }, { runtime }));
      expect(lines).toEqual([]);
      expect(/static *\{/.test(textsOf("shop-dev-v1")["shop.js"] ?? "")).toBe(has);
    },
  );

  test("two that are sources are refused", () => {
    expect(problemsOf(service({ "shop.js": answers, "shop.mjs": answers }))).toEqual([
      expect.stringMatching(
        /must have one handler of function shop in lambdas\/shop\/v1\/, but has shop.js and shop.mjs/,
      ),
    ]);
  });
});

describe("where a bundle is", () => {
  const places = "[import.meta.url, import.meta.dirname, import.meta.filename]";

  test("a CommonJS bundle knows by either way", async () => {
    const code = `export const handler = async () => [...${places}, __dirname, __filename];\n`;
    const file = "/var/task/shop.js";
    const all = [`file://${file}`, "/var/task", file, "/var/task", file];
    expect(await answer({ "shop.ts": code })).toEqual(all);
  });

  test("an ES module knows by either way, as do CommonJS modules in it", async () => {
    const code = `import inner from "./inner.cjs";\nexport const handler = async () => [...${places}, ...inner()];\n`;
    const inner =
      'const { existsSync } = require("fs");\nmodule.exports = () => [__dirname, __filename, existsSync(__filename)];\n';
    const file = "/var/task/shop.mjs";
    const all = [`file://${file}`, "/var/task", file, "/var/task", file, true];
    expect(await answer({ "shop.mts": code, "inner.cjs": inner })).toEqual(all);
  });

  test("an ES module may make names of its own that CommonJS has", async () => {
    const code = [
      'import { createRequire } from "node:module";',
      'import { dirname } from "node:path";',
      'import { fileURLToPath } from "node:url";',
      "const require = createRequire(import.meta.url);",
      "const __filename = fileURLToPath(import.meta.url);",
      "const __dirname = dirname(__filename);",
      'export const handler = async () => [__dirname, require("node:path").basename(__filename)];\n',
    ];
    expect(await answer({ "shop.mjs": code.join("\n") })).toEqual(["/var/task", "shop.mjs"]);
  });
});

test.each([
  ["require", "shop.ts", 'import { STSClient } from "@aws-sdk/client-sts";'],
  ["import", "shop.mts", 'import { STSClient } from "@aws-sdk/client-sts";'],
  ["a later import", "shop.ts", 'const { STSClient } = await import("@aws-sdk/client-sts");'],
])("the AWS SDK is found by %s", async (_, file, line) => {
  const isLater = line.startsWith("const");
  const code = `${isLater ? "" : line}\nexport const handler = async () => { ${isLater ? line : ""} return STSClient.name; };\n`;
  expect(await answer({ [file]: code })).toBe("STSClient");
});

test.each([
  ["require", "shop.ts"],
  ["import", "shop.mts"],
])(
  "a part of the AWS SDK that the project does not have is named by %s, with what to run",
  async (_, file) => {
    const code =
      'import { ScanCommand } from "@aws-sdk/client-unknown/lib";\nexport const handler = async () => typeof ScanCommand;\n';
    expect(await answer({ [file]: code })).toContain(
      "@aws-sdk/client-unknown is not installed in this project: Lambda brings it, and a rehearsal takes that of the project; run 'npm install --save-dev @aws-sdk/client-unknown'",
    );
  },
);

test.each([
  ["client-s3", "nodejs22.x", "left to Lambda"],
  ["lib-dynamodb", "nodejs18.x", "left to Lambda"],
  ["util-utf8", "nodejs22.x", "bundled"],
  ["util-not-installed", "nodejs22.x", "left to Lambda"],
  ["client-s3", "nodejs16.x", "bundled"],
])("@aws-sdk/%s of %s is %s", async (name, runtime, where) => {
  const files = {
    "shop.ts": `export { handler } from "@aws-sdk/${name}";\n`,
    ...Object.fromEntries(
      ["client-s3", "lib-dynamodb", "util-utf8"].map((one) => [
        `../node_modules/@aws-sdk/${one}/index.js`,
        "exports.handler = async () => 1;\n",
      ]),
    ),
  };
  const { textsOf, lines } = await packagedOf(service(files, { runtime }));
  expect(lines).toEqual([]);
  const isLeft = textsOf("shop-dev-v1")["shop.js"]?.includes(`require("@aws-sdk/${name}")`);
  expect(isLeft ? "left to Lambda" : "bundled").toBe(where);
});

test("a package of the AWS SDK is bundled also where node_modules is a link, as for an earlier commit", async () => {
  const code = 'export { handler } from "@aws-sdk/util-utf8";\n';
  const installed = createProject({
    "node_modules/@aws-sdk/util-utf8/index.js": "exports.handler = async () => 1;\n",
  });
  const project = createProject(service({ "shop.ts": code }));
  symlinkSync(join(installed, "node_modules"), join(project, "node_modules"));
  const { packages, lines } = await packagedIn(project);
  expect(lines).toEqual([]);
  expect(await answerOf(packages.get("shop-dev-v1") ?? new Map())).toBe(1);
});

test.each([
  ["shop.ts", /Cannot find module 'zod'/],
  ["shop.mts", /Cannot find package 'zod'/],
])("another package of this machine is not found by %s", async (file, message) => {
  const code = 'import { z } from "zod";\nexport const handler = async () => typeof z;\n';
  const settings = { bundle: { external: ["zod"] } };
  expect(await answer({ [file]: code }, settings)).toMatch(message);
});

describe("a tsconfig.json", () => {
  const code = [
    'import { name } from "@/name";',
    "function twice(target: any, key: string) { target.decorated = key; }",
    "class Shop { @twice price() { return 1; } }",
    "const h = (tag: string) => tag;",
    "export const handler = async () => [name, (Shop.prototype as any).decorated, <b />];\n",
  ].join("\n");
  const compilerOptions = {
    paths: { "@/*": ["./lib/*"] },
    experimentalDecorators: true,
    jsx: "react",
    jsxFactory: "h",
  };
  const files = { "shop.tsx": code, "lib/name.ts": 'export const name = "mine";\n' };

  test("of the handler's folder counts", async () => {
    const found = await answer({ ...files, "tsconfig.json": { compilerOptions } });
    expect(found).toEqual(["mine", "price", "b"]);
  });

  test("of the service counts", async () => {
    const paths = { "@/*": ["./v1/lib/*"] };
    const tsconfig = { compilerOptions: { ...compilerOptions, paths } };
    expect(await answer({ ...files, "../lambdas/shop/tsconfig.json": tsconfig })).toEqual([
      "mine",
      "price",
      "b",
    ]);
  });

  test("of the project does not", async () => {
    expect(await lines({ ...files, "../tsconfig.json": { compilerOptions } })).toEqual([
      'lambdas/shop/v1/shop.tsx:1:22 must be TypeScript that can be bundled: Could not resolve "@/name"',
    ]);
  });

  test("is not needed for decorators of the standard", async () => {
    const standard = [
      "const twice = (value: () => number) => () => 2 * value();",
      "class Shop { @twice price() { return 1; } }",
      "export const handler = async () => new Shop().price();\n",
    ];
    expect(await answer({ "shop.ts": standard.join("\n") })).toBe(2);
  });
});

describe("the setting", () => {
  test("'bundle.loader' gives an import its text", async () => {
    const files = {
      "shop.ts": 'import page from "./page.html";\nexport const handler = async () => page;\n',
      "page.html": "<p>shop</p>",
    };
    expect(await answer(files, { bundle: { loader: { ".html": "text" } } })).toBe("<p>shop</p>");
    expect(await lines(files)).toEqual([
      `lambdas/shop/v1/shop.ts:1:18 must import a file that has a loader: give '.html' one in 'bundle.loader', such as { ".html": "text" }`,
    ]);
  });

  test("'bundle.sourceMap' and 'bundle.minify' make what they say, the same in every folder", async () => {
    const code = "export const handler = async () => {\n  const price = 1;\n  return price;\n};\n";
    const settings = { bundle: { sourceMap: true, minify: true } };
    const [one, other] = [
      await packagedOf(service({ "shop.mts": code }, settings)),
      await packagedOf(service({ "shop.mts": code }, settings)),
    ];
    const files = one.textsOf("shop-dev-v1");
    expect(Object.keys(files)).toEqual(["shop.mjs.map", "shop.mjs"]);
    expect(JSON.parse(files["shop.mjs.map"] ?? "")).toMatchObject({
      sources: ["../../lambdas/shop/v1/shop.mts"],
      sourcesContent: [code],
    });
    expect(files["shop.mjs"]).not.toContain("price");
    expect(other.textsOf("shop-dev-v1")).toEqual(files);
  });

  test("'assets' packages files and folders at their paths", async () => {
    const files = {
      "shop.ts":
        'import { readFileSync, symlinkSync } from "node:fs";\nexport const handler = async () => readFileSync(`${__dirname}/data/a/b.txt`, "utf8");\n',
      "data/a/b.txt": "b",
      "data/.hidden": "",
      "one.json": "{}",
      "other.json": "{}",
    };
    const settings = { assets: ["data", "one.json"] };
    const { packages } = await packagedOf(service(files, settings));
    const packaged = packages.get("shop-dev-v1") ?? new Map();
    expect([...packaged.keys()]).toEqual(["shop.js", "data/a/b.txt", "one.json"]);
    expect(await answerOf(packaged)).toBe("b");
  });

  test("'assets' must name what is there, and not the bundle", async () => {
    const files = { "shop.ts": "export const handler = 1;\n", "shop.js": "" };
    expect(await lines(files, { assets: ["nowhere", "shop.js"] })).toEqual([
      "lambdas/shop/v1/nowhere must be a file or a folder: the function's 'assets' name it",
      "lambdas/shop/v1/shop.js must not be packaged in place of the bundle: leave it out of the function's 'assets'",
    ]);
  });

  test.each(["../v2", "/etc/hosts", "a/../../b", ".", "a\\b", "a//b", "a/"])(
    "'assets' refuses %j",
    (path) => {
      expect(problemsOf(service({ "shop.ts": "" }, { assets: [path] }))).toEqual([
        expect.stringContaining("'settings.assets[0]' must be a path in the handler's folder, such as"),
      ]);
    },
  );

  test.each([
    { external: ["./local"] },
    { external: ["Sharp Edge"] },
    { loader: { html: "text" } },
    { minify: 1 },
  ])("'bundle' refuses %j", (bundle) => {
    expect(problemsOf(service({ "shop.ts": "" }, { bundle }))).toEqual([
      expect.stringMatching(/'settings\.bundle\.\w+.*must be/),
    ]);
  });
});

test("the release file that the page shows is packaged as the page says", async () => {
  const page = readFileSync(join(projectFolder, "docs/code.md"), "utf8");
  const [, release = ""] = /```json\n(.*?)```/s.exec(page) ?? [];
  const { packages, lines } = await packagedOf(
    shop(JSON.parse(release), {
      "lambdas/shop/v1/templates/page.html": "",
      "lambdas/shop/v1/data/prices.csv": "",
    }),
  );
  expect(lines).toEqual([]);
  const files = [...(packages.get("shop-dev-v1")?.keys() ?? [])];
  expect(files).toEqual(["shop.js.map", "shop.js", "templates/page.html", "data/prices.csv"]);
});

describe("what fails at run time is refused with its place", () => {
  test.each([
    [
      { "shop.ts": "const one = await 1;\nexport const handler = () => one;\n" },
      "lambdas/shop/v1/shop.ts:1:13 must not await at top level in a CommonJS bundle: give the handler's file the ending .mts or .mjs, and the bundle is an ES module",
    ],
    [
      { "shop.ts": "export const handler = () => import.meta.main;\n" },
      "lambdas/shop/v1/shop.ts:1:30 must not ask for more than url, dirname and filename of import.meta in a CommonJS bundle; a handler whose file ends in .mts or .mjs is an ES module and may",
    ],
    [
      { "shop.ts": "export const handler = (name: string) => require(name);\n" },
      "lambdas/shop/v1/shop.ts:1:42 must require a module by its literal name: the bundle has no other. Import each module that may be meant, or package them as 'assets' and require their paths by createRequire(__filename) of node:module",
    ],
    [
      {
        "shop.mjs": 'import fast from "./fast.node";\nexport const handler = () => fast;\n',
        "fast.node": "",
      },
      "lambdas/shop/v1/shop.mjs:1:18 must not import a native file, which cannot be part of a bundle: give the name of its npm package in 'bundle.packages', which copies it",
    ],
    [
      {
        "shop.ts": 'import * as one from "./one";\nexport const handler = () => one();\n',
        "one.ts": "export {};\n",
      },
      'lambdas/shop/v1/shop.ts:2:30 must not fail at run time: Calling "one" will crash at run-time because it\'s an import namespace object, not a function',
    ],
    [
      {
        "shop.ts": "export const handler = (name: string) => import(`./texts/${name}.js`);\n",
        "texts/one.txt": "",
      },
      'lambdas/shop/v1/shop.ts:1:49 must not fail at run time: The glob pattern import("./texts/**/*.js") did not match any files',
    ],
    [
      { "shop.ts": 'import one from "@acme/one/part";\nexport const handler = () => one;\n' },
      "lambdas/shop/v1/shop.ts:1:17 must import a package that is there, but @acme/one/part is not: run 'npm install' for it in the version's folder or in the project, or name it in 'bundle.external' if a layer brings it",
    ],
    [
      { "shop.ts": "export const handlr = () => 1;\nexport const other = 1;\n" },
      `lambdas/shop/v1/shop.ts must export handler, which Lambda calls ('handler' is "shop.handler"): it exports handlr, other`,
    ],
    [
      { "shop.mts": "export default () => 1;\n" },
      `lambdas/shop/v1/shop.mts must export handler, which Lambda calls ('handler' is "shop.handler"): it exports default`,
    ],
    [
      { "shop.ts": "" },
      `lambdas/shop/v1/shop.ts must export handler, which Lambda calls ('handler' is "shop.handler"): it exports nothing by a name`,
    ],
    [
      { "shop.js": "export const handler = (;\n" },
      'lambdas/shop/v1/shop.js:1:25 must be JavaScript that can be bundled: Unexpected ";"',
    ],
  ] as [Files, string][])("%#", async (files, line) => {
    expect(await lines(files)).toEqual([line]);
  });

  test.each([
    ["another name", { "shop.ts": 'export { run as handler } from "./one";\n' }],
    ["export * of ES modules", { "shop.ts": 'export * from "./two";\n' }],
    ["export * of CommonJS", { "shop.ts": 'export * from "./three.cjs";\n' }],
    ["exports of CommonJS", { "shop.ts": 'module.exports["hand" + "ler"] = async () => 1;\n' }],
    ["an assignment", { "shop.ts": "export = { handler: async () => 1 };\n" }],
  ] as [string, Files][])("a handler is exported by %s", async (_, files) => {
    const others = {
      "one.ts": "export const run = async () => 1;\n",
      "two.ts": "export const handler = async () => 1;\n",
      "three.cjs": "exports.handler = async () => 1;\n",
    };
    const own = { ...others, ...files };
    expect(await answer(own, { bundle: { minify: false } })).toBe(1);
    expect(await answer(own, { bundle: { minify: true } })).toBe(1);
  });

  test.each([
    [
      "shop.ts",
      "export const handler = async () => 1;\n",
      "/opt/nodejs/node_modules/wrapper/handler.handler",
    ],
    ["shop.ts", "export const handler = async () => 1;\n", "wrapper.run"],
    ["shop.py", "def handler(event, context):\n    return 1\n", "wrapper.handler.handler"],
  ])("%s is packaged where a layer may bring the handler", async (file, code, handler) => {
    const layers = ["arn:aws:lambda:eu-central-1:111122223333:layer:wrapper:1"];
    const { packages, lines } = await packagedOf(service({ [file]: code }, { handler, layers }));
    expect(lines).toEqual([]);
    expect([...(packages.get("shop-dev-v1")?.keys() ?? [])]).toEqual([file.replace(".ts", ".js")]);
    expect(problemsOf(service({ [file]: code }, { handler }))).toEqual([
      expect.stringMatching(/must be <file>\.<export>|must have a handler in lambdas\/shop\/v1\/: wrapper/),
    ]);
  });

  test("a file that is named as an asset may be required by its path", async () => {
    const code = [
      'import { createRequire } from "node:module";',
      'const name = process.env["PLUGIN"] ?? "one";',
      "export const handler = async () => createRequire(__filename)(`./plugins/${name}.js`);\n",
    ];
    const files = { "shop.ts": code.join("\n"), "plugins/one.js": "module.exports = 1;\n" };
    expect(await answer(files, { assets: ["plugins"] })).toBe(1);
  });

  test("but not in packages, whose line may never run", async () => {
    const files = {
      "shop.ts": 'import engine from "engine";\nexport const handler = async () => engine();\n',
      "../node_modules/engine/index.js": "module.exports = (name) => name ? require(name) : 1;\n",
    };
    expect(await answer(files)).toBe(1);
  });
});
