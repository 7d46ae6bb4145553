import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import type { BuildOptions, Plugin } from "esbuild";
import type { FunctionSettings } from "../release/functions/function-settings";
import type { BundleSettings } from "../release/schema/bundle";
import { awsSdk } from "./aws-sdk";
import { importMetaUrl, urlModule, urlName } from "./import-meta-url";
import { packageHooks } from "./package-hooks";

/** How Node runs a bundle: by `require` or by `import`. Lambda knows by the file's ending. */
export type Format = "cjs" | "esm";

/** What handlers must have alike to be bundled by one build. */
export interface BundleKind {
  /** The Node that runs it, such as `node22`. */
  readonly target: string;
  readonly format: Format;
  /** Path of the tsconfig.json that counts, relative to the project. @default - none does */
  readonly tsconfig?: string;
  readonly settings: BundleSettings;
}

export function bundleKind(
  project: string,
  { folder, file }: { readonly folder: string; readonly file: string },
  { runtime, bundle = {} }: Pick<FunctionSettings, "runtime" | "bundle">,
): BundleKind {
  return {
    target: runtime.replace(/^nodejs(\d+)\.x$/, "node$1"),
    format: /\.m[tj]s$/.test(file) ? "esm" : "cjs",
    tsconfig: tsconfigOf(project, folder),
    settings: bundle,
  };
}

/** The ending of a bundle of this format. */
export function endingOf({ format }: BundleKind): string {
  return format === "esm" ? ".mjs" : ".js";
}

/** How a handler is bundled. @param plugins what finds its packages */
export function bundleOptions(project: string, kind: BundleKind, plugins: readonly Plugin[]) {
  const { external = [], packages = [], loader, sourceMap = false, minify = false } = kind.settings;
  return {
    absWorkingDir: project,
    outdir: "packages",
    write: false,
    bundle: true,
    platform: "node",
    target: kind.target,
    external: [...external, ...packages],
    loader: { ...loader },
    minify,
    sourcemap: sourceMap,
    legalComments: "none",
    logLevel: "silent",
    logOverride: { "unsupported-require-call": "warning" },
    // The project's compiler options are for the project: a handler is bundled the same without them.
    ...(kind.tsconfig === undefined ? { tsconfigRaw: {} } : { tsconfig: join(project, kind.tsconfig) }),
    ...formatOptions[kind.format],
    plugins: [packageHooks, importMetaUrl, awsSdk(kind.target), ...plugins],
  } satisfies BuildOptions;
}

/** Either format has what the other one is written for: the file's URL and folder, and `require`. */
const formatOptions = {
  cjs: {
    format: "cjs",
    define: {
      "import.meta.url": urlName,
      "import.meta.dirname": "__dirname",
      "import.meta.filename": "__filename",
    },
    inject: [urlModule],
  },
  esm: {
    format: "esm",
    define: { __dirname: "import.meta.dirname", __filename: "import.meta.filename" },
    outExtension: { ".js": ".mjs" },
    // A global, because a bundle may well have a constant of that name of its own.
    banner: {
      js: 'import { createRequire as createBundleRequire } from "node:module";\nglobalThis.require ??= createBundleRequire(import.meta.url);',
    },
  },
} as const satisfies Record<Format, BuildOptions>;

/** The nearest one in the handler's folder or above it, up to the service's own. */
function tsconfigOf(project: string, folder: string): string | undefined {
  const path = posix.join(folder, "tsconfig.json");
  if (existsSync(join(project, path))) return path;
  const above = posix.dirname(folder);
  return above.includes("/") ? tsconfigOf(project, above) : undefined;
}
