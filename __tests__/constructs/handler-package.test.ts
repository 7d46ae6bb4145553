import { DataArchiveFile } from "@cdktf/provider-archive/lib/data-archive-file";
import { HandlerPackage } from "../../constructs/handler-package";
import { synth } from "../support/synth";

test("is zipped from a relative folder, with fixed file modes", () => {
  const synthesized = synth((stack) => {
    new HandlerPackage(stack, "package", "shop-dev-v1");
  });
  expect(synthesized).toHaveDataSourceWithProperties(DataArchiveFile, {
    type: "zip",
    source_dir: "packages/shop-dev-v1",
    output_path: "packages/shop-dev-v1.zip",
    output_file_mode: "0644",
  });
});
