import type { Advance } from "../live/advance";
import { spanText, verdictLines } from "../live/verdict-text";
import { codeSpan } from "../review/code-span";
import { codeBlock } from "../terminal/printable";

interface Told {
  /** `<environment>/<service>` */
  readonly name: string;
  readonly stable: string;
  readonly found: Advance;
  /** The review of the change. */
  readonly review: string;
  /** Whether it is merged by itself. */
  readonly merges: boolean;
}

/** What a pull request says of the step that it proposes. */
export function proposalText({ name, stable, found, review, merges }: Told): string {
  const { is, version, from, why, verdict } = found;
  const what =
    is === "worse"
      ? `${codeSpan(version)} of ${codeSpan(name)} is worse than ${codeSpan(stable)} at ${from} %. Merging this rolls it back.`
      : `${codeSpan(version)} of ${codeSpan(name)} has done its step at ${from} %. Merging this is the next one.`;
  const versions = { stable, canary: version };
  const compared =
    verdict === undefined
      ? ["No verdict is known."]
      : [`The verdict, of ${spanText(verdict)}:`, codeBlock(verdictLines(verdict, versions).join("\n"))];
  return [what, `Why: ${codeSpan(why)}`, ...compared, review.trim(), ...closing(name, merges)].join("\n\n");
}

function closing(name: string, merges: boolean): string[] {
  const way = `To stop it: ${codeSpan(`npx lambda-release hold ${name} -m "<why>"`)}, or close this: then no other one is opened for this step.`;
  return [
    merges ? `It is merged by itself once its checks passed. ${way}` : way,
    "If no check runs: a pull request that was opened with the workflow's own token waits until somebody approves its workflow runs, or closes it and opens it again.",
  ];
}
