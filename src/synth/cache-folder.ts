import { existsSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { guardFolder } from "../terminal/guard";

/** What a file says cannot be installed. The message says what must hold, as the end of a sentence. */
export class NotInstalled extends Error {}

/** Folders that are being filled by this process. */
const filling = new Map<string, Promise<string>>();
/** So many are filled at once; the others wait for one of them. */
const lanes: Promise<unknown>[] = Array.from({ length: 4 }, () => Promise.resolve());
let nextLane = 0;

/**
 * A folder that is filled once, and found filled from then on: by this process, by others beside it and by later ones.
 *
 * @param name what names its content, to the bit
 * @returns its real path
 * @throws NotInstalled, also where the cache cannot be written
 */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return realpath(folder);
  const begun =
    filling.get(folder) ?? inLane(() => fillOnce(folder, fill)).finally(() => filling.delete(folder));
  filling.set(folder, begun);
  return begun;
}

function inLane<T>(work: () => Promise<T>): Promise<T> {
  const lane = nextLane++ % lanes.length;
  const done = (lanes[lane] ?? Promise.resolve()).then(work);
  lanes[lane] = done.catch(() => {});
  return done;
}

/** The machine's folder for what can be made anew, shared by all projects. */
function cacheFolder(): string {
  const given = process.env["XDG_CACHE_HOME"];
  const own = process.platform === "darwin" ? join(homedir(), "Library/Caches") : join(homedir(), ".cache");
  const folder = given || (process.platform === "win32" && process.env["LOCALAPPDATA"]) || own;
  return join(folder, "lambda-release");
}

async function newFolder(folder: string): Promise<string> {
  try {
    await mkdir(dirname(folder), { recursive: true });
    return await mkdtemp(`${folder}-`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new NotInstalled(
      `must be installed into ${dirname(folder)}, which cannot be written (${code}): set XDG_CACHE_HOME to another folder`,
    );
  }
}

/** It comes into being by its new name, so it is there whole or not at all. */
async function fillOnce(folder: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const begun = await newFolder(folder);
  const release = guardFolder(begun);
  try {
    await fill(begun);
    await rename(begun, folder).catch((error) => {
      // Another process was first, with the same content.
      if (!existsSync(folder)) throw error;
    });
    return await realpath(folder);
  } finally {
    await rm(begun, { recursive: true, force: true });
    release();
  }
}
