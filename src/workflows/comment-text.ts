import { counted } from "../release/counted";
import { codeSpan } from "../review/code-span";
import { codeBlock } from "../terminal/printable";
import type { EnvironmentReview, ToldFinding } from "./environment-review";
import { htmlText, markdownText, proseText } from "./markdown-text";
import { commitPage, linePage, runPage } from "./pages";

/** What the reviews of a pull request found. */
export interface ReviewedChange {
  readonly reviews: readonly EnvironmentReview[];
  /** Environments that should have been reviewed, and were not. */
  readonly missing: readonly string[];
}

/** How much of the reviews a text has. A block is shown whole or left out; of a plan, lines are left out. */
interface Shown {
  /** The most characters of a plan's lines. `undefined`: no plan is shown. */
  readonly ofPlan?: number;
  /** The longest detail, and the longest steps of a stack, that are shown. */
  readonly detail: number;
  readonly steps: number;
  /** How many findings. */
  readonly findings: number;
}

type Plan = EnvironmentReview["plans"][number];
type Detail = EnvironmentReview["details"][number];

const all: Shown = {
  ofPlan: Number.POSITIVE_INFINITY,
  detail: Number.POSITIVE_INFINITY,
  steps: Number.POSITIVE_INFINITY,
  findings: Number.POSITIVE_INFINITY,
};

/**
 * The verdict on a change, then what was found, what becomes of each stack, the details, and the plans, folded in. A
 * text that would be too long has shorter plans, the longest first; then no plans and fewer details; only then fewer
 * steps and findings. It says so, and where all of it is.
 *
 * @param most how many characters. They are counted as UTF-16 units: no text has more characters than those
 */
export function commentText(change: ReviewedChange, most = Number.POSITIVE_INFINITY): string {
  const fits = (shown: Shown) => textOf(change, shown).length <= most;
  if (fits(all)) return textOf(change, all);
  const { reviews } = change;
  const longest = (texts: readonly string[]) => Math.max(0, ...texts.map(({ length }) => length));
  const plans = longest(reviews.flatMap((one) => one.plans.map(({ lines }) => lines.join("\n"))));
  const details = longest(reviews.flatMap(detailTexts));
  const steps = longest(reviews.flatMap((one) => one.steps));
  const findings = reviews.flatMap((one) => one.findings).length;
  const withoutPlans = { ...all, ofPlan: undefined };
  const withoutDetails = { ...withoutPlans, detail: -1 };
  const withoutSteps = { ...withoutDetails, steps: -1 };
  const shown =
    largest(plans, (ofPlan) => ({ ...all, ofPlan }), fits) ??
    largest(details, (detail) => ({ ...withoutPlans, detail }), fits) ??
    largest(steps, (longestSteps) => ({ ...withoutDetails, steps: longestSteps }), fits) ??
    largest(findings, (count) => ({ ...withoutSteps, findings: count }), fits);
  return textOf(change, shown ?? { ...withoutSteps, findings: 0 });
}

/** What fits with the largest number from 0 to `high`. @returns nothing where not even 0 does */
function largest(
  high: number,
  shownWith: (number: number) => Shown,
  fits: (shown: Shown) => boolean,
): Shown | undefined {
  if (!fits(shownWith(0))) return undefined;
  let [fitting, tooMany] = [0, high + 1];
  while (tooMany - fitting > 1) {
    const middle = Math.floor((fitting + tooMany) / 2);
    if (fits(shownWith(middle))) fitting = middle;
    else tooMany = middle;
  }
  return shownWith(fitting);
}

function textOf(change: ReviewedChange, shown: Shown): string {
  const parts = [
    ...verdict(change),
    ...leftOut(change, shown),
    ...foundIn(change.reviews, shown),
    ...change.reviews.flatMap((one) => stepsIn(one, shown)),
    ...notesIn(change.reviews, shown),
    ...detailsIn(change.reviews, shown),
  ];
  return parts.join("\n\n");
}

function verdict({ reviews, missing }: ReviewedChange): string[] {
  const count = (of: "findings" | "notes") => reviews.reduce((sum, one) => sum + one[of].length, 0);
  const [findings, notes] = [count("findings"), count("notes")];
  const beside = notes === 0 ? "" : `, and ${counted(notes, "note")}`;
  const names = reviews.map(({ environment }) => codeSpan(environment));
  const where = reviews
    .filter((one) => one.findings.length > 0)
    .map((one) => `${counted(one.findings.length, "finding")} in ${codeSpan(one.environment)}`);
  const said =
    findings > 0
      ? `Do not merge yet: ${listed(where)}${beside}.`
      : `No findings${beside}${names.length === 0 ? "" : ` in ${listed(names)}`}.`;
  const without = reviews.filter(({ hasPlans }) => !hasPlans).map(({ environment }) => codeSpan(environment));
  return [
    `## Release review: ${answer(findings, missing.length)}`,
    [said, aboutText(reviews)].filter((text) => text !== "").join(" "),
    ...(missing.length === 0
      ? []
      : [`${listed(missing.map(codeSpan))} could not be reviewed: see ${runText("the run")}.`]),
    ...(without.length === 0 ? [] : [`Without a plan, by the files alone: ${listed(without)}.`]),
  ];
}

