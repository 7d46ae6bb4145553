import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";

export interface ServiceSecurityGroupProps {
  /** Name of the group. */
  readonly name: string;
  /** Whose it is. */
  readonly description: string;
  /** Id of the VPC. */
  readonly vpcId: string;
}

/** A range of addresses, or what has a security group. */
export type Peer = { readonly range: string } | { readonly group: ServiceSecurityGroup };

/** Who may call whom. Without a rule, no one may. */
export class ServiceSecurityGroup extends Construct {
  /** Id of the security group. */
  readonly groupId: string;

  constructor(scope: Construct, id: string, props: ServiceSecurityGroupProps) {
    super(scope, id);
    // Lambda gives back the network interfaces of a function that is gone when it likes.
    this.groupId = new SecurityGroup(this, "Resource", { ...props, timeouts: { delete: "45m" } }).id;
  }

  /** Lets a peer in at a port. */
  admit(id: string, peer: Peer, port: number): void {
    new VpcSecurityGroupIngressRule(this, id, {
      securityGroupId: this.groupId,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      ...renderPeer(peer),
    });
  }

  /** Lets out to a peer's port. */
  reach(id: string, peer: Peer, port: number): void {
    new VpcSecurityGroupEgressRule(this, id, {
      securityGroupId: this.groupId,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      ...renderPeer(peer),
    });
  }

  /** Lets out to everywhere: what code calls is its own affair. */
  reachAll(): void {
    new VpcSecurityGroupEgressRule(this, "everywhere", {
      securityGroupId: this.groupId,
      ipProtocol: "-1",
      cidrIpv4: "0.0.0.0/0",
    });
  }
}

function renderPeer(peer: Peer) {
  if ("group" in peer) return { referencedSecurityGroupId: peer.group.groupId };
  return peer.range.includes(":") ? { cidrIpv6: peer.range } : { cidrIpv4: peer.range };
}
