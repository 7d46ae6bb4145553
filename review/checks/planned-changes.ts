import { isMovedByCodeDeploy } from "../../release/traffic";
import type { Change } from "../change";
import { explanation } from "../explain";
import type { Finding } from "../finding";
import { shortAddress } from "../part";
import type { PlannedResource } from "../plan";
import { pointerOf, trafficMeant, trafficSaid } from "../pointer";
import { isMove, type Step, versionText } from "../step";

/** The plan does what the files say: no more, and no less. */
export function checkPlannedChanges(change: Change): Finding[] {
  const { plan } = change;
  if (plan === undefined) return [];
  return [
    ...unexplained(change, plan.resources),
    ...missing(change),
    ...besidePromotion(change, plan.resources),
  ];
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

function unexplained(change: Change, resources: readonly PlannedResource[]): Finding[] {
  const { base, steps } = change;
  const found = resources.filter(
    (resource) => resource.action !== "none" && explanation(resource, steps).length === 0,
  );
  const place = (resource: PlannedResource) => shortAddress(resource.address);
  const isAbsent =
    base !== undefined && change.plan !== undefined && pointerOf(change.plan, base)?.action === "create";
  const [listed, absent] = isAbsent
    ? [found.filter(({ action }) => action !== "create"), found.filter(({ action }) => action === "create")]
    : [found, []];
  return [
    ...listed.map((resource) => ({
      check: "unexplained change" as const,
      place: place(resource),
      message: `${fate(resource)}, which nothing in this change explains${servedBy(change, resource)}`,
    })),
    ...absent.slice(0, 1).map(() => ({
      check: "live state" as const,
      place: absent.map(place).find((one) => one.includes("stage")) ?? "",
      message: `is not there, nor are ${absent.length - 1} others: ${change.ref} is not deployed yet, or somebody deleted them`,
    })),
  ];
}

function servedBy({ base }: Change, { part }: PlannedResource): string {
  const percent = part.of === "version" ? (base?.traffic.get(part.version) ?? 0) : 0;
  return part.of === "version" && percent > 0 ? `; ${versionText(part.version)} serves ${percent} %` : "";
}

function missing(change: Change): Finding[] {
  const { head, base, plan, steps } = change;
  if (plan === undefined || head === undefined) return [];
  const place = (step: Step) => head.place(step.field);
  const stale = "the plan was made of another commit, or it is applied already";
  const lacking = steps
    .filter((step) => isExpected(step, change))
    .filter((step) => !plan.resources.some((one) => explanation(one, steps).includes(step)))
    .map((step) => ({
      check: "missing change" as const,
      place: place(step),
      message: `the plan does not do this: ${step.text}; ${stale}`,
    }));
  const after = pointerOf(plan, head)?.after;
  if (
    after === undefined ||
    lacking.some(({ message }) => steps.some((step) => isMove(step) && message.includes(step.text)))
  ) {
    return lacking;
  }
  const [said, meant] = [trafficSaid(after, head), trafficMeant(head)];
  if (said === meant) return lacking;
  const move = steps.find((step) => isMove(step) || step.kind === "deploy");
  const message = `the plan leads to ${said}, and the file says ${meant}: it was made of another commit`;
  return [
    ...lacking,
    {
      check: "missing change",
      place: move === undefined || base === undefined ? head.path : place(move),
      message,
    },
  ];
}

/** Whether a step is one that a plan must show. */
function isExpected(step: Step, { head, base }: Change): boolean {
  if (isMove(step)) {
    if (base === undefined || head === undefined || isMovedByCodeDeploy(head.file)) return false;
    return trafficMeant(base) !== trafficMeant(head);
  }
  if (["deploy", "open", "close", "reopen", "api", "concurrency"].includes(step.kind)) return true;
  const { strategy } = (head ?? base)?.file ?? {};
  const brings = strategy === "canary-stage" || strategy === "alias-canary-stage";
  return brings && (step.kind === "publish" || step.kind === "prune");
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
      message: `${fate(resource)} in the change that is to ${step.text}: do that in a change of its own`,
    }));
}
