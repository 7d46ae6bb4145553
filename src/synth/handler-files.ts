import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { type BuildFailure, type BuildOptions, build, type Message } from "esbuild";
import type { DeployedFunction } from "../release/deployed-function";
import type { HandlerSource, Language } from "../release/function-settings";
import type { Problem } from "../release/problem";
import { deployedFunctions, type Release } from "../release/release";
import { linkedPackages } from "./linked-packages";
import { packageHooks } from "./package-hooks";

/** The files of one function's package: path within the package, and content. */
export type PackageFiles = ReadonlyMap<string, Uint8Array>;

/** The packages of all functions, by the function's name in AWS. */
export type Packages = ReadonlyMap<string, PackageFiles>;

/**
 * The code of every function of the releases: TypeScript bundled into one file, Python as it stands in the
 * version's folder. What comes out depends on the sources alone: not on the machine, the folder or the time.
 *
 * @param project the project's folder, which holds lambdas/
 */
export async function packageHandlers(
  project: string,
  releases: readonly Release[],
): Promise<{ packages: Packages; problems: readonly Problem[] }> {
  const sources = releases.flatMap((release) => deployedFunctions(release).flatMap(written));
  const writtenIn = (language: Language) => sources.filter(({ source }) => source.language === language);
  const [node, python] = await Promise.all([
    bundle(project, writtenIn("node")),
    asTheyAre(project, writtenIn("python")),
  ]);
  return {
    packages: new Map([...node.packages, ...python.packages]),
    problems: [...node.problems, ...python.problems],
  };
}

/** A function with its source, unless that is a container image. */
function written({ awsName, source }: DeployedFunction): WrittenFunction[] {
  return source.language === "image" ? [] : [{ awsName, source }];
}

interface WrittenFunction {
  readonly awsName: string;
  readonly source: HandlerSource;
}

/** How a handler is bundled, whoever bundles it. `absWorkingDir` must be the project's folder. */
export const handlerBundle = {
  write: false,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  // The Lambda runtime brings the AWS SDK.
  external: ["@aws-sdk/*"],
  legalComments: "none",
  logLevel: "silent",
  // The project's compiler options are for the project: a handler is bundled the same without them.
  tsconfigRaw: {},
  plugins: [packageHooks, linkedPackages],
} satisfies BuildOptions;

/** One build for all of them: starting esbuild costs more than a bundle does. */
async function bundle(project: string, functions: readonly WrittenFunction[]) {
  const packages = new Map<string, PackageFiles>();
  if (functions.length === 0) return { packages, problems: [] };
  try {
    const { outputFiles } = await build({
      absWorkingDir: project,
      entryPoints: functions.map(({ awsName, source }) => ({
        in: posix.join(source.folder, source.file),
        out: posix.join(awsName, source.file.replace(/\.ts$/, "")),
      })),
      outdir: "packages",
      ...handlerBundle,
    });
    const root = join(project, "packages");
    for (const { path, contents } of outputFiles) {
      const [awsName = "", ...file] = path.slice(root.length + 1).split(/[\\/]/);
      packages.set(awsName, new Map([...(packages.get(awsName) ?? []), [file.join("/"), contents]]));
    }
    return { packages, problems: [] };
  } catch (error) {
    const { errors } = error as BuildFailure;
    if (errors === undefined) throw error;
    return { packages, problems: errors.map(buildProblem) };
  }
}

function buildProblem({ text, location }: Message): Problem {
  return {
    file: location?.file ?? "lambdas",
    field: [],
    message: `must be TypeScript that can be bundled: ${text}`,
    position: location ? { line: location.line, column: location.column + 1 } : undefined,
  };
}

async function asTheyAre(project: string, functions: readonly WrittenFunction[]) {
  const problems: Problem[] = [];
  const packages = new Map<string, PackageFiles>();
  for (const { awsName, source } of functions) {
    packages.set(awsName, await filesBelow(project, source.folder, "", problems, []));
  }
  return { packages, problems };
}

/**
 * The files of a folder, without what is only of this machine; a link is taken for what it leads to.
 *
 * @param above the real paths of the folders that this one is reached by
 */
async function filesBelow(
  project: string,
  folder: string,
  below: string,
  problems: Problem[],
  above: readonly string[],
) {
  const files = new Map<string, Uint8Array>();
  const here = await realpath(join(project, folder, below));
  if (above.includes(here)) {
    const file = posix.join(folder, below);
    problems.push({ file, field: [], message: "must not be a link to a folder that it is in" });
    return files;
  }
  for (const name of (await readdir(join(project, folder, below))).sort()) {
    if (name.startsWith(".") || name === "__pycache__" || name.endsWith(".pyc")) continue;
    const path = posix.join(below, name);
    const file = join(project, folder, path);
    const found = await stat(file).catch(() => undefined);
    if (found?.isDirectory()) {
      for (const [inner, content] of await filesBelow(project, folder, path, problems, [...above, here]))
        files.set(inner, content);
    } else if (found?.isFile()) {
      files.set(path, await readFile(file));
    } else {
      problems.push({ file: posix.join(folder, path), field: [], message: "must be a file or a folder" });
    }
  }
  return files;
}
