import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DataArchiveFile } from "@cdktf/provider-archive/lib/data-archive-file";
import { App } from "cdktf";
import { HandlerPackage } from "../../constructs/handler-package";
import { temporaryFolder } from "../support/project";
import { stackWithProviders, synth } from "../support/synth";

test("is zipped from a relative folder, with fixed file modes", () => {
  const synthesized = synth((stack) => {
    new HandlerPackage(stack, "package", { name: "shop-dev-v1", files: new Map() });
  });
  expect(synthesized).toHaveDataSourceWithProperties(DataArchiveFile, {
    type: "zip",
    source_dir: "packages/shop-dev-v1",
    output_path: "packages/shop-dev-v1.zip",
    output_file_mode: "0644",
  });
});

test("writes its files beside the stack's JSON, and leaves none of an earlier synth", () => {
  const outdir = join(temporaryFolder(), "cdktf.out");
  const synthesize = (files: Record<string, string>) => {
    const app = new App({ outdir });
    const contents = Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const);
    new HandlerPackage(stackWithProviders(app), "package", { name: "one", files: new Map(contents) });
    app.synth();
  };
  const folder = join(outdir, "stacks/test/packages/one");
  synthesize({ "old.py": "1" });
  synthesize({ "app.py": "2", "lib/util.py": "3" });
  expect(readFileSync(join(folder, "app.py"), "utf8")).toBe("2");
  expect(readFileSync(join(folder, "lib/util.py"), "utf8")).toBe("3");
  expect(existsSync(join(folder, "old.py"))).toBe(false);
});
