import { type Action, ElasticLoadBalancingV2, type Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import { localSettings, refusalsOf } from "../local-endpoint";
import { type LoadBalancerApi, LoadBalancerError, type Shares } from "./load-balancer-api";

const refuse = refusalsOf(LoadBalancerError, "the load balancer", "ServiceUnavailable");

/** The API of load balancers at an endpoint. */
export class LoadBalancerEndpoint implements LoadBalancerApi {
  private readonly client: ElasticLoadBalancingV2;

  constructor(url: string, region: string) {
    this.client = new ElasticLoadBalancingV2(localSettings(url, region));
  }

  async targetGroups(names: readonly string[]): Promise<Record<string, string>> {
    const { TargetGroups = [] } = await this.client.describeTargetGroups({ Names: [...names] }).catch(refuse);
    return Object.fromEntries(
      TargetGroups.map(({ TargetGroupName, TargetGroupArn = "" }) => [TargetGroupName, TargetGroupArn]),
    );
  }

  async rules(listenerArn: string): Promise<Shares[]> {
    const actions = (await this.describeRules(listenerArn)).flatMap(({ Actions = [] }) => Actions);
    return actions.map(sharesOf).filter((shares) => shares !== undefined);
  }

  async forward(listenerArn: string, shares: Shares): Promise<void> {
    for (const { RuleArn, IsDefault, Actions = [] } of await this.describeRules(listenerArn)) {
      const moved = Actions.map((action) => (isOf(action, shares) ? forwardTo(action, shares) : action));
      if (moved.every((action, index) => action === Actions[index])) continue;
      if (IsDefault) {
        await this.client.modifyListener({ ListenerArn: listenerArn, DefaultActions: moved }).catch(refuse);
      } else {
        await this.client.modifyRule({ RuleArn, Actions: moved }).catch(refuse);
      }
    }
  }

  private async describeRules(ListenerArn: string): Promise<readonly Rule[]> {
    const { Rules = [] } = await this.client.describeRules({ ListenerArn, PageSize: 400 }).catch(refuse);
    return Rules;
  }
}

function isOf(action: Action, shares: Shares): boolean {
  return Object.keys(sharesOf(action) ?? {}).some((arn) => arn in shares);
}

/** Of an action that forwards requests. */
function sharesOf({ Type, TargetGroupArn = "", ForwardConfig }: Action): Shares | undefined {
  if (Type !== "forward") return undefined;
  const groups = ForwardConfig?.TargetGroups ?? [];
  if (groups.length === 0) return { [TargetGroupArn]: 100 };
  const all = groups.reduce((sum, { Weight = 1 }) => sum + Weight, 0) || 1;
  return Object.fromEntries(
    groups.map(({ TargetGroupArn: arn = "", Weight = 1 }) => [arn, (100 * Weight) / all]),
  );
}

/** The action with other target groups: only one where it gets all, for a network load balancer takes no second. */
function forwardTo({ Order, ForwardConfig }: Action, shares: Shares): Action {
  const kept: Action = { Type: "forward", Order };
  const served = Object.entries(shares).filter(([, percent]) => percent > 0);
  const [only] = served;
  const stickiness = ForwardConfig?.TargetGroupStickinessConfig;
  const isSticky = stickiness?.Enabled === true;
  if (only !== undefined && served.length === 1 && !isSticky) return { ...kept, TargetGroupArn: only[0] };
  const TargetGroups = served.map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight }));
  const config = { TargetGroups, ...(isSticky && { TargetGroupStickinessConfig: stickiness }) };
  return { ...kept, ForwardConfig: config };
}
