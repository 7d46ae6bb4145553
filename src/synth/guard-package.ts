import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { guardName } from "../release/guard";
import { guardedOf } from "../release/guarded";
import type { Release } from "../release/release";
import type { PackageFiles } from "./handler-files";

/**
 * The code of a release's guard, which `build.js` makes of `src/guard/`, and what it guards.
 *
 * @returns nothing where the release has no guard
 */
export function guardPackage(
  release: Release,
): { readonly awsName: string; readonly files: PackageFiles } | undefined {
  const guarded = release.versionKind === "container" ? undefined : guardedOf(release);
  if (guarded === undefined) return undefined;
  const folder = dirname(require.resolve("lambda-release/package.json"));
  return {
    awsName: guardName(release.name),
    files: new Map([
      ["index.js", readFileSync(join(folder, "dist/guard/index.js"))],
      ["release.json", Buffer.from(`${JSON.stringify(guarded, undefined, 1)}\n`)],
    ]),
  };
}
