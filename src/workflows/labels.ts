import { Unable } from "../release/files/project";
import type { StepKind } from "../review/step";
import type { ReviewedChange } from "./comment-text";
import { type GitHub, GitHubRefusal } from "./github";

/** What a step is called in a label, by its kind. The other kinds have none. */
const stepNames: ReadonlyMap<string, string> = new Map<StepKind, string>([
  ["deploy", "deploy"],
  ["publish", "publish"],
  ["start", "start"],
  ["shift", "shift"],
  ["promote", "promote"],
  ["roll back", "rollback"],
  ["hotfix", "hotfix"],
  ["switch", "switch"],
  ["prune", "prune"],
  ["remove", "remove"],
]);
const environmentPrefix = "env: ";
const stepPrefix = "release: ";

/** As GitHub has it: six digits. */
const colours = { environment: "1d76db", step: "5319e7", rollback: "d93f0b" };

interface Label {
  readonly name: string;
}

/**
 * Gives a pull request the labels of its environments and steps, and takes away those that are no longer true. Other
 * labels stay as they are.
 *
 * @param known every environment of the project: labels of these are this workflow's
 * @returns why the labels are not current, or nothing: they fail no review
 */
export async function label(
  github: GitHub,
  pullRequest: number,
  change: ReviewedChange,
  known: readonly string[],
): Promise<string | undefined> {
  const wanted = labelsOf(change);
  const own = [
    ...[...stepNames.values()].map(ofStep),
    ...[...known, ...environmentsOf(change)].map(ofEnvironment),
  ];
  try {
    const present = await github.all<Label>(`/issues/${pullRequest}/labels`);
    const names = present.map(({ name }) => name);
    for (const name of names.filter((one) => isIn(own, one) && !isIn(wanted, one)))
      await ignoring(404, github.send("DELETE", `/issues/${pullRequest}/labels/${encodeURIComponent(name)}`));
    const added = wanted.filter((one) => !isIn(names, one));
    for (const name of added) await makeSure(github, name);
    if (added.length > 0) await github.send("POST", `/issues/${pullRequest}/labels`, { labels: added });
    return undefined;
  } catch (error) {
    if (!(error instanceof Unable)) throw error;
    return `the labels of #${pullRequest} are not current: ${error.message}`;
  }
}

function labelsOf(change: ReviewedChange): string[] {
  const steps = change.reviews.flatMap(({ kinds }) => kinds.flatMap((kind) => stepNames.get(kind) ?? []));
  return [...environmentsOf(change).map(ofEnvironment), ...new Set(steps.map(ofStep))];
}

function environmentsOf({ reviews, missing }: ReviewedChange): string[] {
  return [...reviews.map(({ environment }) => environment), ...missing].sort();
}

function ofEnvironment(name: string): string {
  return `${environmentPrefix}${name}`;
}

function ofStep(name: string): string {
  return `${stepPrefix}${name}`;
}

/** To GitHub, names that differ in case alone are one label. */
function isIn(labels: readonly string[], name: string): boolean {
  return labels.some((one) => one.toLowerCase() === name.toLowerCase());
}

/** Makes a label that is not there. One that is there keeps its colour. */
async function makeSure(github: GitHub, name: string): Promise<void> {
  const known = await ignoring(404, github.get<Label>(`/labels/${encodeURIComponent(name)}`));
  if (known !== undefined) return;
  // Another run may have made it meanwhile.
  await ignoring(
    422,
    github.send("POST", "/labels", { name, color: colourOf(name), description: meaningOf(name) }),
  );
}

function colourOf(name: string): string {
  if (name.startsWith(environmentPrefix)) return colours.environment;
  return name === ofStep("rollback") ? colours.rollback : colours.step;
}

function meaningOf(name: string): string {
  const rest = name.slice(name.indexOf(" ") + 1);
  return name.startsWith(environmentPrefix)
    ? `lambda-release: changes the environment ${rest}`
    : `lambda-release: a step of a release, ${rest}`;
}

/** @returns nothing where GitHub answers with that status */
async function ignoring<T>(status: number, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === status) return undefined;
    throw error;
  }
}
