import type { CreateDeploymentGroupInput } from "@aws-sdk/client-codedeploy";
import type { ServiceName } from "../../codedeploy/ecs/ecs-api";
import type { Applied, AppliedState } from "../../terraform/applied-state";
import type { Arguments, Block, Configuration } from "../../terraform/configuration";
import { blockIn } from "../planned-shift";
import { groupOf } from "./deployment-group";
import { isNative, type NativeDeployment, nativeDeploymentOf } from "./native-deployment";

/** A service whose tasks CodeDeploy, or ECS itself, replaces, as it is after an apply. */
export interface MovedService {
  readonly name: ServiceName;
  readonly arn: string;
  readonly count: number;
  /** ARN of the task definition that it runs. */
  readonly taskDefinition: string;
  /** The container that is called. */
  readonly container: { readonly containerName: string; readonly containerPort: number };
  /** That of the tasks that it runs, and the one of those to come. */
  readonly blue: TargetGroup;
  readonly green: TargetGroup;
  readonly listeners: readonly Listener[];
  /** ARN of the users' listener. */
  readonly production: string;
  /** How ECS itself deploys it. @default - CodeDeploy does */
  readonly native?: NativeDeployment;
}

export interface TargetGroup {
  readonly name: string;
  readonly arn: string;
  /** By which metrics tell it. */
  readonly suffix: string;
  readonly healthPath: string;
}

export interface Listener {
  readonly arn: string;
  /** As stacks write it: `http://shop.elb.amazonaws.com:8080` */
  readonly address: string;
  /** By which metrics tell the load balancer. */
  readonly loadBalancer: string;
  /** ARN of the target group that it leads to when it is made. */
  readonly targetGroup: string;
}

/** The services that a stack leaves to CodeDeploy, or to ECS itself. */
export function movedServices({ blocks }: Configuration): Block[] {
  return blocks.filter(
    ({ type, arguments: args }) =>
      type === "aws_ecs_service" &&
      (blockIn(args, "deployment_controller")?.["type"] === "CODE_DEPLOY" || isNative(args)),
  );
}

/** @throws where the stack has more than one, or not what CodeDeploy needs of it */
export function movedServiceIn(state: AppliedState): MovedService {
  const services = state.ofType("aws_ecs_service");
  const [service] = services;
  if (service === undefined || services.length > 1) {
    throw new Error(`the rehearsal needs a stack with one service, but this one has ${services.length}`);
  }
  const { attributes } = service;
  const [cluster = "", name = ""] = String(attributes["id"]).split("/").slice(-2);
  const balanced = blockIn(attributes, "load_balancer");
  if (balanced === undefined) throw new Error(`${service.address}: it has no load balancer`);
  const native = nativeDeploymentOf(state, service);
  const route = routeIn(native?.group ?? groupIn(state));
  const groups = state.ofType("aws_lb_target_group").map(targetGroupOf);
  const blue = groups.find(({ arn }) => arn === balanced["target_group_arn"]);
  const green = groups.find((one) => one !== blue && route.targetGroups.includes(one.name));
  if (blue === undefined || green === undefined) {
    throw new Error("a shift needs two target groups of the stack");
  }
  return {
    name: { cluster, service: name },
    arn: String(attributes["id"]),
    count: Number(attributes["desired_count"] ?? 1),
    taskDefinition: String(attributes["task_definition"]),
    container: {
      containerName: String(balanced["container_name"]),
      containerPort: Number(balanced["container_port"]),
    },
    blue,
    green,
    listeners: listenersIn(state),
    production: route.production,
    native,
  };
}

function groupIn(state: AppliedState): Route {
  const [group] = state.ofType("aws_codedeploy_deployment_group");
  return groupOf(group?.attributes ?? {});
}

type Route = Pick<CreateDeploymentGroupInput, "loadBalancerInfo">;

function routeIn({ loadBalancerInfo }: Route): { production: string; targetGroups: readonly string[] } {
  const [pair] = loadBalancerInfo?.targetGroupPairInfoList ?? [];
  const [production = ""] = pair?.prodTrafficRoute?.listenerArns ?? [];
  return { production, targetGroups: (pair?.targetGroups ?? []).map(({ name = "" }) => name) };
}

function targetGroupOf({ attributes }: Applied): TargetGroup {
  return {
    name: String(attributes["name"]),
    arn: String(attributes["arn"]),
    suffix: String(attributes["arn_suffix"]),
    healthPath: String(blockIn(attributes, "health_check")?.["path"] ?? "/"),
  };
}

function listenersIn(state: AppliedState): Listener[] {
  return state.ofType("aws_lb_listener").map(({ attributes }) => {
    const { arn, port, protocol, load_balancer_arn } = attributes;
    const balancer = state.ofType("aws_lb").find((one) => one.attributes["arn"] === load_balancer_arn);
    const scheme = protocol === "HTTPS" ? "https" : "http";
    const isUsual = port === { http: 80, https: 443 }[scheme];
    return {
      arn: String(arn),
      address: `${scheme}://${balancer?.attributes["dns_name"]}${isUsual ? "" : `:${port}`}`,
      loadBalancer: String(balancer?.attributes["arn_suffix"]),
      targetGroup:
        ruleTarget(state, arn) ?? String(blockIn(attributes, "default_action")?.["target_group_arn"]),
    };
  });
}

/** Where a rule for all requests of a listener leads when it is made. */
function ruleTarget(state: AppliedState, listenerArn: unknown): string | undefined {
  const rule = state
    .ofType("aws_lb_listener_rule")
    .find(({ attributes }) => attributes["listener_arn"] === listenerArn);
  const forward = blockIn(blockIn(rule?.attributes ?? {}, "action") ?? {}, "forward");
  const groups = [forward?.["target_group"] ?? []].flat() as Arguments[];
  const [most] = [...groups].sort((one, other) => Number(other["weight"]) - Number(one["weight"]));
  return most && String(most["arn"]);
}
