import type { Message } from "esbuild";
import type { Problem } from "../release/problem";
import type { ToldPaths } from "./told-paths";

/**
 * What esbuild refuses, and what it only warns of though it fails when the function runs.
 *
 * @param told puts the paths of files right
 */
export function buildProblems(
  { errors, warnings }: { readonly errors: readonly Message[]; readonly warnings: readonly Message[] },
  told: ToldPaths,
): Problem[] {
  const failing = warnings.filter(({ id, location }) => failsLater.has(id) && !isOfPackage(location?.file));
  return [...errors.map(refused), ...failing.map(warned)].map((one) => ({
    ...one,
    file: told.in(one.file),
  }));
}

/**
 * Warnings of what throws or is undefined at run time. Packages have such lines for cases that do not occur, such as
 * express, which requires a template engine by a name that it is given.
 */
const failsLater = new Map<string, string | undefined>([
  ["assign-to-constant", undefined],
  ["assign-to-import", undefined],
  ["call-import-namespace", undefined],
  ["commonjs-variable-in-esm", undefined],
  ["empty-glob", undefined],
  ["import-is-undefined", undefined],
  ["private-name-will-throw", undefined],
  ["require-resolve-not-external", undefined],
  ["tsconfig.json", undefined],
  [
    "empty-import-meta",
    "must not ask for more than url, dirname and filename of import.meta in a CommonJS bundle; a handler whose file ends in .mts or .mjs is an ES module and may",
  ],
  [
    "unsupported-require-call",
    "must require a module by its literal name: the bundle has no other. Import each module that may be meant, or package them as 'assets' and require their paths by createRequire(__filename) of node:module",
  ],
]);

function isOfPackage(file = ""): boolean {
  return /(^|\/)node_modules\//.test(file);
}

function warned(message: Message): Problem {
  return problem(message, failsLater.get(message.id) ?? `must not fail at run time: ${message.text}`);
}

function refused(message: Message): Problem {
  const { text, location } = message;
  if (text.startsWith("Top-level await"))
    return problem(
      message,
      "must not await at top level in a CommonJS bundle: give the handler's file the ending .mts or .mjs, and the bundle is an ES module",
    );
  const [, ending] = /^No loader is configured for "(\.[^"]+)" files/.exec(text) ?? [];
  if (ending === ".node")
    return problem(
      message,
      "must not import a native file, which cannot be part of a bundle: give the name of its npm package in 'bundle.packages', which copies it",
    );
  if (ending !== undefined)
    return problem(
      message,
      `must import a file that has a loader: give '${ending}' one in 'bundle.loader', such as { "${ending}": "text" }`,
    );
  const [, name] = /^Could not resolve "((?:@[^"/]+\/)?\w[^"]*)"/.exec(text) ?? [];
  if (name !== undefined)
    return problem(
      message,
      `must import a package that is there, but ${name} is not: run 'npm install' for it in the version's folder or in the project, or name it in 'bundle.external' if a layer brings it`,
    );
  const language = /\.[cm]?jsx?$/.test(location?.file ?? "") ? "JavaScript" : "TypeScript";
  return problem(message, `must be ${language} that can be bundled: ${text}`);
}

function problem({ location }: Message, message: string): Problem {
  return {
    file: location?.file ?? "lambdas",
    field: [],
    message,
    position: location ? { line: location.line, column: location.column + 1 } : undefined,
  };
}
