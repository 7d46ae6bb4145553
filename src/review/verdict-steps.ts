import { isDeepStrictEqual } from "node:util";
import type { Side } from "./side";
import type { Step } from "./step";

/** Another way to compare the canary with stable, also one that the environment gives. */
export function verdictSteps(
  { fields: base, release: before }: Side,
  { fields: head, release }: Side,
): Step[] {
  if (isDeepStrictEqual(base.verdict, head.verdict)) return [];
  const isOwn = isDeepStrictEqual(before.environment.verdict, release.environment.verdict);
  const shownBy = isOwn ? "verdict" : `verdict in releases/${release.environment.name}/environment.json`;
  return [{ kind: "verdict", text: "how the verdict compares", shownBy, field: ["verdict"] }];
}
