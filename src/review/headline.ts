import { shiftText } from "../release/shifts/deployment";
import { modelOf } from "../release/strategies/strategies";
import type { Change, Continued } from "./change";
import { isContinued } from "./change";
import type { Action, Plan } from "./plan";
import type { Side } from "./side";
import { isMove, versionText } from "./step";

/** One line that says what a change does to users: their traffic first. */
export function headlineOf(change: Change): string {
  const parts = [trafficText(change), definitionText(change), planText(change.plan), rollbackText(change)];
  return parts.filter((part) => part !== undefined).join("; ");
}

/** `v1 90 -> 75 %, v2 10 -> 25 %` */
function trafficText({ base, head, steps }: Change): string {
  if (head === undefined)
    return `removed from the release files; ${sharesText(base)} until its stack is destroyed`;
  if (base === undefined) return `first deploy, ${sharesText(head)}`;
  if (!steps.some(isMove)) {
    const listed = steps.filter(({ kind }) => kind === "publish" || kind === "prune").map(({ text }) => text);
    return [...listed, `traffic unchanged, ${sharesText(head)}`].join("; ");
  }
  if (modelOf(head.release).movedBy === "codedeploy") {
    const moves = steps.filter(isMove).map(({ text }) => text);
    const moved = modelOf(head.release).versionKind === "container" ? "users" : "the alias";
    return `${moves.join(", ")} (no traffic moves: CodeDeploy moves ${moved})`;
  }
  const versions = [...new Set([...base.traffic.keys(), ...head.traffic.keys()])];
  const moved = versions
    .map((version) => [version, base.traffic.get(version) ?? 0, head.traffic.get(version) ?? 0] as const)
    .filter(([version, before, after]) => before + after > 0 || version === head.standing.canary?.version);
  const shares = moved.map(([version, before, after]) =>
    withShare(version, before === after ? `${after} %` : `${before} -> ${after} %`),
  );
  return `${shares.join(", ")}${byEcsText(head)}`;
}

/** How ECS gets there: an apply begins it. */
function byEcsText({ release }: Side): string {
  if (release.strategy !== "ecs-native") return "";
  return ` (the deploy has ECS shift users: ${shiftText(release.deployment.shift)})`;
}

function sharesText(side: Change["head"]): string {
  const shares = [...(side?.traffic ?? [])].filter(([, percent]) => percent > 0);
  return shares.map(([version, percent]) => withShare(version, `${percent} %`)).join(", ");
}

/** The number of a Lambda version and a share would run together. */
function withShare(version: string, share: string): string {
  return /^\d/.test(version) ? `${versionText(version)} (${share})` : `${version} ${share}`;
}

/** Whose API definition becomes another one. */
function definitionText(change: Change): string | undefined {
  if (!isContinued(change) || !change.steps.some(isMove)) return undefined;
  const { base, head } = change;
  if (head.definition === undefined) return undefined;
  const { stable, canary } = head.standing;
  const [before, after] = [base.fingerprintOf(base.standing.stable), head.fingerprintOf(stable)];
  const ofCanary = canary === undefined ? after : head.fingerprintOf(canary.version);
  const share = (version: string) => `${head.traffic.get(version)} %`;
  if (before === after && ofCanary === after) return "API definition unchanged";
  const ofStable =
    before === after
      ? `API definition unchanged for the ${share(stable)}`
      : `API definition of ${versionText(stable)} for the ${share(stable)}`;
  if (canary === undefined || ofCanary === after) return ofStable.replace(" for the 100 %", " for all users");
  return `${ofStable}, that of ${versionText(canary.version)} for the ${share(canary.version)}`;
}

/** `1 change, nothing replaced` */
function planText(plan: Plan | undefined): string | undefined {
  if (plan === undefined) return undefined;
  const count = (action: Action) => plan.resources.filter((one) => one.action === action).length;
  const counts: [number, string][] = [
    [plan.resources.filter(({ isImported }) => isImported).length, "to import"],
    [count("create"), "to add"],
    [count("update"), count("update") === 1 ? "change" : "changes"],
    [count("delete"), "to destroy"],
    [count("forget"), "to forget"],
  ];
  const told = counts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  const replaced = count("replace");
  if (told.length + replaced === 0) return "nothing to apply";
  return [...told, replaced === 0 ? "nothing replaced" : `${replaced} replaced`].join(", ");
}

function rollbackText(change: Change): string | undefined {
  if (!isContinued(change)) return undefined;
  const move = change.steps.find(isMove);
  if (move !== undefined && modelOf(change.head.release).movedBy === "codedeploy") return undefined;
  if (move !== undefined) return `time to roll back: ${timeToRollBack(change)}`;
  const gone = change.steps.filter(
    ({ kind, version }) => kind === "prune" && version === change.base.standing.former,
  );
  return gone.length > 0
    ? `no way back to ${gone.map(({ version = "" }) => versionText(version)).join(", ")} any more`
    : undefined;
}

/** Every strategy that there is moves traffic by one pointer, which an apply puts back. */
function timeToRollBack({ base, head, steps }: Continued): string {
  const isGone = steps.some(({ kind, version }) => kind === "prune" && version === base.standing.stable);
  if (isGone) return `none, because ${versionText(base.standing.stable)} is pruned`;
  if (head.release.strategy === "ecs-native") {
    const { bakeMinutes } = head.release.deployment;
    return `at once with 'rollout --stop' until ${bakeMinutes} min after the shift, then one apply that ECS shifts`;
  }
  const isSame = base.fingerprintOf(base.standing.stable) === head.fingerprintOf(head.standing.stable);
  const isTwo =
    (modelOf(head.release).movedBy === "alias" && !isSame) ||
    ("greenAlias" in head.release && head.release.greenAlias);
  return isTwo ? "one apply of two changes" : "one apply";
}
