import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../support/command";
import { locked } from "../support/locked-packages";
import { answerOf, packagedIn } from "../support/packaged";
import { createProject, type Files, shopWithoutCode } from "../support/project";

jest.setTimeout(60_000);

const folder = "lambdas/shop/v1";
const asking = `{
  // Copied from elsewhere.
  "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true, },
}`;
const plain = "export const handler = async () => 1;\n";

/** What reads metadata, as reflect-metadata does, and a class that has some. */
const decorated = [
  'import { Price } from "./price";',
  'import type { Text } from "./price";',
  "const kept: unknown[] = [];",
  "(Reflect as any).metadata = (key: string, value: any) => () => void kept.push([key, [value].flat().map((one) => one?.name)]);",
  "const of: any = () => {};",
  "class Shop {",
  "  @of count?: number;",
  "  @of() find(id: string, price: Price, text: Text): Promise<Price> { return null as any; }",
  "  constructor(readonly name = 1) {}",
  "}",
  "export const handler = async () => [new Shop().name, ...kept];\n",
].join("\n");
const price = "export class Price {}\nexport interface Text { one: string }\n";

/** @param files beside the handler; those that begin with `../` are the project's */
async function packaged(files: Files, { withTypeScript = true, settings = {} } = {}) {
  const own = Object.entries(files).map(([path, content]) => [
    path.startsWith("../") ? path.slice(3) : `${folder}/${path}`,
    content,
  ]);
  const project = createProject({
    ...shopWithoutCode({ settings }),
    "node_modules/other/index.js": "",
    ...Object.fromEntries(own),
  });
  const packages = join(project, "node_modules/typescript");
  if (withTypeScript) symlinkSync(join(projectFolder, "node_modules/typescript"), packages);
  return packagedIn(project);
}

const expected = [
  1,
  ["design:type", ["Number"]],
  ["design:returntype", ["Promise"]],
  ["design:paramtypes", ["String", "Price", "Object"]],
  ["design:type", ["Function"]],
];

test.each<[string, Files]>([
  ["beside the handler", { "tsconfig.json": asking }],
  [
    "in a file that it extends",
    { "tsconfig.json": { extends: "../base" }, "../lambdas/shop/base.json": asking },
  ],
  ["with packages of its own", { "tsconfig.json": asking, ...ownPackages() }],
])("types are there at run time where a tsconfig.json asks for it: %s", async (_, files) => {
  const { packages, lines } = await packaged({ "shop.ts": decorated, "price.ts": price, ...files });
  expect(lines).toEqual([]);
  expect(await answerOf(packages.get("shop-dev-v1") ?? new Map())).toEqual(expected);
});

function ownPackages(): Files {
  const files = Object.entries(locked(folder, "left-pad 1.3.0"));
  return Object.fromEntries(files.map(([path, content]) => [path.slice(folder.length + 1), content]));
}

test("a source map leads to the source, and the bytes are the same in every folder", async () => {
  const files = { "shop.ts": decorated, "price.ts": price, "tsconfig.json": asking };
  const [one, other] = await Promise.all(
    [0, 1].map(() => packaged(files, { settings: { bundle: { sourceMap: true } } })),
  );
  const texts = one?.textsOf("shop-dev-v1") ?? {};
  expect(texts).toEqual(other?.textsOf("shop-dev-v1"));
  const { sources, sourcesContent } = JSON.parse(texts["shop.js.map"] ?? "{}");
  expect(sourcesContent[sources.indexOf("../../lambdas/shop/v1/shop.ts")]).toContain("@of() find(id: string");
});

test.each<[Files, string]>([
  [
    { "shop.ts": `${decorated.replace("import type", "import")}` },
    `shop.ts:2:10 must be TypeScript that can be bundled: No matching export in "lambdas/shop/v1/price.ts" for import "Text"; where that is a type, write "import type": with emitDecoratorMetadata each file is compiled by itself`,
  ],
  [
    {
      "shop.ts": `${decorated}\n// Behind what is compiled.\nexport const other = (name: string) => require(name);\n`,
    },
    "shop.ts:14:40 must require a module by its literal name: the bundle has no other. Import each module that may be meant, or package them as 'assets' and require their paths by createRequire(__filename) of node:module",
  ],
])("a problem is at its place in the source: %#", async (files, line) => {
  const { lines } = await packaged({ "price.ts": price, "tsconfig.json": asking, ...files });
  expect(lines).toEqual([`${folder}/${line}`]);
});

test.each<[string, Files, boolean, string]>([
  [
    "without TypeScript",
    { "tsconfig.json": asking },
    false,
    "3:81 'compilerOptions.emitDecoratorMetadata' must not be true without TypeScript in the project, which writes the metadata: run 'npm install --save-dev typescript@5'",
  ],
  [
    "without experimentalDecorators",
    { "tsconfig.json": { compilerOptions: { emitDecoratorMetadata: true } } },
    true,
    "3:30 'compilerOptions.emitDecoratorMetadata' must not be true without 'experimentalDecorators', whose decorators have metadata",
  ],
])("it is refused %s", async (_, files, withTypeScript, line) => {
  const { lines } = await packaged({ "shop.ts": plain, ...files }, { withTypeScript });
  expect(lines).toEqual([`${folder}/tsconfig.json:${line}`]);
});

test.each([
  ["it is false", { compilerOptions: { emitDecoratorMetadata: false }, extends: "../base.json" }],
  ["a later file says false", { extends: ["../base.json", "./false.json"] }],
])("nothing is compiled by TypeScript where %s", async (_, tsconfig) => {
  const files = {
    "shop.ts": plain,
    "tsconfig.json": tsconfig,
    "false.json": { compilerOptions: { emitDecoratorMetadata: false } },
    "../lambdas/shop/base.json": asking,
  };
  expect((await packaged(files, { withTypeScript: false })).lines).toEqual([]);
});
