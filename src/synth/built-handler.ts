import type { FunctionSettings } from "../release/functions/function-settings";
import { type RuntimeLanguage, runtimeLanguage } from "../release/functions/runtimes";
import type { Problem } from "../release/problem";
import type { BuiltPackage } from "./built-code";
import { executableOf } from "./executable";

/** Lambda runs functions as another user than the one that the files belong to: these bits are everybody's. */
const readable = 0o004;
const executable = 0o001;

/**
 * What keeps Lambda from starting code that is built elsewhere, as far as its files tell.
 *
 * @param path the folder or zip file
 */
export function handlerProblems(
  path: string,
  handler: string,
  settings: Pick<FunctionSettings, "runtime" | "architecture" | "layers">,
  built: BuiltPackage,
): Problem[] {
  const problem = (file: string, message: string) => [{ file, field: [], message }];
  const language = runtimeLanguage(settings.runtime);
  if (language === "os") {
    const message = bootstrapRefusal(settings, built);
    if (message === undefined) return [];
    return problem(built.files.has("bootstrap") ? `${path}/bootstrap` : path, message);
  }
  // A layer may bring it.
  if (language === undefined || settings.layers.length > 0) return [];
  const candidates = handlerFiles[language](handler);
  const isThere = candidates.some((one) => [...built.files.keys()].some((file) => matches(one, file)));
  if (isThere || candidates.length === 0) return [];
  return problem(path, `must hold the file of handler "${handler}": ${candidates[0]}`);
}

/** https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html */
function bootstrapRefusal(
  { runtime, architecture, layers }: Pick<FunctionSettings, "runtime" | "architecture" | "layers">,
  { files, modes }: BuiltPackage,
): string | undefined {
  const bootstrap = files.get("bootstrap");
  if (bootstrap === undefined) {
    if (layers.length > 0) return undefined;
    return `must hold an executable file bootstrap, which ${runtime} starts`;
  }
  const mode = modes === undefined ? 0o755 : modes.get("bootstrap");
  const needed = readable | executable;
  if (mode === undefined) return "must be executable: zip it on Linux or macOS, or give the folder instead";
  if ((mode & needed) !== needed)
    return `must be executable by everybody, mode 0755, but has mode 0${(mode & 0o777).toString(8)}`;
  const found = executableOf(bootstrap);
  const must = `must be an executable for Linux on ${architecture} (the function's 'architecture')`;
  if (found.kind === "foreign") return `${must}, but is one for ${found.system}`;
  if (found.kind === "none") return `${must}, or a script that begins with #!`;
  if (found.kind === "script" || found.architecture === architecture) return undefined;
  return `${must}, but is one for ${found.architecture === "other" ? "another processor" : found.architecture}`;
}

/**
 * The files that may hold a handler; an asterisk stands for any name. Nothing where the handler tells no file.
 * https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
 */
const handlerFiles: Readonly<Record<Exclude<RuntimeLanguage, "os">, (handler: string) => string[]>> = {
  node: (handler) => {
    const stem = /^(.*?[^/.]+)\.[^/]+$/.exec(handler)?.[1];
    return stem === undefined ? [] : [".js", ".mjs", ".cjs"].map((ending) => `${stem}${ending}`);
  },
  python: (handler) => {
    const stem = /^(.+)\.[^.]+$/.exec(handler)?.[1]?.replaceAll(".", "/");
    return stem === undefined ? [] : [".py", ".*", "/__init__.*"].map((ending) => `${stem}${ending}`);
  },
  ruby: (handler) => {
    const stem = /^([^.]+)\../.exec(handler)?.[1];
    return stem === undefined ? [] : [`${stem}.rb`];
  },
  java: (handler) => [`${(handler.split("::")[0] ?? "").replaceAll(".", "/")}.class`, "lib/*.jar"],
  dotnet: (handler) => [`${handler.split("::")[0]}.dll`],
};

function matches(pattern: string, file: string): boolean {
  const [before = "", after] = pattern.split("*");
  return after === undefined ? file === pattern : file.startsWith(before) && file.endsWith(after);
}
