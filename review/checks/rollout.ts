import { hasLambdaVersions } from "../../release/release-context";
import { bakesUntil, followingStep } from "../../release/steps";
import { shareOf } from "../../release/traffic";
import type { Change, Continued } from "../change";
import { isContinued } from "../change";
import type { Finding } from "../finding";
import { isMove, type Step, versionText } from "../step";

/** Users meet a new version step by step, and one thing at a time. */
export function checkRollout(change: Change): Finding[] {
  if (!isContinued(change)) return [];
  return change.steps
    .filter(isMove)
    .flatMap((step) => [
      ...skippedStep(change, step),
      ...bakeTime(change, step),
      ...publishedToo(change, step),
      ...twoPointers(change, step),
      ...hotfixDefinition(change, step),
    ])
    .concat(prunedInUse(change), editedSince(change));
}

/** The version that gets more of the traffic by a step, and how much; nothing where users go back to an older one. */
function raised({ base, head }: Continued, step: Step) {
  if (step.kind === "roll back" || step.kind === "hotfix") return undefined;
  const version = (step.kind === "two moves" ? head.file.canary?.version : step.version) ?? "";
  const [from = 0, to = 0] = [base.traffic, head.traffic].map((traffic) => traffic.get(version));
  return to > from ? { version, from, to } : undefined;
}

/** The plan is the base's: a change that edits `steps` does not judge itself by them. */
function planned({ base, head }: Continued) {
  return base.file.steps ?? head.file.steps;
}

function skippedStep(change: Continued, step: Step): Finding[] {
  const more = raised(change, step);
  const steps = planned(change);
  if (more === undefined || steps === undefined) return [];
  const { version, from, to } = more;
  const following = followingStep({ steps, canary: { version, percent: from } });
  const isPromotion = change.head.file.stable === version;
  if (following === "promote" ? isPromotion : following === undefined || to <= following) return [];
  const next = following === "promote" ? "promote" : `${following} %`;
  const message = `the planned steps go on to ${next} from ${from} %, and ${versionText(version)} gets ${to} %`;
  return [{ check: "step skipped", place: change.head.place(step.field), message }];
}

function bakeTime(change: Continued, step: Step): Finding[] {
  const { base, head, now } = change;
  const before = base.file.canary;
  if (before === undefined || raised(change, step)?.version !== before.version) return [];
  const until = bakesUntil({ steps: planned(change), canary: before });
  const place = head.place(step.field);
  if (until === "unknown") {
    const message = `nobody knows when its bake time at ${shareOf(before)} % began: ${base.path} of ${change.ref} has no 'canary.since'`;
    return [{ check: "bake time", place, message }];
  }
  if (until === undefined) return [];
  const { canary } = head.file;
  const written = canary?.since === before.since ? undefined : canary?.since;
  // Nobody can have shifted later than now.
  const shifted = new Date(
    Math.min(now.getTime(), written === undefined ? now.getTime() : Date.parse(written)),
  );
  if (shifted >= until) return [];
  const minutes = Math.ceil((until.getTime() - shifted.getTime()) / 60_000);
  const time = `${until.toISOString().slice(0, 16)}Z`;
  const message = `${versionText(before.version)} bakes at ${shareOf(before)} % until ${time}, and goes on ${minutes} min before that`;
  return [{ check: "bake time", place, message }];
}

function publishedToo(change: Continued, step: Step): Finding[] {
  const { head, steps } = change;
  const { stable, canary } = head.file;
  const place = head.place(step.field);
  // Recording the number of a version brings nothing where no alias or deployment is made for it.
  const brings = ["canary-stage", "alias-canary-stage"].includes(head.file.strategy);
  const added = steps
    .filter(
      ({ kind, version }) => brings && kind === "publish" && [stable, canary?.version].includes(version),
    )
    .map(({ version = "" }) => versionText(version));
  const deployed = steps.filter(
    ({ kind }) => hasLambdaVersions(head.file) && (kind === "code" || kind === "settings"),
  );
  const what = [...added, ...(deployed.length > 0 ? ["the next version"] : [])];
  if (what.length === 0) return [];
  const message = `publishes ${what.join(" and ")} and moves traffic in one change: publish first, in a change that moves nobody`;
  return [{ check: "publish and shift", place, message }];
}

function twoPointers({ head }: Continued, step: Step): Finding[] {
  if (step.kind !== "two moves") return [];
  const message = `the stable version and the canary move in one change (${step.shownBy}): one at a time can be rolled back`;
  return [{ check: "two pointers", place: head.place(step.field), message }];
}

function hotfixDefinition({ base, head }: Continued, step: Step): Finding[] {
  const { stable } = head.file;
  if (step.kind !== "hotfix" || head.fingerprintOf(stable) === base.fingerprintOf(base.file.stable))
    return [];
  const message = `${versionText(stable)} has another API definition than ${versionText(base.file.stable)}, and brings it to everybody but the canary's users at once`;
  return [{ check: "hotfix definition", place: head.place(step.field), message }];
}

function prunedInUse({ base, head, steps }: Continued): Finding[] {
  const { stable, canary } = base.file;
  return steps
    .filter(({ kind, version }) => kind === "prune" && [stable, canary?.version].includes(version))
    .map(({ version = "" }) => ({
      check: "pruned in use" as const,
      place: head.place(["versions"]),
      message: `prunes ${versionText(version)}, which serves ${base.traffic.get(version)} % until this is applied: move its traffic first`,
    }));
}

/** Another time without another share would end a bake time early. */
function editedSince({ base, head }: Continued): Finding[] {
  const [before, after] = [base.file.canary, head.file.canary];
  if (before?.since === undefined || after === undefined || before.since === after.since) return [];
  if (before.version !== after.version || before.percent !== after.percent) return [];
  const message = `'canary.since' is ${after.since ?? "gone"} where it was ${before.since}, and the share is the same`;
  return [{ check: "bake time", place: head.place(["canary", "since"]), message }];
}
