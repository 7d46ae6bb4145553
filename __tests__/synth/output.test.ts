import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { writePackages } from "../../src/synth/output";
import { temporaryFolder, writeFiles } from "../support/project";
import { releaseOf } from "../support/synth";

/** Writes the packages of a shop's v1, whose files these are, into a stack's folder. */
function write(folder: string, files: Record<string, string>, versions = ["v1"]): string {
  const contents = Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const);
  writePackages(folder, releaseOf({ versions }), new Map([["shop-dev-v1", new Map(contents)]]));
  return join(folder, "packages");
}

test("packages stand beside the stack's JSON, and nothing of an earlier synth but Terraform's zip files", () => {
  const stack = temporaryFolder();
  write(stack, { "old.py": "1", "old/util.py": "1" }, ["v1", "v2"]);
  const left = { "shop-dev-v1.zip": "zip", "shop-dev-v2.zip": "zip", "shop-dev-v2/shop.js": "" };
  writeFiles(join(stack, "packages"), left);
  const folder = write(stack, { "app.py": "2", "lib/util.py": "3" });
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
    "shop-dev-v1",
    "shop-dev-v1.zip",
    "shop-dev-v1/app.py",
    "shop-dev-v1/lib",
    "shop-dev-v1/lib/util.py",
  ]);
  expect(readFileSync(join(folder, "shop-dev-v1/lib/util.py"), "utf8")).toBe("3");
});

test("a file that is as it was is not written again, and a changed one is", () => {
  const stack = temporaryFolder();
  const folder = write(stack, { "same.py": "1", "changed.py": "1" });
  const before = statSync(join(folder, "shop-dev-v1/same.py")).mtimeMs;
  write(stack, { "same.py": "1", "changed.py": "2" });
  expect(statSync(join(folder, "shop-dev-v1/same.py")).mtimeMs).toBe(before);
  expect(readFileSync(join(folder, "shop-dev-v1/changed.py"), "utf8")).toBe("2");
});

test("a file may become a folder, and a folder a file", () => {
  const stack = temporaryFolder();
  const folder = write(stack, { data: "1", "lib/a.py": "1" });
  write(stack, { "data/a.txt": "2", lib: "2" });
  expect(readFileSync(join(folder, "shop-dev-v1/data/a.txt"), "utf8")).toBe("2");
  expect(readFileSync(join(folder, "shop-dev-v1/lib"), "utf8")).toBe("2");
});
