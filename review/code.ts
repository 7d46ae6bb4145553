import { build, type Message } from "esbuild";
import type { DeployedFunction } from "../release/deployed-function";
import { cannotReview } from "./cannot-review";

/** The changed files that a function's package is made of, by the function's name in AWS; none without one. */
export type ChangedCode = ReadonlyMap<string, readonly string[]>;

const lockFiles = ["package-lock.json", "package.json"];

/**
 * Finds what of the changed files reaches which function: a TypeScript handler with all that it imports, from
 * wherever in the project, a Python one with its folder.
 *
 * @param changed paths relative to the project
 */
export async function changedCode(
  project: string,
  functions: readonly DeployedFunction[],
  changed: readonly string[],
): Promise<ChangedCode> {
  const outside = new Set(changed.filter((path) => !path.startsWith("releases/")));
  if (outside.size === 0) return new Map();
  const node = functions.filter(({ source }) => source.language === "node");
  const imported = await importsOf(project, node);
  const found = functions.map(({ awsName, source }): [string, string[]] => {
    if (source.language === "image") return [awsName, []];
    if (source.language === "node") return [awsName, changedImports(imported.get(awsName) ?? [], outside)];
    return [awsName, [...outside].filter((path) => isPackaged(path, source.folder))];
  });
  return new Map(found.filter(([, paths]) => paths.length > 0));
}

function changedImports(imported: readonly string[], changed: ReadonlySet<string>): string[] {
  const usesPackages = imported.some((path) => path.includes("node_modules/"));
  return [...imported, ...(usesPackages ? lockFiles : [])].filter((path) => changed.has(path));
}

function isPackaged(path: string, folder: string): boolean {
  if (!path.startsWith(`${folder}/`) || path.endsWith(".pyc")) return false;
  const names = path.slice(folder.length + 1).split("/");
  return !names.some((name) => name.startsWith(".") || name === "__pycache__");
}

/** The files that each handler is bundled of, by the function's name in AWS. */
async function importsOf(project: string, functions: readonly DeployedFunction[]) {
  const entries = functions.flatMap(({ awsName, source }) =>
    source.language === "image" ? [] : [{ in: `${source.folder}/${source.file}`, out: awsName }],
  );
  if (entries.length === 0) return new Map<string, string[]>();
  const { metafile } = await build({
    absWorkingDir: project,
    entryPoints: entries,
    outdir: "packages",
    write: false,
    metafile: true,
    bundle: true,
    platform: "node",
    external: ["@aws-sdk/*"],
    logLevel: "silent",
    tsconfigRaw: {},
  }).catch(({ errors = [] }: { errors?: Message[] }) => cannotReview(...errors.map(told)));
  return new Map(
    Object.entries(metafile.outputs).map(([path, { inputs }]) => [
      path.replace(/^packages\/|\.js$/g, ""),
      Object.keys(inputs),
    ]),
  );
}

function told({ text, location }: Message): string {
  const place = location === null ? "lambdas" : `${location.file}:${location.line}:${location.column + 1}`;
  return `${place} must be TypeScript that can be bundled: ${text}`;
}
