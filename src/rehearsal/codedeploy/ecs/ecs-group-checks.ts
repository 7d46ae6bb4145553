import type {
  BlueGreenDeploymentConfiguration,
  DeploymentGroupInfo,
  ECSService,
  LoadBalancerInfo,
  TrafficRoute,
} from "@aws-sdk/client-codedeploy";
import type { Config } from "../configs";
import { ApiError } from "../protocol";

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html */
const longestReadyMinutes = 120 * 60;
const longestTerminationMinutes = 48 * 60;

/**
 * What a deployment group for ECS must have: a service, a pair of target groups with the listeners before it, and
 * what becomes of the original task set.
 *
 * @throws ApiError on what CodeDeploy refuses
 */
export function checkEcsGroup(group: DeploymentGroupInfo, config: Config): void {
  checkServices(group.ecsServices);
  checkLoadBalancer(group.loadBalancerInfo, config);
  checkBlueGreen(group.blueGreenDeploymentConfiguration);
}

function checkServices(services: ECSService[] | undefined): void {
  if (services?.length === 1 && services[0]?.serviceName) return;
  throw new ApiError("InvalidECSServiceException", "'ecsServices' must name one service for ECS");
}

function checkLoadBalancer(info: LoadBalancerInfo | undefined, { trafficRoutingConfig }: Config): void {
  const pairs = info?.targetGroupPairInfoList ?? [];
  const [pair] = pairs;
  if (
    pair === undefined ||
    pairs.length > 1 ||
    info?.elbInfoList?.length ||
    info?.targetGroupInfoList?.length
  ) {
    throw new ApiError(
      "InvalidLoadBalancerInfoException",
      "'loadBalancerInfo' must have one 'targetGroupPairInfoList' and nothing else for ECS",
    );
  }
  const names = new Set(pair.targetGroups?.map(({ name }) => name).filter(Boolean));
  if (names.size !== 2 || pair.targetGroups?.length !== 2) {
    throw invalidPair(`'targetGroups' must name two target groups, got ${[...names].join(", ") || "none"}`);
  }
  const production = listenersOf("prodTrafficRoute", pair.prodTrafficRoute);
  const test = listenersOf("testTrafficRoute", pair.testTrafficRoute);
  if (production.length === 0) throw invalidPair("'prodTrafficRoute' must name a listener");
  if (test[0] === production[0])
    throw invalidPair("'testTrafficRoute' must be another listener than production's");
  // https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-ecs.html
  if (/:listener\/net\//.test(production[0] ?? "") && trafficRoutingConfig.type !== "AllAtOnce") {
    throw new ApiError(
      "InvalidTrafficRoutingConfigurationException",
      "Only ALB supports gradual traffic routing, use AllAtOnce Traffic routing instead when you create/update " +
        "Deployment group.",
    );
  }
}

function listenersOf(field: string, route: TrafficRoute | undefined): string[] {
  const arns = route?.listenerArns ?? [];
  if (arns.length <= 1 && arns.every((arn) => /^arn:[^:]+:elasticloadbalancing:.+:listener\//.test(arn))) {
    return arns;
  }
  throw invalidPair(`'${field}' must have the ARN of one listener, got ${JSON.stringify(arns)}`);
}

function checkBlueGreen(configuration: BlueGreenDeploymentConfiguration | undefined): void {
  const { terminateBlueInstancesOnDeploymentSuccess: blue, deploymentReadyOption: ready } =
    configuration ?? {};
  if (blue === undefined || ready === undefined) {
    throw invalidBlueGreen(
      "'blueGreenDeploymentConfiguration' must have 'terminateBlueInstancesOnDeploymentSuccess' and " +
        "'deploymentReadyOption' for ECS",
    );
  }
  // https://github.com/hashicorp/terraform-provider-aws/issues/23995
  if (blue.action !== undefined && blue.action !== "TERMINATE") {
    throw invalidBlueGreen(`'action' must be TERMINATE for ECS, got "${blue.action}"`);
  }
  checkMinutes(
    "terminationWaitTimeInMinutes",
    blue.terminationWaitTimeInMinutes,
    0,
    longestTerminationMinutes,
  );
  if (ready.actionOnTimeout === "STOP_DEPLOYMENT") {
    checkMinutes("waitTimeInMinutes", ready.waitTimeInMinutes, 1, longestReadyMinutes);
  } else if (ready.actionOnTimeout !== undefined && ready.actionOnTimeout !== "CONTINUE_DEPLOYMENT") {
    throw invalidBlueGreen(
      `'actionOnTimeout' must be CONTINUE_DEPLOYMENT or STOP_DEPLOYMENT, got "${ready.actionOnTimeout}"`,
    );
  } else if (ready.waitTimeInMinutes) {
    // https://github.com/hashicorp/terraform-provider-aws/issues/9653
    throw invalidBlueGreen(
      "Deployment ready action cannot be set to 'CONTINUE_DEPLOYMENT' when timeout is specified",
    );
  }
}

function checkMinutes(field: string, minutes = 0, min: number, max: number): void {
  if (Number.isInteger(minutes) && minutes >= min && minutes <= max) return;
  throw invalidBlueGreen(`'${field}' must be a whole number between ${min} and ${max}, got ${minutes}`);
}

function invalidPair(message: string): ApiError {
  return new ApiError("InvalidTargetGroupPairException", message);
}

function invalidBlueGreen(message: string): ApiError {
  return new ApiError("InvalidBlueGreenDeploymentConfigurationException", message);
}
