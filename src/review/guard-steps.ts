import { isDeepStrictEqual } from "node:util";
import { guardName } from "../release/guard";
import type { ChangedCode } from "./code";
import type { Side } from "./side";
import type { Step } from "./step";

/** What becomes of the guard, also of one that the environment gives. */
export function guardSteps(
  base: Side,
  head: Side,
  { isMoved, code }: { readonly isMoved: boolean; readonly code: ChangedCode },
): Step[] {
  const [before, after] = [base.release, head.release].map(({ guard }) => guard);
  // A move records its own decision.
  const isRecorded = after !== undefined && !isMoved;
  const others = [...codeOfGuard(head, code), ...(isRecorded ? recordedDecision(base, head) : [])];
  if (isDeepStrictEqual(before, after)) return others;
  const changed = before === undefined ? "add the guard" : "settings of the guard";
  const ofEnvironment = [base.release, head.release].map(({ environment }) => environment.guard);
  const isOwn = isDeepStrictEqual(ofEnvironment[0], ofEnvironment[1]);
  return [
    {
      kind: "guard",
      text: after === undefined ? "remove the guard" : changed,
      shownBy: isOwn ? "guard" : `guard in releases/${head.release.environment.name}/environment.json`,
      field: ["guard"],
    },
    ...others,
  ];
}

/** Another version of this package, where that changes the guard. */
function codeOfGuard({ release }: Side, code: ChangedCode): Step[] {
  const told = code.get(guardName(release.name)) ?? [];
  if (told.length === 0) return [];
  return [{ kind: "guard", text: "code of the guard", shownBy: told.join(", "), field: ["guard"] }];
}

/** What the description of the pointer says otherwise, though who serves users is the same. */
function recordedDecision({ standing: base }: Side, { standing: head, versions }: Side): Step[] {
  const step = (field: Step["field"], before: string | undefined, after: string | undefined): Step[] =>
    before === after
      ? []
      : [
          {
            kind: "guard",
            text: "decision that the pointer records",
            shownBy: `${field.join(".")} ${before ?? "none"} -> ${after ?? "none"}`,
            field,
          },
        ];
  const isPruned = base.former !== undefined && !versions.includes(base.former);
  return [
    ...step(["stableSince"], base.stableSince, head.stableSince),
    ...(isPruned ? [] : step(["former"], base.former, head.former)),
    ...step(["canary", "since"], base.canary?.since, head.canary?.since),
  ];
}
