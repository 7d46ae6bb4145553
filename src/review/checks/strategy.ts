import { toolkit } from "../../release/aws/toolkit";
import { modelOf } from "../../release/strategies/strategies";
import type { Change } from "../change";
import { isContinued } from "../change";
import type { Check, Finding } from "../finding";
import type { Side } from "../side";

/** What no step leads to without users noticing. */
export function checkStrategy(change: Change): Finding[] {
  const { base, head, stack } = change;
  if (base !== undefined && head === undefined) {
    const message = `the release file is removed, but its stack remains: run 'npx ${toolkit.name} destroy ${stack}' before you remove the file`;
    return [{ check: "removed", place: base.path, message }];
  }
  if (!isContinued(change)) return [];
  const { base: before, head: after } = change;
  return [...otherStrategy(before, after), ...otherNetwork(before, after), ...unsplittable(before, after)];
}

function otherStrategy(base: Side, head: Side): Finding[] {
  if (base.release.strategy === head.release.strategy) return [];
  const message = `'strategy' changes from ${base.release.strategy} to ${head.release.strategy}: that replaces what serves users; create a second service and move its callers`;
  return [{ check: "strategy", place: head.place(["strategy"]), message }];
}

/** A load balancer stays in its network, and on its side of it. */
function otherNetwork(base: Side, head: Side): Finding[] {
  const [before, after] = [base, head].map(({ fields }) => fields.ecs?.network);
  const isSame = before?.vpcId === after?.vpcId && before?.internal === after?.internal;
  if (
    modelOf(base.release).versionKind !== "container" ||
    modelOf(head.release).versionKind !== "container" ||
    isSame
  )
    return [];
  const message = `'ecs.network' changes from ${networkText(before)} to ${networkText(after)}: that replaces what serves users; create a second service and move its callers`;
  return [{ check: "strategy", place: head.place(["ecs", "network"]), message }];
}

function networkText(network: NonNullable<Side["fields"]["ecs"]>["network"]): string {
  if (network === undefined) return "a network of its own";
  return `${network.vpcId}${network.internal ? ", internal" : ""}`;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html */
function unsplittable(base: Side, head: Side): Finding[] {
  if (modelOf(head.release).movedBy !== "alias") return [];
  return [
    ...unlike(base, head, "deadLetterArn", { check: "dead letter queue", what: "dead letter queues" }),
    ...unlike(base, head, "roleArn", { check: "permissions", what: "roles" }),
  ];
}

function unlike(
  base: Side,
  head: Side,
  setting: "deadLetterArn" | "roleArn",
  { check, what }: { readonly check: Check; readonly what: string },
): Finding[] {
  const [before, after] = [base, head].map(({ fields }) => fields.settings[setting]);
  if (before === after) return [];
  const message = `'settings.${setting}' changes from ${before ?? "none"} to ${after ?? "none"}: Lambda refuses to split the traffic between versions with different ${what}, so the next version cannot start as a canary`;
  const isNote = base.standing.canary === undefined && head.standing.canary === undefined;
  return [{ check, place: head.place(["settings", setting]), message, isNote }];
}
