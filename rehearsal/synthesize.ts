import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { guardFolder } from "./guard";

/** Synthesis failed, and has said itself why. */
export class SynthesisFailed extends Error {}

/**
 * Runs the app of a project as `cdktf.json` says.
 *
 * @returns the output folder
 * @throws SynthesisFailed
 */
export function synthesize(project: string): string {
  const { app } = JSON.parse(readFileSync(join(project, "cdktf.json"), "utf8")) as { app: string };
  const { status } = spawnSync(app, { cwd: project, shell: true, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new SynthesisFailed(`synthesis ended with exit code ${status}`);
  return outputFolder(project);
}

/** Where the app of a project writes. */
export function outputFolder(project: string): string {
  return resolve(project, process.env["CDKTF_OUTDIR"] ?? "cdktf.out");
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
    const packages = join(copy, "node_modules");
    if (!existsSync(packages)) symlinkSync(join(project, "node_modules"), packages);
    return use(synthesize(copy), copy);
  } finally {
    process.off("exit", clean);
    clean();
  }
}
