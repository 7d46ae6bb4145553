import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { constructIds } from "../src/release/construct-ids";
import type { EcsSettings } from "../src/release/shifts/ecs";
import { Protection } from "./protection";
import type { Network } from "./service-network";
import { ServiceSecurityGroup } from "./service-security-group";

export interface ServiceLoadBalancerProps {
  /** Name of the release: that of the load balancer, and the beginning of what belongs to it. */
  readonly name: string;
  /** Where it stands. */
  readonly network: Network;
  /** Listeners and health check. */
  readonly ecs: EcsSettings;
  /** Whether no plan may destroy it, or the listener of its users. @default false */
  readonly protect?: boolean;
  /**
   * Whether each listener has a rule for all requests, which ECS turns in place of the listener: a rule is what ECS
   * asks for. @default false
   */
  readonly withRules?: boolean;
}

/** The rules for all requests, before the two listeners. */
export interface ListenerRules {
  /** ARN of the users' rule. */
  readonly production: string;
  /** ARN of the test port's rule. */
  readonly test: string;
}

/** Where tasks of one version stand while users are theirs, or are yet to come. */
export interface TargetGroup {
  /** Name in AWS. */
  readonly name: string;
  /** ARN of the target group. */
  readonly arn: string;
  /** Its dimension in CloudWatch. */
  readonly arnSuffix: string;
}

/**
 * A load balancer with a listener for users and one for tests. Both lead to where they are made to, and CodeDeploy
 * turns them from then on, or ECS their rules.
 */
export class ServiceLoadBalancer extends Construct {
  /** Its dimension in CloudWatch. */
  readonly arnSuffix: string;
  /** Who may call it. */
  readonly securityGroup: ServiceSecurityGroup;
  /** The tasks of the first version are in the first of them. */
  readonly blue: TargetGroup;
  /** The group to which CodeDeploy moves users next, and from which it moves them back. */
  readonly green: TargetGroup;
  /** ARN of the listener that users call. */
  readonly listenerArn: string;
  /** ARN of the listener that hooks call. */
  readonly testListenerArn: string;
  /** The address of users, and that of tests. */
  readonly endpoint: string;
  /** Address of the test listener. */
  readonly testEndpoint: string;
  /** What leads to a target group: tasks cannot be put into one before. */
  readonly listeners: readonly ITerraformDependable[];
  /** @default - the listeners have none but their own */
  readonly rules?: ListenerRules;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ServiceLoadBalancerProps,
  ) {
    super(scope, id);
    const { name, network, ecs, protect } = props;
    const { port, testPort, certificateArn, sources, testSources = [] } = ecs.listener;
    this.securityGroup = new ServiceSecurityGroup(this, constructIds.securityGroup, {
      name: `${name}-load-balancer`,
      description: `Load balancer of ${name}`,
      vpcId: network.vpcId,
    });
    for (const range of sources) this.securityGroup.admit(`from-${range}`, { range }, port);
    for (const range of testSources) this.securityGroup.admit(`test-from-${range}`, { range }, testPort);
    const balancer = new Lb(this, "Resource", {
      name,
      loadBalancerType: "application",
      internal: network.internal,
      subnets: [...network.loadBalancerSubnetIds],
      securityGroups: [this.securityGroup.groupId],
      dropInvalidHeaderFields: true,
      enableDeletionProtection: protect,
      dependsOn: network.routes && [...network.routes],
    });
    if (protect) new Protection(this, constructIds.protection, { of: balancer });
    this.arnSuffix = balancer.arnSuffix;
    this.blue = this.targetGroup("blue");
    this.green = this.targetGroup("green");
    const listener = this.listener("listener", balancer.arn, port, this.blue);
    if (protect) new Protection(this, `listener-${constructIds.protection}`, { of: listener });
    const testListener = this.listener("test-listener", balancer.arn, testPort, this.green);
    this.listenerArn = listener.arn;
    this.testListenerArn = testListener.arn;
    const rules = props.withRules
      ? { production: this.rule("rule", listener.arn), test: this.rule("test-rule", testListener.arn) }
      : undefined;
    this.rules = rules && { production: rules.production.arn, test: rules.test.arn };
    this.listeners = [listener, testListener, ...Object.values(rules ?? {})];
    const scheme = certificateArn === undefined ? "http" : "https";
    this.endpoint = address(scheme, balancer.dnsName, port);
    this.testEndpoint = address(scheme, balancer.dnsName, testPort);
  }

  private targetGroup(color: "blue" | "green"): LbTargetGroup {
    const { name, network, ecs } = this.props;
    return new LbTargetGroup(this, color, {
      name: `${name}-${color}`,
      targetType: "ip",
      protocolVersion: "HTTP1",
      port: ecs.port,
      protocol: "HTTP",
      vpcId: network.vpcId,
      healthCheck: { path: ecs.healthCheck.path },
    });
  }

  private listener(id: string, loadBalancerArn: string, port: number, { arn }: TargetGroup): LbListener {
    const { certificateArn } = this.props.ecs.listener;
    return new LbListener(this, id, {
      loadBalancerArn,
      port,
      ...(certificateArn === undefined
        ? { protocol: "HTTP" }
        : { protocol: "HTTPS", certificateArn, sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }),
      defaultAction: [{ type: "forward", targetGroupArn: arn }],
      lifecycle: { ignoreChanges: ["default_action"] },
    });
  }

  /**
   * All requests of a listener. Both target groups are named, because ECS gives each its weight.
   * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html
   */
  private rule(id: string, listenerArn: string): LbListenerRule {
    const targetGroup = [
      { arn: this.blue.arn, weight: 100 },
      { arn: this.green.arn, weight: 0 },
    ];
    return new LbListenerRule(this, id, {
      listenerArn,
      priority: 1,
      condition: [{ pathPattern: { values: ["/*"] } }],
      action: [{ type: "forward", forward: { targetGroup } }],
      lifecycle: { ignoreChanges: ["action"] },
    });
  }
}

/** Without the port where it is that of the scheme. */
function address(scheme: "http" | "https", host: string, port: number): string {
  const usual = scheme === "http" ? 80 : 443;
  return `${scheme}://${host}${port === usual ? "" : `:${port}`}`;
}
