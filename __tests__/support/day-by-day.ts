import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../src/cli/cli";
import { createProject, synthesizeProject, temporaryFolder, writeFiles } from "./project";

/**
 * Plans a synthesized stack where others have been applied, one after the other.
 *
 * @returns what `terraform show -json` prints of it, parsed
 */
export type ShowPlan = (stackFolder: string, applied: readonly string[]) => Promise<object>;

const stack = "stacks/booking-dev";

/**
 * Plays the days of a page in a repository of their own, and gives the page with what its commands then print.
 * What is done stands in a comment above its block:
 *
 * - `write <path>`: the block is a file
 * - `edit <path> <old> -> <new>`, `undo`: somebody edits a file by hand, and takes it back
 * - `remove <path>`: a folder goes
 * - `<time> run npx lambda-release <arguments>`: the block is what that prints at that time
 * - `<time> review [arguments]`: the block is the review of the working tree and its plan
 * - `diff <path>`: the block is what the working tree changes
 * - `commit <message>`: the working tree is merged and deployed
 */
export async function played(page: string, showPlan: ShowPlan): Promise<string> {
  const project = createProject({ "releases/dev/environment.json": '{ "region": "eu-central-1" }\n' });
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      cwd: project,
      encoding: "utf8",
    });
  git("init", "--quiet", "--initial-branch", "main");
  commit("The environment");
  const deployed: string[] = [];
  const stacks = new Map<string, string>();

  const parts: string[] = [];
  let end = 0;
  for (const found of page.matchAll(/<!-- (.*?) -->\n(?:(```\w+\n)([\s\S]*?)```)?/g)) {
    const [whole, told = "", fence, block = ""] = found;
    const text = await play(told, block);
    parts.push(page.slice(end, found.index), `<!-- ${told} -->\n`);
    if (fence !== undefined) parts.push(`${fence}${text.trimEnd()}\n\`\`\``);
    end = found.index + whole.length;
  }
  return parts.join("") + page.slice(end);

  async function play(told: string, block: string): Promise<string> {
    const [verb = "", ...rest] = told.split(" ");
    if (verb === "write") writeFiles(project, { [rest[0] as string]: block });
    else if (verb === "edit") edit(rest);
    else if (verb === "remove") git("rm", "-r", "--quiet", ...rest);
    else if (verb === "undo") git("checkout", "--quiet", "HEAD", ".");
    else if (verb === "diff") return changedLines(git("diff", "--unified=0", "HEAD", ...rest));
    else if (verb === "commit") {
      deployed.push(await synthesized());
      commit(rest.join(" "));
    } else return printed(new Date(verb), rest);
    return block;
  }

  async function printed(now: Date, [what, ...args]: string[]): Promise<string> {
    if (what === "run") {
      const [, , ...verb] = args;
      const output = await printedBy(project, verb, now);
      return `$ ${args.join(" ")}\n\n${output}`;
    }
    if (what !== "review") throw new Error(`nothing is known of '${what}'`);
    const plan = join(temporaryFolder(), "booking-dev.json");
    writeFileSync(plan, JSON.stringify(await showPlan(await synthesized(), deployed)));
    const output = await printedBy(project, ["review", "--base", "main", "--plan", plan, ...args], now);
    const shown = ["npx lambda-release review --base main --plan booking-dev.json", ...args].join(" ");
    return `$ ${shown}\n\n${output}`;
  }

  function edit([path = "", ...change]: string[]): void {
    const [before = "", after = ""] = change.join(" ").split(" -> ");
    const text = readFileSync(join(project, path), "utf8");
    if (!text.includes(before)) throw new Error(`${path} does not have ${before}`);
    writeFiles(project, { [path]: text.replace(before, after) });
  }

  function commit(message: string): void {
    git("add", ".");
    git("commit", "--quiet", "--message", message);
  }

  /** Once for the same files: what was reviewed is what is deployed. */
  async function synthesized(): Promise<string> {
    git("add", ".");
    const files = git("write-tree");
    const known = stacks.get(files) ?? join(await synthesizeProject(project, temporaryFolder()), stack);
    stacks.set(files, known);
    return known;
  }
}

/** Nobody can ask AWS, whatever this machine has. */
function withoutAws(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  const nowhere = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
  return { ...Object.fromEntries(others), ...nowhere, AWS_EC2_METADATA_DISABLED: "true" };
}

/** What the release command prints in a folder at a time. */
async function printedBy(project: string, args: readonly string[], now: Date): Promise<string> {
  const lines: string[] = [];
  const cwd = jest.spyOn(process, "cwd").mockReturnValue(project);
  const env = jest.replaceProperty(process, "env", withoutAws());
  const spies = [
    jest.spyOn(console, "log").mockImplementation((line) => void lines.push(`${line}\n`)),
    jest.spyOn(console, "error").mockImplementation((line) => void lines.push(`${line}\n`)),
    jest.spyOn(process.stdout, "write").mockImplementation((text) => lines.push(String(text)) > 0),
  ];
  try {
    await run(args, now);
  } finally {
    env.restore();
    for (const spy of [cwd, ...spies]) spy.mockRestore();
  }
  return lines.join("");
}

function changedLines(diff: string): string {
  return diff
    .split("\n")
    .filter((line) => /^[+-](?![+-]{2} )/.test(line))
    .join("\n");
}
