import { versionId } from "../../release/version-id";
import type { Change } from "../change";
import type { Finding } from "../finding";
import { shortAddress } from "../part";
import type { Plan, Values } from "../plan";
import { pointerOf, trafficMeant, trafficSaid } from "../pointer";
import type { Side } from "../side";
import { versionText } from "../step";

/** What is live is what the base's file says: else an apply would undo what somebody did by hand. */
export function checkLiveState(change: Change): Finding[] {
  const { base, plan, ref } = change;
  if (base === undefined || plan === undefined) return [];
  const pointer = pointerOf(plan, base);
  if (pointer?.before === undefined) return [];
  const place = shortAddress(pointer.address);
  const [live, meant] = [trafficSaid(pointer.before, base), trafficMeant(base)];
  if (live !== meant) {
    // As after a rollback in an emergency, whose file is committed later: applying changes nothing.
    const isAhead = change.head !== undefined && live === trafficMeant(change.head);
    const why = isAhead
      ? "this change is live already"
      : `the traffic was moved by hand, which an apply would undo, or ${ref} is not deployed yet`;
    const message = `${live} is live, but ${base.path} of ${ref} says ${meant}: ${why}`;
    return [{ check: "live state", place, message, isNote: isAhead }];
  }
  return [...otherDeployments(plan, base, ref), ...drifted(plan, base, place)];
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

function drifted(plan: Plan, base: Side, place: string): Finding[] {
  const address = pointerOf(plan, base)?.address;
  return plan.drifted
    .filter((one) => one.address === address)
    .map(({ changed }) => changed.map(({ name }) => name).filter((name) => trafficArguments.includes(name)))
    .filter((names) => names.length > 0)
    .map((names) => ({
      check: "live state",
      place,
      message: `was changed outside of Terraform since its last apply (${names.join(", ")})`,
    }));
}
