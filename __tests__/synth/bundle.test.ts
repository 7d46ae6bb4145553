import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../support/command";
import { answerOf, answerOfService, linesOf, packagedIn, packagedOf, service } from "../support/packaged";
import { createProject, problemsOf, shop } from "../support/project";

jest.setTimeout(60_000);

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
    expect(await answerOfService({ "shop.ts": code })).toEqual(all);
  });

  test("an ES module knows by either way, as do CommonJS modules in it", async () => {
    const code = `import inner from "./inner.cjs";\nexport const handler = async () => [...${places}, ...inner()];\n`;
    const inner =
      'const { existsSync } = require("fs");\nmodule.exports = () => [__dirname, __filename, existsSync(__filename)];\n';
    const file = "/var/task/shop.mjs";
    const all = [`file://${file}`, "/var/task", file, "/var/task", file, true];
    expect(await answerOfService({ "shop.mts": code, "inner.cjs": inner })).toEqual(all);
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
    expect(await answerOfService({ "shop.mjs": code.join("\n") })).toEqual(["/var/task", "shop.mjs"]);
  });
});

test.each([
  ["require", "shop.ts", 'import { STSClient } from "@aws-sdk/client-sts";'],
  ["import", "shop.mts", 'import { STSClient } from "@aws-sdk/client-sts";'],
  ["a later import", "shop.ts", 'const { STSClient } = await import("@aws-sdk/client-sts");'],
])("the AWS SDK is found by %s", async (_, file, line) => {
  const isLater = line.startsWith("const");
  const code = `${isLater ? "" : line}\nexport const handler = async () => { ${isLater ? line : ""} return STSClient.name; };\n`;
  expect(await answerOfService({ [file]: code })).toBe("STSClient");
});

test.each([
  ["require", "shop.ts"],
  ["import", "shop.mts"],
])(
  "a part of the AWS SDK that the project does not have is named by %s, with what to run",
  async (_, file) => {
    const code =
      'import { ScanCommand } from "@aws-sdk/client-unknown/lib";\nexport const handler = async () => typeof ScanCommand;\n';
    expect(await answerOfService({ [file]: code })).toContain(
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
  expect(await answerOfService({ [file]: code }, settings)).toMatch(message);
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
    const found = await answerOfService({ ...files, "tsconfig.json": { compilerOptions } });
    expect(found).toEqual(["mine", "price", "b"]);
  });

  test("of the service counts", async () => {
    const paths = { "@/*": ["./v1/lib/*"] };
    const tsconfig = { compilerOptions: { ...compilerOptions, paths } };
    expect(await answerOfService({ ...files, "../lambdas/shop/tsconfig.json": tsconfig })).toEqual([
      "mine",
      "price",
      "b",
    ]);
  });

  test("of the project does not", async () => {
    expect(await linesOf({ ...files, "../tsconfig.json": { compilerOptions } })).toEqual([
      'lambdas/shop/v1/shop.tsx:1:22 must be TypeScript that can be bundled: Could not resolve "@/name"',
    ]);
  });

  test("is not needed for decorators of the standard", async () => {
    const standard = [
      "const twice = (value: () => number) => () => 2 * value();",
      "class Shop { @twice price() { return 1; } }",
      "export const handler = async () => new Shop().price();\n",
    ];
    expect(await answerOfService({ "shop.ts": standard.join("\n") })).toBe(2);
  });
});

describe("the setting", () => {
  test("'bundle.loader' gives an import its text", async () => {
    const files = {
      "shop.ts": 'import page from "./page.html";\nexport const handler = async () => page;\n',
      "page.html": "<p>shop</p>",
    };
    expect(await answerOfService(files, { bundle: { loader: { ".html": "text" } } })).toBe("<p>shop</p>");
    expect(await linesOf(files)).toEqual([
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
    expect(await linesOf(files, { assets: ["nowhere", "shop.js"] })).toEqual([
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
