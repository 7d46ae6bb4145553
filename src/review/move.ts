import type { FieldPath } from "../release/problem";
import type { Release } from "../release/release";
import type { Standing } from "../release/steps/standing";
import { modelOf } from "../release/strategies/strategies";
import { canaryPercent } from "../release/traffic";
import { type Move, type Step, versionText } from "./step";

/** Who serves the users. */
export interface Pointers extends Pick<Release, "strategy">, Pick<Standing, "stable" | "former" | "canary"> {
  /** All that are published, in their order. */
  readonly versions: readonly string[];
}

/** The one move that leads from some pointers to others. @returns nothing where none moves */
export function moveOf(base: Pointers, head: Pointers): Step[] {
  const { stable, canary } = head;
  const stableMoves = stable !== base.stable;
  const canaryMoves = canary?.version !== base.canary?.version || shareText(head) !== shareText(base);
  const stableShown = `stable ${base.stable} -> ${stable}`;
  const canaryShown = `canary ${canaryText(base)} -> ${canaryText(head)}`;
  if (!stableMoves && !canaryMoves) return [];
  if (!stableMoves) return [canaryMove(base, head, canaryShown)];

  const name = versionText(stable);
  const shownBy = canaryMoves ? `${stableShown}, ${canaryShown}` : stableShown;
  const step = (kind: Move, text: string): Step => ({
    kind,
    text,
    shownBy,
    field: ["stable"],
    version: stable,
  });
  if (canary === undefined && stable === base.canary?.version) return [step("promote", `promote ${name}`)];
  if (canary === undefined && stable === base.former) return [step("roll back", `roll back to ${name}`)];
  if (!canaryMoves) {
    if (canary === undefined && isOlder(stable, base)) return [step("roll back", `roll back to ${name}`)];
    return [
      canary === undefined
        ? step(
            "switch",
            modelOf(head).movedBy === "ecs"
              ? `have ECS shift users to ${name}`
              : `switch all traffic to ${name}`,
          )
        : step("hotfix", `replace ${versionText(base.stable)} with ${name} beside the canary`),
    ];
  }
  return [step("two moves", "move the stable version and the canary together")];
}

/** Published before stable was: users return to it. */
function isOlder(version: string, { versions, stable }: Pointers): boolean {
  const [before, now] = [versions.indexOf(version), versions.indexOf(stable)];
  return before >= 0 && before < now;
}

function canaryMove(base: Pointers, head: Pointers, shown: string): Step {
  const [before, after] = [base.canary, head.canary];
  const step = (kind: Move, text: string, shownBy: string, field: FieldPath): Step => ({
    kind,
    text,
    shownBy,
    field,
    version: after?.version ?? before?.version,
  });
  if (after === undefined) {
    return step("roll back", `roll back ${versionText(before?.version ?? "")}`, shown, ["canary"]);
  }
  const name = versionText(after.version);
  if (before === undefined) return step("start", `start ${name} ${shareText(head)}`, shown, ["canary"]);
  if (before.version !== after.version) {
    const text = `replace the canary ${versionText(before.version)} with ${name} ${shareText(head)}`;
    return step("replace", text, shown, ["canary", "version"]);
  }
  const shownBy = `canary.percent ${canaryPercent(base)} -> ${canaryPercent(head)}`;
  return step("shift", `shift ${name} to ${canaryPercent(head)} %`, shownBy, ["canary", "percent"]);
}

function canaryText(pointers: Pointers): string {
  const { canary } = pointers;
  return canary === undefined ? "none" : `${canary.version} ${shareText(pointers)}`;
}

function shareText(pointers: Pointers): string {
  return modelOf(pointers).movedBy === "codedeploy" ? "by CodeDeploy" : `at ${canaryPercent(pointers)} %`;
}
