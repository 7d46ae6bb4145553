/**
 * Takes out of dist/ what no user of the package reads, after tsc has written it: `npm run prepack`.
 *
 * - Types stay for the modules that `exports` of package.json names, and for those that their types import.
 * - Source maps, which hold their source, stay for the modules that `exports` names and a project extends or calls.
 *   The other modules are tsc's JavaScript with its comments, and are debugged as that.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = join(__dirname, "..");

/** What is exported for its types, and has no code that a user steps through. */
const withoutMaps = ["./release/*"];

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
}

/** The declarations that `exports` names, by the name of the export. */
function exportedTypes(folder: string): Map<string, string[]> {
  const { exports }: Manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const types = declarationsIn(folder);
  return new Map(
    Object.entries(exports).flatMap(([name, target]) => {
      if (typeof target === "string") return [];
      const [start = "", end] = target.types.slice("./".length).split("*");
      const named = types.filter((file) =>
        end === undefined ? file === start : file.startsWith(start) && file.endsWith(end),
      );
      if (named.length === 0) throw new Error(`package.json: '${name}' of 'exports' has no types in dist/`);
      return [[name, named] as const];
    }),
  );
}

function declarationsIn(folder: string): string[] {
  return readdirSync(join(folder, "dist"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".d.ts"))
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)));
}

/** These declarations and those that they import, directly or by others. */
function reachedFrom(folder: string, files: readonly string[]): Set<string> {
  const reached = new Set(files);
  for (const file of reached)
    for (const [, , specifier = ""] of readFileSync(join(folder, file), "utf8").matchAll(
      /(from |import\()"(\.[^"]*)"/g,
    )) {
      const imported = join(dirname(file), `${specifier}.d.ts`);
      if (!existsSync(join(folder, imported)))
        throw new Error(`${file} imports ${specifier}, which has no types`);
      reached.add(imported);
    }
  return reached;
}

/** @param folder of the package, with its package.json and dist/ */
export function slimDist(folder: string): void {
  const exported = exportedTypes(folder);
  const kept = reachedFrom(folder, [...exported.values()].flat());
  const mapped = new Set([...exported].flatMap(([name, files]) => (withoutMaps.includes(name) ? [] : files)));
  for (const types of declarationsIn(folder)) {
    if (!kept.has(types)) rmSync(join(folder, types));
    if (!mapped.has(types)) dropMap(join(folder, types.replace(/\.d\.ts$/, ".js")));
  }
}

/** A debugger reports a map that a module names and that is not there. */
function dropMap(script: string): void {
  rmSync(`${script}.map`, { force: true });
  const text = readFileSync(script, "utf8");
  writeFileSync(script, text.replace(/\n\/\/# sourceMappingURL=.*\n?$/, "\n"));
}

if (require.main === module) slimDist(root);
