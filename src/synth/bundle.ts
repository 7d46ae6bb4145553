import { join, posix, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type BuildFailure, type BuildResult, build, type Message, type Plugin } from "esbuild";
import { stemOf } from "../release/functions/entry-files";
import type { FunctionSettings, HandlerSource } from "../release/functions/function-settings";
import type { Problem } from "../release/problem";
import { type BundleKind, bundleKind, bundleOptions, endingOf } from "./bundle-options";
import { buildProblems } from "./bundle-problems";
import { copiedPackage } from "./copied-packages";
import { DecoratorMetadata } from "./decorator-metadata";
import { exportProblems } from "./exported-handler";
import { installedPackages } from "./installed-packages";
import { linkOf, workspacePackages } from "./linked-packages";
import { withMirror } from "./mirror";
import { type Installation, installPackages } from "./npm-install";
import { ToldPaths } from "./told-paths";

/** What esbuild returns of a build that writes no file. */
type Built = BuildResult<{ write: false; metafile: true }>;
type Messages = Pick<BuildResult, "errors" | "warnings">;

/** A function whose code is bundled. */
export interface BundledFunction {
  readonly awsName: string;
  readonly source: HandlerSource;
  readonly settings: Pick<FunctionSettings, "architecture" | "bundle" | "runtime">;
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
  const groups = await groupsOf(project, functions, all.problems);
  const built = await Promise.all(groups.map((group) => bundleGroup(project, group, withInputs)));
  for (const { packages, inputs, problems } of built) {
    for (const [name, files] of packages) all.packages.set(name, files);
    for (const [name, paths] of inputs) all.inputs.set(name, paths);
    addEach(all.problems, problems);
  }
  return all;
}

/** Adds problems that are not there already: functions may have one folder, and one tsconfig.json. */
function addEach(problems: Problem[], more: readonly Problem[]): void {
  for (const one of more) if (!problems.some((other) => isDeepStrictEqual(one, other))) problems.push(one);
}

/** Functions that are bundled alike, and the packages that are installed for them. */
interface Group {
  readonly kind: BundleKind;
  readonly installed: readonly Installation[];
  readonly functions: BundledFunction[];
}

/** One build for all that are bundled alike: starting esbuild costs more than a bundle does. */
async function groupsOf(project: string, functions: readonly BundledFunction[], problems: Problem[]) {
  const groups = new Map<string, Group>();
  const found = await Promise.all(
    functions.map(({ source, settings }) => installPackages(project, source.folder, settings.architecture)),
  );
  for (const [index, one] of functions.entries()) {
    const { installed = [], problems: refused = [] } = found[index] ?? {};
    addEach(problems, refused);
    if (refused.length > 0) continue;
    const kind = bundleKind(project, one.source, one.settings);
    const key = JSON.stringify([kind, installed]);
    const group = groups.get(key) ?? { kind, installed, functions: [] };
    groups.set(key, group);
    group.functions.push(one);
  }
  return [...groups.values()];
}

async function bundleGroup(project: string, group: Group, withInputs: boolean): Promise<Bundles> {
  const { kind, installed, functions } = group;
  const metadata = DecoratorMetadata.of(project, kind.tsconfig, kind.settings.sourceMap === true);
  if (metadata !== undefined && !(metadata instanceof DecoratorMetadata))
    return { packages: new Map(), inputs: new Map(), problems: [metadata] };
  const compiled = metadata === undefined ? [] : [metadata.plugin];
  const link = await linkOf(project);
  const told = new ToldPaths(project, [
    ...installed.flatMap(({ folder, home, workspaces = [] }) =>
      ["", ...workspaces].map((one) => ({ home: join(home, one), here: join(project, folder, one) })),
    ),
    ...(link === undefined ? [] : [link]),
  ]);
  const bundle = (plugins: readonly Plugin[]) =>
    build({
      entryPoints: functions.map(({ awsName, source }) => ({
        in: posix.join(source.folder, source.file),
        out: posix.join(awsName, stemOf(source.file)),
      })),
      ...bundleOptions(project, kind, [
        ...plugins,
        ...compiled,
        ...(link === undefined ? [] : [workspacePackages(link)]),
      ]),
      metafile: true,
    });
  try {
    const result =
      installed.length === 0
        ? await bundle([])
        : await withMirror(project, installed, (folders, placeOf) =>
            bundle([installedPackages(folders, placeOf, async (path) => metadata?.compiled(path))]),
          );
    const packages = packagesOf(project, result, told);
    const copied = await copiedPackages(group);
    for (const files of packages.values())
      for (const [path, content] of copied.files) files.set(path, content);
    return {
      packages,
      inputs: withInputs ? inputsOf(result, kind, told) : new Map(),
      problems: [
        ...buildProblems(ofSource(result, metadata), told),
        ...copied.problems,
        ...handlersMissing(project, functions, result),
      ],
    };
  } catch (error) {
    const failure = error as BuildFailure;
    if (failure.errors === undefined) throw error;
    return {
      packages: new Map(),
      inputs: new Map(),
      problems: buildProblems(ofSource(failure, metadata), told),
    };
  }
}

