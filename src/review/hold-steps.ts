import { isDeepStrictEqual } from "node:util";
import type { Standing } from "../release/steps/standing";
import { canaryPercent } from "../release/traffic";
import type { Side } from "./side";
import { type Step, versionText } from "./step";

/** Whether a canary is held or released. A hold that goes with its canary is no step. */
export function holdSteps(base: Pick<Standing, "canary">, head: Pick<Standing, "canary">): Step[] {
  const [before, after] = [base.canary?.hold, head.canary?.hold];
  const { version } = head.canary ?? {};
  if (version === undefined || isDeepStrictEqual(before, after)) return [];
  const shown = [before, after].map((hold) => (hold === undefined ? "none" : `${hold.since} ${hold.why}`));
  const step = (text: string): Step[] => [
    { kind: "hold", text, shownBy: `canary.hold ${shown.join(" -> ")}`, field: ["canary", "hold"], version },
  ];
  if (after !== undefined) return step(`hold ${versionText(version)} at ${canaryPercent(head)} %`);
  return version === base.canary?.version ? step(`release ${versionText(version)}`) : [];
}

/** The fields of a file without its hold, which has a step of its own. */
export function withoutHold(fields: Side["fields"]): object {
  return { ...fields, canary: fields.canary && { ...fields.canary, hold: undefined } };
}
