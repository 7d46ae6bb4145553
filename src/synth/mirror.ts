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
    for (const { folder, home, workspaces } of installed) {
      const real = await realpath(join(project, folder));
      for (const one of foldersDownTo(real)) folders.add(one);
      await mkdir(placeOf(real), { recursive: true });
      if (workspaces === undefined) {
        locked.push(real);
        await linkPackages(home, placeOf(real));
        continue;
      }
      await placePackages(join(home, "node_modules"), join(placeOf(real), "node_modules"), (link) =>
        realpath(join(real, relative(home, link))),
      );
      for (const one of workspaces) {
        const own = await realpath(join(real, one));
        locked.push(own);
        for (const above of foldersDownTo(own)) folders.add(above);
        await mkdir(placeOf(own), { recursive: true });
        await linkPackages(join(home, one), placeOf(own));
      }
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

/** Nothing was to be installed: then there is an empty `node_modules`, and not that of this machine. */
async function linkPackages(home: string, place: string): Promise<void> {
  const [packages, link] = [join(home, "node_modules"), join(place, "node_modules")];
  await (existsSync(packages) ? symlink(packages, link) : mkdir(link, { recursive: true }));
}

/**
 * Links each package by itself: of a workspace the cache has no code.
 *
 * @param codeOf where the code of a workspace is, of which the cache has an empty folder
 */
async function placePackages(
  packages: string,
  place: string,
  codeOf: (folder: string) => Promise<string>,
): Promise<void> {
  await mkdir(place, { recursive: true });
  if (!existsSync(packages)) return;
  for (const entry of readdirSync(packages, { withFileTypes: true })) {
    const [from, to] = [packages, place].map((folder) => join(folder, entry.name)) as [string, string];
    if (entry.isSymbolicLink()) await symlink(await codeOf(await realpath(from)), to);
    else if (entry.name.startsWith("@")) await placePackages(from, to, codeOf);
    else await symlink(from, to);
  }
}

/** `/a`, `/a/b` and `/a/b/c` of `/a/b/c`, with the root before them. */
function foldersDownTo(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [...foldersDownTo(above), folder];
}
