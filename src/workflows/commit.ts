import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EditableFile } from "../release/files/project";
import { gitIn } from "./git";
import { GitHub } from "./github";
import { repositoryPage } from "./pages";

/** A release file, by its place. */
type Committed = Pick<EditableFile, "project" | "path">;

export interface CommitOptions {
  readonly message: string;
  /** The branch that it goes to. */
  readonly branch: string;
  /** Where that branch begins. @default - it is there */
  readonly from?: string;
}

/**
 * Commits a release file as it stands here. In a workflow's run it goes to GitHub too, by its API: no credentials
 * of git are anywhere, and GitHub refuses it where somebody has changed the file since.
 */
export async function commitRelease({ project, path }: Committed, options: CommitOptions): Promise<string> {
  const { message, branch, from } = options;
  const git = gitIn(project);
  const whole = pathInRepository({ project, path });
  const before = git("rev-parse", `HEAD:${whole}`);
  if (git("status", "--porcelain", "--", path) === "") return `${path} has not changed`;
  const author = ["-c", "user.name=github-actions[bot]", "-c", `user.email=${botAddress}`];
  git(...author, "commit", "--quiet", "--message", message, "--", path);
  if (process.env["GITHUB_TOKEN"] === undefined) return `committed here: ${message}`;

  const github = GitHub.ofRun();
  if (from !== undefined) {
    const { object } = await github.get<{ object: { sha: string } }>(`/git/ref/heads/${from}`);
    await github.send("POST", "/git/refs", { ref: `refs/heads/${branch}`, sha: object.sha });
  }
  const content = readFileSync(join(project, path)).toString("base64");
  await github.send("PUT", `/contents/${whole}`, { message, content, sha: before, branch });
  return `committed to ${branch}: ${message}`;
}

/** Where the file stands in the repository, whose project may be a folder of it. */
export function pathInRepository({ project, path }: Committed): string {
  return `${gitIn(project)("rev-parse", "--show-prefix")}${path}`;
}

/** https://github.com/actions/checkout#push-a-commit-using-the-built-in-token */
const botAddress = "41898282+github-actions[bot]@users.noreply.github.com";

/** Where a person opens the pull request: one that a workflow opens would start no workflow. */
export function pullRequestLink(base: string, branch: string): string {
  return `${repositoryPage()}/compare/${base}...${branch}?expand=1`;
}
