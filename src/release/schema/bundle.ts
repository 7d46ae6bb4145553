import type { z } from "zod";
import { boolean, list, map, object, oneOf, text } from "./fields";

/** What a release file says of how a function's code is packaged. */

const packageName = /^(?:@[a-z0-9-~][a-z0-9-._~]*\/)?[a-z0-9-~][a-z0-9-._~]*$/;
const packageNames = /^(?:@[a-z0-9-~][a-z0-9-._~]*\/)?(?:[a-z0-9-~][a-z0-9-._~]*|\*)$/;

export const bundleSettings = object({
  external: list(
    text('an npm package such as sharp, or a scope\'s packages such as "@acme/*"', packageNames, 214),
    0,
    50,
    "packages",
  )
    .describe("npm packages that are left out, because a layer brings them. Default: none.")
    .optional(),
  packages: list(text("an npm package such as sharp", packageName, 214), 0, 50, "packages")
    .describe(
      "npm packages that are copied with all that they depend on, not bundled: native ones. The version's own package-lock.json must have them. Default: none.",
    )
    .optional(),
  loader: map(
    text("a file ending such as .html", /^\.[A-Za-z0-9.+_-]+$/, 32),
    oneOf(["text", "json", "base64", "binary", "dataurl", "empty", "js", "jsx", "ts", "tsx"]),
  )
    .describe('What an import of a file with this ending gives, such as { ".html": "text" }. Default: none.')
    .optional(),
  sourceMap: boolean().describe("Packages a source map beside the bundle. Default: false.").optional(),
  minify: boolean().describe("Makes the bundle smaller. Default: false.").optional(),
})
  .describe("How a handler in TypeScript or JavaScript is bundled.")
  .optional();

export const assetPaths = list(
  text(
    "a path in the handler's folder, such as templates or data/prices.csv",
    /^(?!\.{0,2}(?:\/|$))(?!.*\/\.{0,2}(?:\/|$))[^\\:*?"<>|\p{C}]+$/u,
    512,
  ),
  0,
  100,
  "paths",
)
  .describe(
    "Files and folders beside the handler that are packaged at the same path. Default: none; Python has its whole folder.",
  )
  .optional();

export type BundleSettings = NonNullable<z.infer<typeof bundleSettings>>;
