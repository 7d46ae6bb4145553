import { join, posix } from "node:path";
import { type BuildFailure, type BuildResult, build } from "esbuild";
import { stemOf } from "../release/entry-files";
import type { FunctionSettings, HandlerSource } from "../release/function-settings";
import type { Problem } from "../release/problem";
import { type BundleKind, bundleKind, bundleOptions, endingOf } from "./bundle-options";
import { buildProblems } from "./bundle-problems";

/** A function whose code is bundled. */
export interface BundledFunction {
  readonly awsName: string;
  readonly source: HandlerSource;
  readonly settings: Pick<FunctionSettings, "bundle">;
}

export interface Bundles {
  /** The bundle of each function by its name in AWS, with what belongs beside it. */
  readonly packages: Map<string, Map<string, Uint8Array>>;
  /** The files that each is made of, where they were asked for: paths relative to the project. */
  readonly inputs: Map<string, readonly string[]>;
  readonly problems: Problem[];
}

/**
 * Bundles handlers in TypeScript and JavaScript.
 *
 * @param withInputs whether to tell the files that each bundle is made of
 */
export async function bundleFunctions(
  project: string,
  functions: readonly BundledFunction[],
  { withInputs = false } = {},
): Promise<Bundles> {
  const all: Bundles = { packages: new Map(), inputs: new Map(), problems: [] };
  const groups = groupsOf(project, functions);
  const built = await Promise.all(groups.map((group) => bundleGroup(project, group, withInputs)));
  for (const { packages, inputs, problems } of built) {
    for (const [name, files] of packages) all.packages.set(name, files);
    for (const [name, paths] of inputs) all.inputs.set(name, paths);
    all.problems.push(...problems);
  }
  return all;
}

interface Group {
  readonly kind: BundleKind;
  readonly functions: BundledFunction[];
}

/** One build for all that are bundled alike: starting esbuild costs more than a bundle does. */
function groupsOf(project: string, functions: readonly BundledFunction[]): Group[] {
  const groups = new Map<string, Group>();
  for (const one of functions) {
    const kind = bundleKind(project, one.source, one.settings.bundle);
    const key = JSON.stringify(kind);
    const group = groups.get(key) ?? { kind, functions: [] };
    groups.set(key, group);
    group.functions.push(one);
  }
  return [...groups.values()];
}

async function bundleGroup(
  project: string,
  { kind, functions }: Group,
  withInputs: boolean,
): Promise<Bundles> {
  try {
    const result = await build({
      entryPoints: functions.map(({ awsName, source }) => ({
        in: posix.join(source.folder, source.file),
        out: posix.join(awsName, stemOf(source.file)),
      })),
      ...bundleOptions(project, kind),
      metafile: withInputs,
    });
    return {
      packages: packagesOf(project, result),
      inputs: inputsOf(result, kind),
      problems: buildProblems(result),
    };
  } catch (error) {
    const failure = error as BuildFailure;
    if (failure.errors === undefined) throw error;
    return { packages: new Map(), inputs: new Map(), problems: buildProblems(failure) };
  }
}

function packagesOf(
  project: string,
  { outputFiles = [] }: BuildResult,
): Map<string, Map<string, Uint8Array>> {
  const packages = new Map<string, Map<string, Uint8Array>>();
  const root = join(project, "packages");
  for (const { path, contents } of outputFiles) {
    const [awsName = "", ...file] = path.slice(root.length + 1).split(/[\\/]/);
    packages.set(awsName, new Map([...(packages.get(awsName) ?? []), [file.join("/"), contents]]));
  }
  return packages;
}

function inputsOf({ metafile }: BuildResult, kind: BundleKind): Map<string, readonly string[]> {
  const outputs = Object.entries(metafile?.outputs ?? {}).filter(([path]) => path.endsWith(endingOf(kind)));
  return new Map(
    outputs.map(([path, { inputs }]) => [path.split("/")[1] ?? "", Object.keys(inputs)] as const),
  );
}
