import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "./command";
import type { Files } from "./project";

/** An example service of this project where its release file in dev has these fields; `files` takes the place of its own. */
export function example(service: string, release: object, files: Files = {}): Files {
  const { $schema, strategy } = JSON.parse(read(`releases/dev/${service}.json`));
  // A service of containers has no handlers.
  const own = existsSync(join(projectFolder, "lambdas", service)) ? sourcesBelow(`lambdas/${service}`) : {};
  return {
    "releases/dev/environment.json": read("releases/dev/environment.json"),
    ...own,
    ...("hooks" in release ? { ...sourcesBelow("lambdas/hooks"), ...sourcesBelow("src/hooks") } : {}),
    [`releases/dev/${service}.json`]: { $schema, strategy, ...release },
    ...files,
  };
}

function sourcesBelow(folder: string): Files {
  const paths = readdirSync(join(projectFolder, folder), { recursive: true, withFileTypes: true })
    .filter(({ name }) => /\.(ts|py)$/.test(name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(projectFolder.length + 1));
  return Object.fromEntries(paths.map((path) => [path, read(path)]));
}

function read(path: string): string {
  return readFileSync(join(projectFolder, path), "utf8");
}
