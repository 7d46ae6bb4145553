import { modelOf } from "../../release/strategies/strategies";
import { versionId } from "../../release/version-id";
import type { Change } from "../change";
import { explanation } from "../explain";
import type { Finding } from "../finding";
import { addsResources } from "../own-resources";
import { shortAddress } from "../part";
import type { Plan, PlannedResource } from "../plan";
import {
  differentAliases,
  isOfSeveralAliases,
  movesAliases,
  pointersOf,
  trafficMeant,
  trafficSaid,
  valuesOf,
} from "../pointer";
import type { Side } from "../side";
import { isMove, type Step, versionText } from "../step";

/** The plan does what the files say: no more, and no less. */
export function checkPlannedChanges(change: Change): Finding[] {
  const { plan } = change;
  if (plan === undefined) return [];
  return [...unexplained(change, plan), ...missing(change), ...besidePromotion(change, plan.resources)];
}

const doneTo: Partial<Record<PlannedResource["action"], string>> = {
  create: "created",
  update: "changed in place",
  delete: "destroyed",
  replace: "replaced",
  import: "imported",
  forget: "forgotten by Terraform",
};

/** `will be changed in place (memory_size)` */
export function fate({ action, changed, replacedFor }: PlannedResource): string {
  const names = action === "update" ? changed.map(({ name }) => name) : replacedFor;
  return `will be ${doneTo[action]}${names.length > 0 ? ` (${names.join(", ")})` : ""}`;
}

function unexplained(change: Change, plan: Plan): Finding[] {
  const { base, steps } = change;
  const isAbsent = base !== undefined && isMade(plan, base);
  const found = plan.resources.filter(
    (resource) =>
      resource.action !== "none" &&
      (explanation(resource, steps).length === 0 || (isAbsent && resource.part.of === "alias")),
  );
  const absent = isAbsent ? found.filter(({ action }) => action === "create") : [];
  return [
    ...found
      .filter((resource) => !absent.includes(resource))
      .map(
        (resource): Finding => ({
          check: "unexplained change",
          place: shortAddress(resource.address),
          ...(isNewlyWatched(resource)
            ? { message: `${fate(resource)}: ${whoBrings(resource)} brings it`, isNote: true }
            : {
                message: `${fate(resource)}, but nothing in this change explains it${servedBy(change, resource)}`,
              }),
        }),
      ),
    ...(base === undefined || absent.length === 0 ? [] : [notThere(change, base, absent.length)]),
  ];
}

/** Both sides are read by the package of now: what it newly shows of a service is in no step, and moves nobody. */
function isNewlyWatched({ action, part }: PlannedResource): boolean {
  if (part.of === "access metrics") return action === "create";
  return part.of === "dashboard" && (action === "create" || action === "update");
}

/** What a dashboard shows, somebody may have changed in the console too. */
function whoBrings({ action }: PlannedResource): string {
  return `an update of lambda-release${action === "update" ? ", or a change by hand," : ""}`;
}

/** In place of a finding for each resource that is to be made anew. */
function notThere({ ref, plan }: Change, base: Side, count: number): Finding {
  const place = shortAddress((plan && pointersOf(plan, base)[0]?.address) ?? base.path);
  const message = `is missing, like ${count} resources in all: ${ref} is not deployed yet, or they were deleted`;
  return { check: "live state", place, message };
}

/** Whether nothing serves users yet: one alias of several may be new with its function. */
function isMade(plan: Plan, side: Side): boolean {
  const pointers = pointersOf(plan, side);
  return pointers.length > 0 && pointers.every(({ action }) => action === "create");
}

function servedBy({ base }: Change, { part }: PlannedResource): string {
  if (part.of !== "version") return "";
  const [version, percent = 0] =
    [...(base?.traffic ?? [])].find(([name]) => versionId(name) === part.version) ?? [];
  return version !== undefined && percent > 0 ? `; ${versionText(version)} serves ${percent} %` : "";
}

function missing(change: Change): Finding[] {
  const { base, head, plan, steps } = change;
  if (plan === undefined || head === undefined) return [];
  const move = steps.find(isMove);
  // Made anew, all is what the file says at once, and no step of it can be told.
  if (base !== undefined && isMade(plan, head)) return otherTraffic(plan, head, move);
  const lacking = steps.filter(
    (step) =>
      isExpected(step, change) && !plan.resources.some((one) => explanation(one, steps).includes(step)),
  );
  const findings = lacking.map(({ text, field }): Finding => {
    const message = `the plan lacks this step: ${text}; it was made from another commit, or is applied already`;
    return { check: "missing change", place: head.place(field), message };
  });
  return lacking.some(isMove) ? findings : [...findings, ...otherTraffic(plan, head, move)];
}

/** The plan may be of the right resource, and made of another percent. */
function otherTraffic(plan: Plan, head: Side, move: Step | undefined): Finding[] {
  const after = valuesOf(pointersOf(plan, head), "after");
  if (after.length === 0) return [];
  const place = move === undefined ? head.path : head.place(move.field);
  const why = "it was made from another commit";
  if (isOfSeveralAliases(head))
    return differentAliases(after, head).map(({ alias, said, meant }) => {
      const message = `the plan leads the alias ${alias} to ${said}, but the file says ${meant}: ${why}`;
      return { check: "missing change", place, message };
    });
  const [said, meant] = [trafficSaid(after, head), trafficMeant(head)];
  if (said === meant) return [];
  const message = `the plan leads to ${said}, but the file says ${meant}: ${why}`;
  return [{ check: "missing change", place, message }];
}

/** Whether a step is one that a plan must show: a move that is live already is told as that. */
function isExpected(step: Step, { head, base, plan }: Change): boolean {
  if (isMove(step)) {
    if (base === undefined || head === undefined || plan === undefined) return false;
    if (modelOf(head.release).movedBy === "codedeploy") return false;
    const before = valuesOf(pointersOf(plan, head), "before");
    if (isOfSeveralAliases(head))
      return movesAliases(base, head) && differentAliases(before, head).length > 0;
    const isLive = before.length > 0 && trafficSaid(before, head) === trafficMeant(head);
    return !isLive && trafficMeant(base) !== trafficMeant(head);
  }
  if (
    [
      "deploy",
      "open",
      "close",
      "reopen",
      "api",
      "add API",
      "remove API",
      "concurrency",
      "reserve",
      "guard",
    ].includes(step.kind)
  )
    return true;
  const { release } = head ?? base ?? {};
  const adds = release !== undefined && addsResources(modelOf(release));
  return adds && (step.kind === "publish" || step.kind === "prune");
}

/** Promoting and rolling back are one change, so that they are done at once; a stage to look at may go with them. */
function besidePromotion({ steps }: Change, resources: readonly PlannedResource[]): Finding[] {
  const step = steps.find(({ kind }) => kind === "promote" || kind === "roll back");
  if (step === undefined) return [];
  return resources
    .filter(
      ({ action, part }) =>
        ["create", "delete", "replace"].includes(action) && !["temporary", "policy"].includes(part.of),
    )
    .filter((resource) => explanation(resource, steps).length > 0)
    .map((resource) => ({
      check: "promote alone" as const,
      place: shortAddress(resource.address),
      message: `${fate(resource)} in a change that should only ${step.text}: do that in a change of its own`,
    }));
}
