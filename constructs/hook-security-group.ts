import type { Construct } from "constructs";
import { constructIds } from "../src/release/construct-ids";
import type { EcsSettings } from "../src/release/shifts/ecs";
import type { ServiceLoadBalancer } from "./service-load-balancer";
import type { Network } from "./service-network";
import { ServiceSecurityGroup } from "./service-security-group";

export interface HookSecurityGroupProps {
  /** Name of the release. */
  readonly name: string;
  /** Where the hooks run. */
  readonly network: Network;
  /** What the hooks call. */
  readonly balancer: ServiceLoadBalancer;
  /** The ports that they call. */
  readonly ecs: EcsSettings;
}

/**
 * The hooks' way to both ports. The name of a load balancer of the internet leads to public addresses, also from
 * within its VPC: what calls it comes from the address of the NAT gateway.
 */
export class HookSecurityGroup extends ServiceSecurityGroup {
  constructor(scope: Construct, id: string, { name, network, balancer, ecs }: HookSecurityGroupProps) {
    super(scope, id, { name: `${name}-hooks`, description: `Hooks of ${name}`, vpcId: network.vpcId });
    this.reachAll();
    const { internal, natAddress } = network;
    const peer = internal ? { group: this } : natAddress && { range: `${natAddress}/32` };
    // Where the address is not known, the file's 'testSources' name it.
    if (!peer) return;
    balancer.securityGroup.admit(constructIds.fromHooks, peer, ecs.listener.port);
    balancer.securityGroup.admit(constructIds.fromHooksToTest, peer, ecs.listener.testPort);
  }
}
