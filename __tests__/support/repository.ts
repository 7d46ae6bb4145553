import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createProject, type Files, temporaryFolder, writeFiles } from "./project";

/** A project in a git repository of its own, on the branch `main`. */
export class Repository {
  readonly project: string;

  /** @param folder of the project in the repository */
  constructor(files: Files, folder = "") {
    const root = temporaryFolder();
    this.project = join(root, folder);
    mkdirSync(this.project, { recursive: true });
    this.git(["init", "--quiet", "--initial-branch=main"], {}, root);
    this.commit(files);
  }

  /** Commits files in their place, and without those that are not among them. */
  commit(files: Files): void {
    this.write(files);
    this.commitAll();
  }

  commitAll(message = "a step", date?: string): void {
    this.git(["add", "--all", "."]);
    const variables: Record<string, string> =
      date === undefined ? {} : { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    this.git(["commit", "--quiet", "--allow-empty", "--message", message], variables);
  }

  /** Puts files in the working tree in place of those that were there. */
  write(files: Files): void {
    for (const folder of ["releases", "lambdas"])
      rmSync(join(this.project, folder), { recursive: true, force: true });
    writeFiles(this.project, files);
  }

  /** @param variables for git, beside those of this process */
  git(args: readonly string[], variables: Readonly<Record<string, string>> = {}, cwd = this.project): void {
    const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    execFileSync("git", [...identity, ...args], {
      cwd,
      stdio: "pipe",
      env: { ...process.env, ...variables },
    });
  }
}

/** Files that hold what a plan's JSON has. */
export function planFiles(...plans: readonly (object | string)[]): string[] {
  return plans.map((plan) => join(createProject({ "plan.json": plan }), "plan.json"));
}
