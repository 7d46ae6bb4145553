import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../terminal/whole-file";
import { environmentNamed } from "./environments";
import type { GitHub } from "./github";
import type { SummarizedChange } from "./plan-summary";
import { closeIssue, writeIssue } from "./sticky";
import { StackFolder } from "./terraform";

/** What a nightly plan found of an environment: by stack, what it would do, or why it could not be made. */
export interface Drift {
  readonly environment: string;
  readonly stacks: Readonly<Record<string, readonly string[] | { readonly failed: string }>>;
}

const mark = "drift";

/** Plans every stack of an environment, and leaves what it found in a file of the folder. */
export function findDrift(project: string, name: string, out: string): Drift {
  const { stacks } = environmentNamed(project, name);
  const found = stacks.map(({ name: stack }) => [stack, planned(project, stack)] as const);
  const drift = { environment: name, stacks: Object.fromEntries(found) };
  mkdirSync(out, { recursive: true });
  writeWhole(join(out, `${name}.json`), `${JSON.stringify(drift, null, 2)}\n`);
  return drift;
}

function planned(project: string, stack: string): Drift["stacks"][string] {
  try {
    const folder = new StackFolder(project, stack);
    folder.init();
    const { summary, isEmpty } = folder.plan({ lock: false });
    if (isEmpty) return [];
    return summary.changes.length > 0 ? summary.changes.map(told) : ["outputs: update"];
  } catch (error) {
    return { failed: (error as Error).message };
  }
}

function told({ address, action }: SummarizedChange): string {
  return `${address}: ${action}`;
}

export function isClean({ stacks }: Drift): boolean {
  return Object.values(stacks).every((found) => Array.isArray(found) && found.length === 0);
}

/** `greeting-prod   aws_api_gateway_stage.x: update` */
export function driftLines({ stacks }: Drift): string[] {
  return Object.entries(stacks).flatMap(([stack, found]) => {
    const lines = isFailed(found) ? [`could not be planned: ${found.failed}`] : found;
    return (lines.length > 0 ? lines : ["as the files say"]).map((line) => `${stack.padEnd(30)} ${line}`);
  });
}

/**
 * Opens the issue, writes it anew, or closes it where nothing has drifted any more. What could not be looked at is
 * told, and keeps the issue open.
 *
 * @param environments all that should have been looked at
 * @param folder where their files are
 */
export async function reportDrift(
  github: GitHub,
  environments: readonly string[],
  folder: string,
): Promise<string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const all = files
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Drift);
  const missing = environments.filter((name) => !all.some(({ environment }) => environment === name));
  if (missing.length === 0 && all.every(isClean)) {
    await closeIssue(github, mark, "Every stack is as the files say again.");
    return "nothing has drifted";
  }
  const sections = [
    ...all.filter((drift) => !isClean(drift)).map(section),
    ...missing.map((name) => `### ${name}\n\nIt could not be looked at: see the run.`),
  ];
  await writeIssue(github, mark, "What is live is not what the files say", issueText(sections));
  return "something has drifted, or could not be looked at: the issue tells it";
}

function issueText(sections: readonly string[]): string {
  return [
    "A plan of `main` is not empty: somebody changed something by hand, or a deploy is missing or did not finish.",
    ...sections,
    "`npx cdktf diff <stack>` shows the values. Deploying `main` takes the change back; to keep it, write it into the file first.",
  ].join("\n\n");
}

function section({ environment, stacks }: Drift): string {
  const lines = Object.entries(stacks).flatMap(([stack, found]) => {
    if (isFailed(found)) return [`- \`${stack}\` could not be planned: see the run`];
    return found.map((line) => `- \`${stack}\`: \`${line}\``);
  });
  return [`### ${environment}`, "", ...lines].join("\n");
}

function isFailed(found: Drift["stacks"][string]): found is { readonly failed: string } {
  return !Array.isArray(found);
}
