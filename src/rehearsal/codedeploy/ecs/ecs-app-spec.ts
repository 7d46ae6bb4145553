import { type AppSpec, checkHooks, checkType, fieldsOf, invalid, textOf } from "../app-spec";
import type { Placement, TaskSetTargets } from "./ecs-api";

/** Of an AppSpec's resource. */
export const resourceType = "AWS::ECS::Service";

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html */
export interface EcsAppSpec {
  readonly taskDefinition: string;
  readonly container: Required<Pick<TaskSetTargets, "containerName" | "containerPort">>;
  /** What is to be other than it is. */
  readonly placement: Placement;
}

/** @throws ApiError where it is no AppSpec for a service */
export function readEcsAppSpec(appSpec: AppSpec): EcsAppSpec {
  checkType(appSpec, resourceType);
  checkHooks(appSpec, [
    "BeforeInstall",
    "AfterInstall",
    "AfterAllowTestTraffic",
    "BeforeAllowTraffic",
    "AfterAllowTraffic",
  ]);
  const { properties } = appSpec;
  const taskDefinition = textOf(properties, "TaskDefinition");
  const container = fieldsOf(properties["loadbalancerinfo"], "the AppSpec's 'LoadBalancerInfo'");
  const containerPort = Number(textOf(container, "ContainerPort"));
  if (!Number.isInteger(containerPort) || containerPort < 1 || containerPort > 65_535) {
    throw invalid(`'ContainerPort' must be a port, got ${JSON.stringify(container["containerport"])}`);
  }
  return {
    taskDefinition,
    container: { containerName: textOf(container, "ContainerName"), containerPort },
    placement: placementOf(properties),
  };
}

function placementOf(properties: AppSpec["properties"]): Placement {
  const network = properties["networkconfiguration"];
  const strategy = properties["capacityproviderstrategy"];
  const version = properties["platformversion"];
  if (network !== undefined && !isOf(network, ["awsvpcconfiguration"])) {
    throw invalid("'NetworkConfiguration' must have an 'AwsvpcConfiguration'");
  }
  if (
    strategy !== undefined &&
    !(Array.isArray(strategy) && strategy.every((one) => isOf(one, ["capacityprovider"])))
  ) {
    throw invalid("'CapacityProviderStrategy' must be a list of capacity providers");
  }
  return {
    ...(version !== undefined && { platformVersion: textOf(properties, "PlatformVersion") }),
    ...(network !== undefined && { networkConfiguration: asEcsWrites(network) as object }),
    ...(strategy !== undefined && { capacityProviderStrategy: asEcsWrites(strategy) as object[] }),
  };
}

function isOf(value: unknown, fields: readonly string[]): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const names = Object.keys(value).map((name) => name.toLowerCase());
  return fields.every((field) => names.includes(field));
}

/** With names that begin with a small letter. */
function asEcsWrites(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asEcsWrites);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      asEcsWrites(one),
    ]),
  );
}
