import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder, run } from "../support/command";
import { release } from "../support/release-command";

jest.setTimeout(60_000);

const workflows = ".github/workflows";
const files = [
  ...readdirSync(join(projectFolder, workflows)).map((name) => `${workflows}/${name}`),
  ".github/actions/setup/action.yml",
];
const textOf = (file: string) => readFileSync(join(projectFolder, file), "utf8");

/** Each line that a shell gets: after `run:`, or below it. */
function commandsIn(text: string): string[] {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    const [, indent = "", key = "", command] = /^( *)((?:- )?)run: (.*)$/.exec(line) ?? [];
    if (command === undefined) return [];
    if (command !== "|") return [command];
    const depth = indent.length + key.length;
    const below = lines.slice(index + 1);
    const end = below.findIndex((one) => one.trim() !== "" && one.search(/\S/) <= depth);
    return below
      .slice(0, end === -1 ? undefined : end)
      .filter((one) => one.trim() !== "")
      .map((one) => one.trim());
  });
}

/** The verbs that a command lists in its help. */
async function verbsOf(...args: string[]): Promise<string[]> {
  const { stdout } = await release(projectFolder, [...args, "--help"]);
  return [...stdout.matchAll(/^ {2}([a-z][a-z-]+) /gm)].map(([, verb = ""]) => verb);
}

/** What is missing of what a command calls, where anything is. */
async function missing(command: string): Promise<string | undefined> {
  const [program = "", name = "", verb = "", ofWorkflow = ""] = command.split(" ");
  if (program === "npm") return name === "ci" ? undefined : `npm ${name}`;
  if (program !== "npx") return existsSync(join(projectFolder, program)) ? undefined : program;
  if (name !== "lambda-release" || !(await verbsOf()).includes(verb)) return `npx ${name} ${verb}`;
  if (verb !== "workflow" || (await verbsOf(verb)).includes(ofWorkflow)) return undefined;
  return `the verb ${ofWorkflow}`;
}

test.each(files)("%s calls commands of this project, which are there", async (file) => {
  const commands = commandsIn(textOf(file));
  const nested = commands.flatMap((command) =>
    [...command.matchAll(/\$\((.*?)\)/g)].map(([, inner = ""]) => inner),
  );
  expect(commands.length).toBeGreaterThan(0);
  for (const command of [...commands, ...nested])
    expect([command, await missing(command)]).toEqual([command, undefined]);
});

test.each(files)("%s gives no expression to a shell: only variables, in quotes", (file) => {
  for (const command of commandsIn(textOf(file))) {
    expect(command).not.toContain("${{");
    const unquoted = command.replace(/"\$\(.*?\)"/g, "").replace(/"[^"]*"/g, "");
    expect(unquoted).not.toMatch(/\$[A-Z]/);
  }
});

test.each(files)("%s uses actions by a commit, with its version", (file) => {
  const used = [...textOf(file).matchAll(/^ +(?:- )?uses: (.*)$/gm)].map(([, action = ""]) => action);
  for (const action of used)
    expect(action).toMatch(/^(\.\/\.github\/actions\/setup|[a-z-]+\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/);
});

test("an action has one commit in all files", () => {
  const used = files.flatMap((file) => [...textOf(file).matchAll(/ uses: ([a-z-]+\/[a-z-]+)@(.*)$/gm)]);
  const commits = new Map<string, Set<string>>();
  for (const [, action = "", commit = ""] of used)
    commits.set(action, (commits.get(action) ?? new Set()).add(commit));
  for (const [action, all] of commits) expect([action, [...all]]).toEqual([action, [expect.any(String)]]);
});

test.each(files.filter((file) => file.startsWith(workflows)))(
  "%s may do nothing but what a job says, for a limited time, and leaves no credentials behind",
  (file) => {
    const text = textOf(file);
    const jobs = text.match(/^ {4}runs-on: ubuntu-24\.04$/gm)?.length;
    expect(text).toMatch(/^permissions: \{\}$/m);
    expect(text.match(/^ {4}permissions:$/gm)).toHaveLength(jobs ?? 0);
    expect(text.match(/^ {4}timeout-minutes: \d+$/gm)).toHaveLength(jobs ?? 0);
    const checkouts = text.match(/uses: actions\/checkout@/g) ?? [];
    expect(text.match(/persist-credentials: false/g)).toHaveLength(checkouts.length);
    // The key of a GitHub App: what GitHub's own token opens and merges starts no workflow.
    const others = text.replace("${{ secrets.ADVANCE_APP_PRIVATE_KEY }}", "");
    expect(others).not.toMatch(/aws-(secret-)?access-key|secrets\./);
  },
);

test("the linters say when they cannot run, and in CI that is a fault", async () => {
  const node = ["--import", "tsx", "scripts/lint-workflows.ts"];
  const lint = (variables: Record<string, string>) =>
    run(projectFolder, process.execPath, node, { PATH: "/nowhere", CI: "", ...variables });
  const inCi = await lint({ CI: "true" });
  expect([inCi.exitCode, inCi.stderr.trim().split("\n")]).toEqual([
    1,
    [
      "actionlint NOT RUN: actionlint needs go, which is not installed",
      "zizmor     NOT RUN: zizmor needs python3, which is not installed",
    ],
  ]);
  expect((await lint({})).exitCode).toBe(0);
});

test.each(files)("%s asks tokens for the audience of the partition", (file) => {
  const steps = textOf(file)
    .split(/^ {6}- /m)
    .filter((step) => step.includes("configure-aws-credentials"));
  for (const step of steps) expect(step).toMatch(/^ {10}audience: \$\{\{ .*\.audience \}\}$/m);
});

test("a runner plans only what has its state in a bucket: it has no file of the state", () => {
  expect(textOf(`${workflows}/review.yml`)).toMatch(/^ {6}PLANS: \$\{\{ matrix\.environment\.planned && /m);
  for (const name of ["deploy.yml", "drift.yml", "stops.yml", "advance.yml", "blue-green.yml"]) {
    const listing = commandsIn(textOf(`${workflows}/${name}`)).filter((one) => / environments /.test(one));
    expect([name, listing]).toEqual([name, [expect.stringContaining(" --planned")]]);
  }
});
