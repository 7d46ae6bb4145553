import { build } from "esbuild";
import type { DeployedFunction } from "../release/deployed-function";
import { handlerBundle } from "../synth/handler-files";

/**
 * The files that each handler in TypeScript is bundled of, by the function's name in AWS: paths relative to the
 * project, those of packages among them. Nothing where it cannot be bundled.
 */
export async function bundledFiles(
  project: string,
  functions: readonly DeployedFunction[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const entryPoints = functions.flatMap(({ awsName, source }) =>
    source.language === "node" ? [{ in: `${source.folder}/${source.file}`, out: awsName }] : [],
  );
  if (entryPoints.length === 0) return new Map();
  const bundled = await build({
    absWorkingDir: project,
    entryPoints,
    outdir: "packages",
    ...handlerBundle,
    metafile: true,
  }).catch(() => undefined);
  return new Map(
    Object.entries(bundled?.metafile.outputs ?? {}).map(([path, { inputs }]) => [
      path.replace(/^packages\/|\.js$/g, ""),
      Object.keys(inputs),
    ]),
  );
}