function answer(findings: number, missing: number): string {
  if (findings > 0) return counted(findings, "finding");
  return missing > 0 ? "could not be made" : "may be merged";
}

/** Which commit this is about, and where it was found. */
function aboutText([review]: readonly EnvironmentReview[]): string {
  if (review === undefined) return "";
  const { commit } = review;
  return `Reviewed: [${codeSpan(commit.slice(0, 7))}](${commitPage(commit)})${runPage() === undefined ? "" : ` in ${runText("this run")}`}.`;
}

function runText(name: string): string {
  const page = runPage();
  return page === undefined ? name : `[${name}](${page})`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** What a shorter text does not have. */
function leftOut({ reviews }: ReviewedChange, shown: Shown): string[] {
  const plans = reviews
    .flatMap((one) => one.plans)
    .filter((plan) => shown.ofPlan === undefined || shownLines(plan, shown) < plan.lines.length);
  const tooLong = (texts: readonly string[], longest: number) =>
    texts.filter((text) => !isShown(text, longest)).length;
  const steps = tooLong(
    reviews.flatMap((one) => one.steps),
    shown.steps,
  );
  const details = tooLong(reviews.flatMap(detailTexts), shown.detail);
  const findings = reviews.flatMap((one) => one.findings).length - shown.findings;
  const inPart = shown.ofPlan === undefined ? "" : " in part or whole";
  const lines = [
    ...(findings > 0 ? [counted(findings, "finding")] : []),
    ...(steps > 0 ? [`the steps of ${counted(steps, "stack")}`] : []),
    ...(details > 0 ? [counted(details, "detail")] : []),
    ...(plans.length > 0 ? [`${counted(plans.length, "plan")}${inPart}`] : []),
  ];
  if (lines.length === 0) return [];
  return [
    `**Left out**, because GitHub limits a comment: ${listed(lines)}. ${capitalized(runText("the run"))} has all of it in its artifacts.`,
  ];
}

/** The texts that are shown or left out as details: the notes, and what is folded in. */
function detailTexts({ notes, details }: EnvironmentReview): string[] {
  const ofNotes = notes.length === 0 ? [] : [notes.map(findingLine).join("\n")];
  return [...ofNotes, ...details.map(({ text }) => text)];
}

function capitalized(text: string): string {
  return text.replace("the", "The");
}

function isShown(text: string, longest: number): boolean {
  return text.length <= longest;
}

function foundIn(reviews: readonly EnvironmentReview[], shown: Shown): string[] {
  let left = shown.findings;
  return reviews.flatMap(({ environment, findings }) => {
    const told = findings.slice(0, Math.max(0, left));
    left -= told.length;
    if (told.length === 0) return [];
    return [titled("Findings", environment, reviews), told.map(findingLine).join("\n")];
  });
}

function findingLine({ place, message, at }: ToldFinding): string {
  const name = codeSpan(place);
  return `- ${at === undefined ? name : `[${name}](${linePage(at)})`} ${proseText(message)}`;
}

function notesIn(reviews: readonly EnvironmentReview[], shown: Shown): string[] {
  return reviews.flatMap(({ environment, notes }) => {
    const text = notes.map(findingLine).join("\n");
    if (notes.length === 0 || !isShown(text, shown.detail)) return [];
    return [titled("Notes", environment, reviews), text];
  });
}

function titled(what: string, environment: string, reviews: readonly EnvironmentReview[]): string {
  return `### ${what}${reviews.length === 1 ? "" : ` in ${environment}`}`;
}

function stepsIn({ environment, steps }: EnvironmentReview, shown: Shown): string[] {
  const told = steps.filter((text) => isShown(text, shown.steps));
  if (steps.length > 0 && told.length === 0) return [];
  return [`### ${environment}`, ...(steps.length === 0 ? ["No service changes."] : told)];
}

function detailsIn(reviews: readonly EnvironmentReview[], shown: Shown): string[] {
  const told = reviews.flatMap((one) => [
    ...one.details.filter(({ text }) => isShown(text, shown.detail)).map(folded),
    ...(shown.ofPlan === undefined ? [] : one.plans.map((plan) => planPart(plan, shown))),
  ]);
  return told.length === 0 ? [] : ["### Details", ...told];
}

function folded({ title, text }: Detail): string {
  return `<details><summary>${htmlText(title)}</summary>\n\n${text}\n\n</details>`;
}

function planPart(plan: Plan, shown: Shown): string {
  const title = `Plan of ${plan.stack}: ${plan.changes === 0 ? "nothing to apply" : counted(plan.changes, "change")}`;
  const number = shownLines(plan, shown);
  const left = plan.lines.length - number;
  if (number === 0) return left === 0 ? markdownText(title) : `${markdownText(title)} (left out)`;
  const block = codeBlock(plan.lines.slice(0, number).join("\n"), "diff");
  const note =
    left === 0 ? "" : `\n\n${counted(left, "more line")} of ${counted(plan.lines.length)} left out.`;
  return folded({ title: left === 0 ? title : `${title} (shortened)`, text: `${block}${note}` });
}

/** How many of a plan's first lines are shown. */
function shownLines({ lines }: Plan, { ofPlan = -1 }: Shown): number {
  let length = 0;
  const first = lines.findIndex((line) => {
    length += line.length + 1;
    return length > ofPlan + 1;
  });
  return first === -1 ? lines.length : first;
}
