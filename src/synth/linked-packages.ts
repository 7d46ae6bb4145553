import { lstat, realpath } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Plugin } from "esbuild";

/** A `node_modules` that is a link: the folder that it is in, and that of the `node_modules` it leads to. */
export interface LinkedPackages {
  readonly here: string;
  readonly home: string;
}

/** The nearest `node_modules` of a project or above it, where that is a link. */
export async function linkOf(folder: string): Promise<LinkedPackages | undefined> {
  const installed = join(folder, "node_modules");
  const found = await lstat(installed).catch(() => undefined);
  if (found?.isSymbolicLink())
    return { here: folder, home: dirname(await realpath(installed).catch(() => installed)) };
  const above = dirname(folder);
  return above === folder ? undefined : linkOf(above);
}

/**
 * Packages of a workspace, which are links out of `node_modules`, are those of the project where `node_modules` is a
 * link to another folder's, as the copy of an earlier commit has it: not those of the folder that the link leads to.
 */
export function workspacePackages({ here, home }: LinkedPackages): Plugin {
  const name = "workspace-packages";
  return {
    name,
    setup({ onResolve, resolve }) {
      onResolve({ filter: /.*/ }, async ({ path, pluginData, ...options }) => {
        if (pluginData === name || options.kind === "entry-point") return undefined;
        const { path: found, ...result } = await resolve(path, { ...options, pluginData: name });
        const isOfWorkspace =
          result.errors.length === 0 &&
          !result.external &&
          result.namespace === "file" &&
          within(found, home) &&
          !within(found, join(home, "node_modules"));
        // What no path is given for, esbuild finds by itself, with what the package says of its modules.
        return isOfWorkspace ? { ...result, path: join(here, relative(home, found)) } : undefined;
      });
    },
  };
}

function within(path: string, folder: string): boolean {
  const below = relative(folder, path);
  return below !== "" && !below.startsWith("..");
}
