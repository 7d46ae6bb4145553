import { spanText, verdictLines } from "../live/verdict-text";
import { codeSpan } from "../review/code-span";
import { codeBlock } from "../terminal/printable";
import type { AskedService } from "./advance-change";

interface Told {
  /** The service, or the train: `dev/shop`. */
  readonly title: string;
  readonly asked: readonly AskedService[];
  /** The review of the change. */
  readonly review: string;
  /** Whether it is merged by itself. */
  readonly merges: boolean;
}

/** What a pull request says of the step that it proposes. */
export function proposalText({ title, asked, review, merges }: Told): string {
  return [...asked.flatMap(foundText), review.trim(), ...closing(title, merges)].join("\n\n");
}

function foundText({ name, read, found }: AskedService): string[] {
  const { is, version, from, why, verdict } = found;
  const stable = read.release.stable.name;
  const [trial, service] = [codeSpan(version), codeSpan(name)];
  const what = {
    "goes on": `${trial} of ${service} has done its step at ${from} %. Merging this is the next one.`,
    worse: `${trial} of ${service} is to be rolled back to ${codeSpan(stable)}: merging this does it.`,
  };
  if (is !== "goes on" && is !== "worse")
    return [`${trial} of ${service} stays at ${from} %: ${codeSpan(`${is}: ${why}`)}`];
  if (verdict === undefined) return [what[is], `Why: ${codeSpan(why)}`, "No verdict is known."];
  const lines = verdictLines(verdict, { stable, canary: version });
  return [
    what[is],
    `Why: ${codeSpan(why)}`,
    `The verdict, of ${spanText(verdict)}:`,
    codeBlock(lines.join("\n")),
  ];
}

function closing(title: string, merges: boolean): string[] {
  const hold = codeSpan(`npx lambda-release hold ${title} -m "<why>"`);
  const way = `To stop it: ${hold}, or close this: then no other one is opened for this step.`;
  return [
    merges ? `It is merged by itself once its checks passed. ${way}` : way,
    "If no check runs: a pull request that was opened with the workflow's own token waits until a person approves its workflow runs, or closes it and opens it again.",
  ];
}
