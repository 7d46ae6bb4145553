import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { slimDist } from "../../scripts/slim-dist";
import { temporaryFolder, writeFiles } from "../support/project";

const exported = {
  ".": { types: "./dist/stacks/releases.d.ts", default: "./dist/stacks/releases.js" },
  "./release/*": { types: "./dist/src/release/*.d.ts", default: "./dist/src/release/*.js" },
  "./package.json": "./package.json",
};

/** A module as tsc writes it: JavaScript, its types, and its map. */
function written(path: string, types = "export {};\n") {
  const name = path.split("/").at(-1);
  return {
    [`${path}.js`]: `exports.x = 1;\n//# sourceMappingURL=${name}.js.map`,
    [`${path}.js.map`]: "{}",
    [`${path}.d.ts`]: types,
  };
}

function slimmed(files: Readonly<Record<string, object | string>>, exports: object = exported): string {
  const folder = temporaryFolder();
  writeFiles(folder, { "package.json": { exports }, ...files });
  slimDist(folder);
  return folder;
}

function left(folder: string): string[] {
  return readdirSync(join(folder, "dist"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.includes("."))
    .sort();
}

test("keeps types that exports name or reach, maps of what a project extends, and every script", () => {
  const folder = slimmed({
    ...written("dist/stacks/releases", 'import type { Split } from "../src/live/split";\nexport {};\n'),
    ...written("dist/src/release/schema/release"),
    ...written("dist/src/live/split", 'export declare const x: import("./shares").Shares;\n'),
    ...written("dist/src/live/shares"),
    ...written("dist/src/live/internal"),
  });
  expect(left(folder)).toEqual([
    "src/live/internal.js",
    "src/live/shares.d.ts",
    "src/live/shares.js",
    "src/live/split.d.ts",
    "src/live/split.js",
    "src/release/schema/release.d.ts",
    "src/release/schema/release.js",
    "stacks/releases.d.ts",
    "stacks/releases.js",
    "stacks/releases.js.map",
  ]);
});

test("a script names a map only where the map is there", () => {
  const folder = slimmed({
    ...written("dist/stacks/releases"),
    ...written("dist/src/release/release"),
    ...written("dist/src/live/internal"),
  });
  const text = (path: string) => readFileSync(join(folder, "dist", path), "utf8");
  expect(text("src/live/internal.js")).toBe("exports.x = 1;\n");
  expect(text("stacks/releases.js")).toContain("sourceMappingURL=releases.js.map");
});

test("an export without types is an error, and so are types that import what is not there", () => {
  expect(() => slimmed(written("dist/stacks/releases"))).toThrow(
    "package.json: './release/*' of 'exports' has no types in dist/",
  );
  expect(() =>
    slimmed({
      ...written("dist/stacks/releases", 'export * from "./gone";\n'),
      ...written("dist/src/release/release"),
    }),
  ).toThrow("dist/stacks/releases.d.ts imports ./gone, which has no types");
});
