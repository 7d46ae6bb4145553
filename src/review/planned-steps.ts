import type { Continued } from "./change";
import type { Step } from "./step";

/** The version that gets more of the traffic by a step, and how much; nothing where users go back to an older one. */
export function raised({ base, head }: Continued, step: Step) {
  if (step.kind === "roll back" || step.kind === "hotfix") return undefined;
  const version = (step.kind === "two moves" ? head.standing.canary?.version : step.version) ?? "";
  const [from = 0, to = 0] = [base.traffic, head.traffic].map((traffic) => traffic.get(version));
  return to > from ? { version, from, to } : undefined;
}

/** The plan is the base's: a change that edits `steps` does not judge itself by them. */
export function planned({ base, head }: Continued) {
  return base.standing.steps ?? head.standing.steps;
}