function ofSource({ errors, warnings }: Messages, metadata: DecoratorMetadata | undefined): Messages {
  const told = (one: Message) => metadata?.ofSource(one) ?? one;
  return { errors: errors.map(told), warnings: warnings.map(told) };
}

/** The files of the packages that are not bundled. */
async function copiedPackages({ kind, installed, functions }: Group) {
  const files = new Map<string, Uint8Array>();
  const problems: Problem[] = [];
  for (const name of kind.settings.packages ?? []) {
    const found = await firstCopied(installed, name);
    for (const [path, content] of found ?? []) files.set(path, content);
    if (found !== undefined) continue;
    const shared = installed.find(({ workspaces }) => workspaces !== undefined);
    if (shared !== undefined) {
      const file = posix.join(shared.folder, "package-lock.json");
      const message = `must have node_modules/${name}, which 'bundle.packages' names: make it a dependency of the workspace, in the version that all workspaces have`;
      problems.push({ file, field: [], message });
      continue;
    }
    const folders = new Set(functions.map(({ source }) => source.folder));
    for (const folder of folders)
      problems.push({
        file: `${folder}/package-lock.json`,
        field: [],
        message: `must lock ${name}, which 'bundle.packages' names: run 'npm install ${name}' in ${folder}`,
      });
  }
  return { files, problems };
}

async function firstCopied(installed: readonly Installation[], name: string) {
  for (const one of installed) {
    const found = await copiedPackage(one, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function packagesOf(
  project: string,
  { outputFiles }: Built,
  told: ToldPaths,
): Map<string, Map<string, Uint8Array>> {
  const packages = new Map<string, Map<string, Uint8Array>>();
  const root = join(project, "packages");
  const codes = new Map(outputFiles.map(({ path, text }) => [path, text]));
  for (const [path, text] of codes) {
    const mapped = path.endsWith(".map") ? codes.get(path.slice(0, -".map".length)) : undefined;
    const content = mapped === undefined ? told.in(text) : told.inSourceMap(text, mapped);
    const [awsName = "", ...file] = path.slice(root.length + 1).split(/[\\/]/);
    const files = packages.get(awsName) ?? new Map<string, Uint8Array>();
    packages.set(awsName, files.set(file.join("/"), Buffer.from(content)));
  }
  return packages;
}

/** The handlers that their files do not export. */
function handlersMissing(project: string, functions: readonly BundledFunction[], result: Built): Problem[] {
  const codes = new Map(result.outputFiles.map(({ path, text }) => [relative(project, path), text]));
  return functions.flatMap(({ awsName, source }) =>
    [".js", ".mjs"].flatMap((ending) => {
      const path = posix.join("packages", awsName, `${stemOf(source.file)}${ending}`);
      const code = codes.get(path);
      return code === undefined ? [] : exportProblems(project, source, { code, path }, result.metafile);
    }),
  );
}

function inputsOf({ metafile }: Built, kind: BundleKind, told: ToldPaths): Map<string, readonly string[]> {
  const outputs = Object.entries(metafile.outputs).filter(([path]) => path.endsWith(endingOf(kind)));
  return new Map(
    outputs.map(
      ([path, { inputs }]) =>
        [path.split("/")[1] ?? "", Object.keys(inputs).map((one) => told.in(one))] as const,
    ),
  );
}
