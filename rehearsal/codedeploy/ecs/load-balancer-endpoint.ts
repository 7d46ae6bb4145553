import { QueryEndpoint, QueryError } from "../query-endpoint";
import { membersOf, within, type Xml } from "../xml";
import { type LoadBalancerApi, LoadBalancerError, type Shares } from "./load-balancer-api";

/** The API of load balancers at an endpoint: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/ */
export class LoadBalancerEndpoint implements LoadBalancerApi {
  private readonly endpoint: QueryEndpoint;

  constructor(url: string, region: string) {
    this.endpoint = new QueryEndpoint(url, "elasticloadbalancing", region, "2015-12-01");
  }

  async targetGroups(names: readonly string[]): Promise<Record<string, string>> {
    const result = await this.call("DescribeTargetGroups", { Names: names });
    return Object.fromEntries(
      membersOf(within(result, "TargetGroups")).map((one) => [
        textIn(one, "TargetGroupName"),
        textIn(one, "TargetGroupArn"),
      ]),
    );
  }

  async rules(listenerArn: string): Promise<Shares[]> {
    const rules = await this.describeRules(listenerArn);
    return rules.flatMap(actionsOf).flatMap((action) => {
      const shares = sharesOf(action);
      return shares === undefined ? [] : [shares];
    });
  }

  async forward(listenerArn: string, shares: Shares): Promise<void> {
    for (const rule of await this.describeRules(listenerArn)) {
      const actions = actionsOf(rule);
      const moved = actions.map((action) => (isOf(action, shares) ? forwardTo(action, shares) : action));
      if (moved.every((action, index) => action === actions[index])) continue;
      if (within(rule, "IsDefault") === "true") {
        await this.call("ModifyListener", { ListenerArn: listenerArn, DefaultActions: moved });
      } else {
        await this.call("ModifyRule", { RuleArn: textIn(rule, "RuleArn"), Actions: moved });
      }
    }
  }

  private async describeRules(listenerArn: string): Promise<readonly Xml[]> {
    const input = { ListenerArn: listenerArn, PageSize: 400 };
    return membersOf(within(await this.call("DescribeRules", input), "Rules"));
  }

  private call(action: string, input: object): Promise<Xml | undefined> {
    return this.endpoint.call(action, input).catch((error: Error) => {
      if (error instanceof QueryError) throw new LoadBalancerError(error.code, error.message);
      throw new LoadBalancerError(
        "ServiceUnavailable",
        `the load balancer does not answer: ${error.message}`,
      );
    });
  }
}

function actionsOf(rule: Xml): readonly Xml[] {
  return membersOf(within(rule, "Actions"));
}

function isOf(action: Xml, shares: Shares): boolean {
  return Object.keys(sharesOf(action) ?? {}).some((arn) => arn in shares);
}

/** Of an action that forwards requests. */
function sharesOf(action: Xml): Shares | undefined {
  if (within(action, "Type") !== "forward") return undefined;
  const groups = membersOf(within(action, "ForwardConfig", "TargetGroups"));
  if (groups.length === 0) return { [textIn(action, "TargetGroupArn")]: 100 };
  const weights = groups.map((group) => Number(within(group, "Weight") ?? 1));
  const all = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  return Object.fromEntries(
    groups.map((group, index) => [textIn(group, "TargetGroupArn"), (100 * (weights[index] ?? 0)) / all]),
  );
}

/** The action with other target groups: only one where it gets all, for a network load balancer takes no second. */
function forwardTo(action: Xml, shares: Shares): Xml {
  const order = within(action, "Order");
  const kept = { Type: "forward", ...(order !== undefined && { Order: order }) };
  const served = Object.entries(shares).filter(([, percent]) => percent > 0);
  const [only] = served;
  const stickiness = within(action, "ForwardConfig", "TargetGroupStickinessConfig");
  const isSticky = within(stickiness, "Enabled") === "true";
  if (only !== undefined && served.length === 1 && !isSticky) return { ...kept, TargetGroupArn: only[0] };
  const TargetGroups = served.map(([arn, percent]) => ({ TargetGroupArn: arn, Weight: String(percent) }));
  const config = { TargetGroups, ...(isSticky && { TargetGroupStickinessConfig: stickiness }) };
  return { ...kept, ForwardConfig: config };
}

function textIn(xml: Xml, name: string): string {
  return String(within(xml, name) ?? "");
}
