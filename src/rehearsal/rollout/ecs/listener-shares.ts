import type { LoadBalancerApi, Shares } from "../../codedeploy/ecs/load-balancer-api";
import type { MovedService } from "./moved-service";

/** Who is told of a listener that is turned. */
export interface ListenerMoves {
  /** Is called with green's share of the users in percent before it has it, and waited for. */
  readonly beforeMove: (percent: number) => Promise<void>;
  /** Is told when it has it. @default - nobody is */
  readonly onMove?: (percent: number) => void;
  /** Is told when another listener's requests go elsewhere. @default - nobody is */
  readonly onTest?: (isGreen: boolean) => void;
}

/** Where the listeners of a service lead: load balancers as CodeDeploy knows them. */
export class ListenerShares implements LoadBalancerApi {
  private readonly shares: Map<string, Shares>;

  constructor(
    private readonly service: MovedService,
    private readonly moves: ListenerMoves,
  ) {
    this.shares = new Map(service.listeners.map(({ arn, targetGroup }) => [arn, { [targetGroup]: 100 }]));
  }

  of(listenerArn: string): Shares {
    return this.shares.get(listenerArn) ?? {};
  }

  async targetGroups(names: readonly string[]): Promise<Record<string, string>> {
    const { blue, green } = this.service;
    const found = [blue, green].filter(({ name }) => names.includes(name));
    return Object.fromEntries(found.map(({ name, arn }) => [name, arn]));
  }

  async rules(listenerArn: string): Promise<Shares[]> {
    return [this.of(listenerArn)];
  }

  async forward(listenerArn: string, shares: Shares): Promise<void> {
    const { production, green } = this.service;
    const percent = shares[green.arn] ?? 0;
    if (listenerArn !== production) {
      this.shares.set(listenerArn, shares);
      this.moves.onTest?.(percent > 0);
      return;
    }
    await this.moves.beforeMove(percent);
    this.shares.set(listenerArn, shares);
    this.moves.onMove?.(percent);
  }
}
