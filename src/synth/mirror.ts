import { existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, parse, relative } from "node:path";
import { guardFolder } from "../terminal/guard";
import type { Installation } from "./npm-install";

/** Above a project, a folder with more entries than this is not one of a repository. */
const mostEntries = 1000;

/**
 * Has a folder of links in which a project's folders stand as they are, but with the `node_modules` of the cache where
 * a lock file says which. What a module imports is looked for there, by esbuild's own rules.
 *
 * @param use gets the real paths of the folders that have a lock file, and where a real path stands among the links
 */
export async function withMirror<T>(
  project: string,
  installed: readonly Installation[],
  use: (folders: readonly string[], placeOf: (path: string) => string) => Promise<T>,
): Promise<T> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "lambda-release-packages-")));
  const release = guardFolder(root);
  const placeOf = (path: string) => join(root, relative(parse(path).root, path));
  try {
    const top = await realpath(project);
    const folders = new Set<string>();
    const locked: string[] = [];
    for (const { folder, home } of installed) {
      const real = await realpath(join(project, folder));
      locked.push(real);
      for (const one of foldersDownTo(real)) folders.add(one);
      await mkdir(placeOf(real), { recursive: true });
      const packages = join(home, "node_modules");
      // Nothing was to be installed: then there is an empty one, and not that of this machine.
      await (existsSync(packages)
        ? symlink(packages, join(placeOf(real), "node_modules"))
        : mkdir(join(placeOf(real), "node_modules")));
    }
    for (const folder of folders) {
      const entries = readdirSync(folder);
      const isAbove = relative(top, folder).startsWith("..");
      const linked = isAbove && entries.length > mostEntries ? ["node_modules"] : entries;
      for (const name of linked.filter((one) => entries.includes(one))) {
        const link = join(placeOf(folder), name);
        if (!existsSync(link)) await symlink(join(folder, name), link);
      }
    }
    return await use(locked, placeOf);
  } finally {
    await rm(root, { recursive: true, force: true });
    release();
  }
}

/** `/a`, `/a/b` and `/a/b/c` of `/a/b/c`, with the root before them. */
function foldersDownTo(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [...foldersDownTo(above), folder];
}
