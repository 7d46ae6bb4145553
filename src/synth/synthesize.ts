import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { guardFolder } from "../terminal/guard";
import { noticesVariable } from "./install-notice";
import { linkPackages } from "./lent-packages";
import { outputFolder } from "./output-folder";
import { type RehearsedFile, rehearsedVariable } from "./rehearsed-file";

/** Synthesis failed, and has said itself why. */
export class SynthesisFailed extends Error {}

/**
 * Runs the app of a project as `cdktf.json` says.
 *
 * @param folder where it writes
 * @returns that folder
 * @throws SynthesisFailed
 */
export function synthesize(project: string, folder = outputFolder(project)): string {
  const { status, stderr } = spawnSync(appOf(project), { ...appOptions(project, folder), encoding: "utf8" });
  process.stderr.write(stderr);
  if (status !== 0) throw new SynthesisFailed(`synthesis ended with exit code ${status}`);
  return folder;
}

/**
 * The same while this process goes on with its work.
 *
 * @param variables beside those of this process. @default - none
 * @returns why it failed, in its own words; nothing where it did not
 */
export async function synthesizeMeanwhile(
  project: string,
  folder: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  const { env, ...options } = appOptions(project, folder);
  const child = spawn(appOf(project), { ...options, env: { ...env, ...variables } });
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  const [status] = await once(child, "close");
  return status === 0 ? undefined : said.trim() || `synthesis ended with exit code ${status}`;
}

function appOf(project: string): string {
  return (JSON.parse(readFileSync(join(project, "cdktf.json"), "utf8")) as { app: string }).app;
}

function appOptions(project: string, folder: string) {
  // What takes long is told at once, by a way of its own.
  const stdio: ("ignore" | "pipe" | number)[] = ["ignore", "ignore", "pipe", 2];
  const env = { ...process.env, CDKTF_OUTDIR: folder, [noticesVariable]: "3" };
  return { cwd: project, shell: true, stdio, env };
}

/**
 * Runs the app of an earlier commit, with the packages that are installed now, and hands on its output folder
 * and its own as long as `use` takes.
 */
export function withSynthesisOf<T>(
  project: string,
  gitRef: string,
  use: (outputFolder: string, project: string) => T,
): T {
  const parent = mkdtempSync(join(tmpdir(), "rehearsal-from-"));
  const release = guardFolder(parent);
  const worktree = join(parent, "project");
  const git = (...args: string[]) => spawnSync("git", args, { cwd: project, encoding: "utf8" });
  const clean = () => {
    git("worktree", "remove", "--force", worktree);
    rmSync(parent, { recursive: true, force: true });
    release();
  };
  // Also when the process is told to end meanwhile.
  process.once("exit", clean);
  try {
    const added = git("worktree", "add", "--detach", worktree, "--end-of-options", gitRef);
    if (added.status !== 0) throw new Error(`git cannot check out '${gitRef}': ${added.stderr.trim()}`);
    const prefix = git("rev-parse", "--show-prefix").stdout.trim();
    const copy = join(worktree, prefix);
    linkPackages(project, copy, prefix);
    // Wherever the project writes, its own output stays as it is.
    return use(synthesizeCommit(copy, gitRef), copy);
  } finally {
    process.off("exit", clean);
    clean();
  }
}

/** @throws SynthesisFailed after saying which commit the problems are those of */
function synthesizeCommit(copy: string, gitRef: string): string {
  try {
    return synthesize(copy, join(copy, "cdktf.out"));
  } catch (error) {
    if (error instanceof SynthesisFailed)
      process.stderr.write(
        `the commit '${gitRef}' cannot be synthesized; it has no files that git ignores\n`,
      );
    throw error;
  }
}

/** How many apps run at the same time: each takes a core and some 200 MB. */
const mostApps = 2;

/**
 * Runs the app of a project once for each of several texts of one of its files, which stays as it is, and hands on the
 * output folders as long as `use` takes.
 *
 * @throws SynthesisFailed
 */
export async function withSynthesesOf<T>(
  project: string,
  files: readonly RehearsedFile[],
  use: (outputFolders: readonly string[]) => Promise<T>,
): Promise<T> {
  const parent = mkdtempSync(join(tmpdir(), "rehearsal-steps-"));
  const release = guardFolder(parent);
  const clean = () => {
    rmSync(parent, { recursive: true, force: true });
    release();
  };
  process.once("exit", clean);
  try {
    const folders = files.map((_, index) => join(parent, String(index)));
    const left = files.map((file, index) => ({ file, folder: folders[index] as string }));
    const work = async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        mkdirSync(next.folder);
        const given = join(next.folder, "rehearsed.json");
        writeFileSync(given, JSON.stringify(next.file));
        const out = join(next.folder, "cdktf.out");
        const trouble = await synthesizeMeanwhile(project, out, { [rehearsedVariable]: given });
        if (trouble === undefined) continue;
        left.length = 0;
        process.stderr.write(`${trouble}\n`);
        throw new SynthesisFailed("a later step of the release cannot be synthesized");
      }
    };
    await Promise.all(Array.from({ length: mostApps }, work));
    return await use(folders.map((folder) => join(folder, "cdktf.out")));
  } finally {
    process.off("exit", clean);
    clean();
  }
}
