import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { guardFolder } from "../terminal/guard";
import { noticesVariable } from "./install-notice";
import { linkPackages } from "./lent-packages";
import { outputFolder } from "./output-folder";

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
  const { app } = JSON.parse(readFileSync(join(project, "cdktf.json"), "utf8")) as { app: string };
  const { status, stderr } = spawnSync(app, {
    cwd: project,
    shell: true,
    // What takes long is told at once, by a way of its own.
    stdio: ["ignore", "ignore", "pipe", 2],
    encoding: "utf8",
    env: { ...process.env, CDKTF_OUTDIR: folder, [noticesVariable]: "3" },
  });
  process.stderr.write(stderr);
  if (status !== 0) throw new SynthesisFailed(`synthesis ended with exit code ${status}`);
  return folder;
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
    return use(synthesize(copy, join(copy, "cdktf.out")), copy);
  } finally {
    process.off("exit", clean);
    clean();
  }
}
