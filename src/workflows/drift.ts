import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Comparison, nothingCompared } from "../live/comparison";
import { toolkit } from "../release/aws/toolkit";
import { codeSpan } from "../review/code-span";
import { writeWhole } from "../terminal/whole-file";
import { environmentNamed } from "./environments";
import type { GitHub } from "./github";
import { changesOf, type PlannedChange } from "./plan-summary";
import { runningOf } from "./running";
import { closeIssue, writeIssue } from "./sticky";
import { StackFolder } from "./terraform";

/** What was found of a stack at night. */
export interface StackDrift {
  /** What its plan would do, or why it could not be made. */
  readonly plan: readonly string[] | { readonly failed: string };
  /** How AWS differs from the files, also in what no plan shows: the code that runs, the definition that is served. */
  readonly running: Comparison;
}

/** What was found of an environment, by stack. */
export interface Drift {
  readonly environment: string;
  readonly stacks: Readonly<Record<string, StackDrift>>;
}

const mark = "drift";

/**
 * Plans every stack of an environment, compares what its services run in AWS, and leaves what it found in a file of
 * the folder.
 */
export async function findDrift(project: string, name: string, out: string): Promise<Drift> {
  const found: [string, StackDrift][] = [];
  for (const { name: stack, release } of environmentNamed(project, name).stacks) {
    const running = release === undefined ? nothingCompared : await runningOf(project, release);
    found.push([stack, { plan: planned(project, stack), running }]);
  }
  const drift = { environment: name, stacks: Object.fromEntries(found) };
  mkdirSync(out, { recursive: true });
  writeWhole(join(out, `${name}.json`), `${JSON.stringify(drift, null, 2)}\n`);
  return drift;
}

function planned(project: string, stack: string): StackDrift["plan"] {
  try {
    const folder = new StackFolder(project, stack);
    folder.init();
    const plan = folder.plan({ lock: false });
    if (plan.isEmpty) return [];
    const changes = changesOf(plan);
    return changes.length > 0 ? changes.map(told) : ["outputs: update"];
  } catch (error) {
    return { failed: (error as Error).message };
  }
}

function told({ address, action }: PlannedChange): string {
  return `${address}: ${action}`;
}

export function isClean({ stacks }: Drift): boolean {
  return Object.values(stacks).every(
    ({ plan, running: { differences, troubles } }) =>
      Array.isArray(plan) && plan.length + differences.length + troubles.length === 0,
  );
}

/** `greeting-prod   aws_api_gateway_stage.x: update` */
export function driftLines({ stacks }: Drift): string[] {
  return Object.entries(stacks).flatMap(([stack, { plan, running }]) => {
    const lines = [
      ...(isFailed(plan) ? [`could not be planned: ${plan.failed}`] : plan),
      ...running.differences.map((line) => `in AWS: ${line}`),
      ...running.troubles.map((line) => `could not be compared with AWS: ${line}`),
    ];
    const unknown = running.unknown.map((line) => `not known: ${line}`);
    return [...(lines.length > 0 ? lines : ["matches the files"]), ...unknown].map(
      (line) => `${stack.padEnd(30)} ${line}`,
    );
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
    await closeIssue(github, mark, "Every stack matches the files again.");
    return "nothing has drifted";
  }
  const sections = [
    ...all.filter((drift) => !isClean(drift)).map(section),
    ...missing.map((name) => `### ${name}\n\nIt could not be checked: see the run.`),
  ];
  await writeIssue(github, mark, "AWS differs from the release files", issueText(sections));
  return "something has drifted or could not be checked: see the issue";
}

function issueText(sections: readonly string[]): string {
  return [
    "AWS differs from `main`: something was changed by hand, or a deploy is missing or did not finish.",
    ...sections,
    `\`npx ${toolkit.name} diff <stack>\` shows the values of a planned change. Deploying \`main\` undoes the change; to keep it, write it into the file first.`,
    "No plan shows what is listed only under _in AWS_. `npx lambda-release status <environment>/<service> --live` shows it; to put it back, see _When AWS runs something else_ in `docs/operating.md`.",
  ].join("\n\n");
}

function section({ environment, stacks }: Drift): string {
  const lines = Object.entries(stacks).flatMap(([stack, { plan, running }]) => {
    const name = codeSpan(stack);
    return [
      ...(isFailed(plan)
        ? [`- ${name} could not be planned: see the run`]
        : plan.map((line) => `- ${name}: ${codeSpan(line)}`)),
      ...running.differences.map((line) => `- ${name} in AWS: ${codeSpan(line)}`),
      ...(running.troubles.length > 0 ? [`- ${name} could not be compared with AWS: see the run`] : []),
    ];
  });
  return [`### ${environment}`, "", ...lines].join("\n");
}

function isFailed(plan: StackDrift["plan"]): plan is { readonly failed: string } {
  return !Array.isArray(plan);
}
