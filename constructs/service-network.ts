import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { type ITerraformDependable, propertyAccess, Token } from "cdktf";
import { Construct } from "constructs";

/** Where a load balancer, its tasks and its hooks are. */
export interface Network {
  /** Id of the VPC. */
  readonly vpcId: string;
  /** Ids of subnets in two zones or more. */
  readonly loadBalancerSubnetIds: readonly string[];
  /** Ids of subnets, from which the tasks must reach their images. */
  readonly taskSubnetIds: readonly string[];
  /** Whether the load balancer is reached from the VPC alone. */
  readonly internal: boolean;
  /** The address with which tasks and hooks come to the internet. @default - it is not known */
  readonly natAddress?: string;
  /** The ways to the internet, which what is in the network waits for. @default - they are there */
  readonly routes?: readonly ITerraformDependable[];
}

export interface ServiceNetworkProps {
  /** Name of the release: that of the VPC, and the beginning of what is in it. */
  readonly name: string;
}

const everywhere = "0.0.0.0/0";

/** The smallest network of its own: two zones, each with a public and a private subnet, and one NAT gateway. */
export class ServiceNetwork extends Construct implements Network {
  /** Id of the VPC that is made. */
  readonly vpcId: string;
  /** Ids of the public subnets. */
  readonly loadBalancerSubnetIds: readonly string[];
  /** Ids of the private subnets. */
  readonly taskSubnetIds: readonly string[];
  /** Whether the load balancer has private addresses only: never in this network. */
  readonly internal = false;
  /** The public address from which tasks and hooks call others. */
  readonly natAddress: string;
  /** What must be in place before a task can fetch its image. */
  readonly routes: readonly ITerraformDependable[];
  private readonly zones: DataAwsAvailabilityZones;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ServiceNetworkProps,
  ) {
    super(scope, id);
    // Local zones have no load balancers of this kind, and are opted in to.
    this.zones = new DataAwsAvailabilityZones(this, "zones", {
      state: "available",
      filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
    });
    const vpc = new Vpc(this, "Resource", {
      cidrBlock: "10.0.0.0/16",
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: this.named(),
    });
    this.vpcId = vpc.id;
    const { id: gatewayId } = new InternetGateway(this, "internet-gateway", {
      vpcId: vpc.id,
      tags: this.named(),
    });
    const open = this.routeTable("public", { gatewayId });
    this.loadBalancerSubnetIds = this.subnets("public", ["10.0.0.0/24", "10.0.1.0/24"], open);
    const address = new Eip(this, "nat-address", {
      domain: "vpc",
      tags: this.named("nat"),
      dependsOn: [open.route],
    });
    this.natAddress = address.publicIp;
    const { id: natGatewayId } = new NatGateway(this, "nat-gateway", {
      allocationId: address.id,
      subnetId: this.loadBalancerSubnetIds[0] as string,
      tags: this.named("nat"),
      dependsOn: [open.route],
    });
    const closed = this.routeTable("private", { natGatewayId });
    this.taskSubnetIds = this.subnets("private", ["10.0.2.0/24", "10.0.3.0/24"], closed);
    this.routes = [open.route, closed.route];
  }

  private routeTable(id: string, way: { readonly gatewayId: string } | { readonly natGatewayId: string }) {
    const { id: routeTableId } = new RouteTable(this, `${id}-routes`, {
      vpcId: this.vpcId,
      tags: this.named(id),
    });
    const route = new Route(this, `${id}-route`, {
      routeTableId,
      destinationCidrBlock: everywhere,
      ...way,
    });
    return { routeTableId, route };
  }

  /** One in each of the first two zones. */
  private subnets(
    kind: string,
    ranges: readonly string[],
    { routeTableId }: { readonly routeTableId: string },
  ): string[] {
    return ranges.map((cidrBlock, zone) => {
      const id = `${kind}-${zone + 1}`;
      const { id: subnetId } = new Subnet(this, id, {
        vpcId: this.vpcId,
        cidrBlock,
        availabilityZone: Token.asString(propertyAccess(this.zones.names, [zone])),
        tags: this.named(id),
        // A zone that AWS opens later must not move a subnet.
        lifecycle: { ignoreChanges: ["availability_zone"] },
      });
      new RouteTableAssociation(this, `${id}-association`, { subnetId, routeTableId });
      return subnetId;
    });
  }

  private named(...parts: string[]): Record<string, string> {
    return { Name: [this.props.name, ...parts].join("-") };
  }
}
