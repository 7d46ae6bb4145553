import { lstat, realpath } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Plugin } from "esbuild";

/**
 * A project whose `node_modules`, or that of a workspace above it, is a link to another folder's, as the copy of an earlier
 * commit has it, is bundled as if its packages stood there: esbuild writes the paths of what it bundles into the bundle, and follows links.
 * Packages of a workspace, which are links out of `node_modules`, are those of the project too, not of the folder that
 * the link leads to.
 */
export const linkedPackages: Plugin = {
  name: "linked-packages",
  async setup({ initialOptions, onResolve, resolve }) {
    const project = initialOptions.absWorkingDir ?? process.cwd();
    const installed = await nearestLink(project);
    if (installed === undefined) return;
    const [here, home] = [dirname(installed), dirname(await realpath(installed).catch(() => installed))];

    onResolve({ filter: /.*/ }, async ({ path, pluginData, ...options }) => {
      if (pluginData === linkedPackages.name) return undefined;
      const { path: found, ...result } = await resolve(path, { ...options, pluginData: linkedPackages.name });
      if (result.errors.length > 0 || result.external || result.namespace !== "file")
        return { path: found, ...result };
      return { ...result, path: within(found, home) ? join(here, relative(home, found)) : found };
    });
  },
};

/** The first `node_modules` of a folder or above it that is a link. */
async function nearestLink(folder: string): Promise<string | undefined> {
  const installed = join(folder, "node_modules");
  const found = await lstat(installed).catch(() => undefined);
  if (found?.isSymbolicLink()) return installed;
  const above = dirname(folder);
  return above === folder ? undefined : nearestLink(above);
}

function within(path: string, folder: string): boolean {
  const below = relative(folder, path);
  return below !== "" && !below.startsWith("..");
}
