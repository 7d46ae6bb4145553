import { answerOfService, linesOf, packagedOf, service } from "../support/packaged";
import { type Files, problemsOf } from "../support/project";

jest.setTimeout(60_000);

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
    expect(await linesOf(files)).toEqual([line]);
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
    expect(await answerOfService(own, { bundle: { minify: false } })).toBe(1);
    expect(await answerOfService(own, { bundle: { minify: true } })).toBe(1);
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
    expect(await answerOfService(files, { assets: ["plugins"] })).toBe(1);
  });

  test("but not in packages, whose line may never run", async () => {
    const files = {
      "shop.ts": 'import engine from "engine";\nexport const handler = async () => engine();\n',
      "../node_modules/engine/index.js": "module.exports = (name) => name ? require(name) : 1;\n",
    };
    expect(await answerOfService(files)).toBe(1);
  });
});
