import { stopText, stopToTakeIn } from "../../release/steps/stops";
import { versionId } from "../../release/version-id";
import type { Change } from "../change";
import type { Finding } from "../finding";
import { shortAddress } from "../part";
import type { Plan, Values } from "../plan";
import {
  differentAliases,
  isOfSeveralAliases,
  pointersOf,
  sharesText,
  trafficMeant,
  trafficSaid,
  valuesOf,
} from "../pointer";
import type { Side } from "../side";
import { versionText } from "../step";

/** What is live is what the base's file says: else an apply would undo what somebody did by hand. */
export function checkLiveState(change: Change): Finding[] {
  const { base, plan, ref } = change;
  if (base === undefined || plan === undefined) return [];
  const pointers = pointersOf(plan, base);
  const before = valuesOf(pointers, "before");
  if (before.length === 0) return [];
  const place = shortAddress(pointers[0]?.address ?? base.path);
  const different = otherAliases(change, base, before, place);
  if (different.length > 0) return different;
  const [live, meant] = [trafficSaid(before, base), trafficMeant(base)];
  if (live !== meant && !isOfSeveralAliases(base)) {
    // As after a rollback in an emergency, whose file is committed later: applying changes nothing.
    const isAhead = change.head !== undefined && live === trafficMeant(change.head);
    const why = isAhead
      ? "this change is live already"
      : whyOther(change, base, `the traffic was moved by hand, which an apply would undo`, live);
    const message = `${live} is live, but ${base.path} of ${ref} says ${meant}: ${why}`;
    return [{ check: "live state", place, message, isNote: isAhead }];
  }
  return [...otherDeployments(plan, base, ref), ...drifted(plan, base)];
}

/** Of a stop the guard keeps the plan from being undone; what somebody did by hand an apply undoes. */
function whyOther({ plan, ref }: Change, base: Side, byHand: string, live: string): string {
  const stop = stopToTakeIn(base.standing, plan?.stops ?? []);
  if (stop === undefined || live !== sharesText(Object.entries(stop.to)))
    return `${byHand}, or ${ref} is not deployed yet`;
  const { environment, service } = base.release;
  return `${stopText(stop)}; run 'lambda-release sync ${environment.name}/${service}' and merge that first`;
}

/** A service whose functions each have an alias is told of each. */
function otherAliases(change: Change, base: Side, before: readonly Values[], place: string): Finding[] {
  const { head, ref } = change;
  const different = differentAliases(before, base);
  const isAhead = head !== undefined && differentAliases(before, head).length === 0;
  return different.map(({ alias, said, meant }) => {
    const why = isAhead
      ? "this change is live already"
      : whyOther(
          change,
          base,
          "the alias was moved by hand, which an apply would undo",
          trafficSaid(before, base),
        );
    const message = `the alias ${alias} names ${said}, but ${base.path} of ${ref} says ${meant}: ${why}`;
    return { check: "live state", place, message, isNote: isAhead };
  });
}

/** Each side of the stage has the deployment of its version. */
function otherDeployments(plan: Plan, base: Side, ref: string): Finding[] {
  const stage = plan.resources.find(
    ({ part, type }) => part.of === "stage" && type === "aws_api_gateway_stage",
  );
  if (stage?.before === undefined) return [];
  const { stable, canary } = base.standing;
  const [canarySettings] = (stage.before["canary_settings"] ?? []) as Values[];
  const sides: [string, unknown][] = [[stable, stage.before["deployment_id"]]];
  if (canary !== undefined && canarySettings !== undefined)
    sides.push([canary.version, canarySettings["deployment_id"]]);
  return sides.flatMap(([version, id]) => {
    const expected = deploymentOf(plan, base, version);
    if (expected === undefined || id === undefined || id === expected) return [];
    const message = `${versionText(version)} is served from the deployment ${id}, but ${ref} gives it ${expected}: the stage was changed by hand`;
    return [{ check: "live state" as const, place: shortAddress(stage.address), message }];
  });
}

function deploymentOf({ resources }: Plan, base: Side, version: string): unknown {
  return resources.find(
    ({ type, part }) =>
      type === "aws_api_gateway_deployment" &&
      ((part.of === "version" && part.version === versionId(version)) ||
        (part.of === "definition" && part.fingerprint === base.fingerprintOf(version))),
  )?.before?.["id"];
}

const trafficArguments = [
  "canary_settings",
  "deployment_id",
  "variables",
  "function_version",
  "routing_config",
];

function drifted(plan: Plan, base: Side): Finding[] {
  const addresses = pointersOf(plan, base).map(({ address }) => address);
  return plan.drifted
    .filter((one) => addresses.includes(one.address))
    .map(({ address, changed }) => ({
      address,
      names: changed.map(({ name }) => name).filter((name) => trafficArguments.includes(name)),
    }))
    .filter(({ names }) => names.length > 0)
    .map(({ address, names }) => ({
      check: "live state",
      place: shortAddress(address),
      message: `was changed outside of Terraform since its last apply (${names.join(", ")})`,
    }));
}
