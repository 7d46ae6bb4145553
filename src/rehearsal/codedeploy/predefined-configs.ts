import type { ComputePlatform, TrafficRoutingConfig } from "@aws-sdk/client-codedeploy";

export interface PredefinedConfig {
  readonly deploymentConfigName: string;
  readonly computePlatform: ComputePlatform;
  readonly trafficRoutingConfig: TrafficRoutingConfig;
}

export const prefix = "CodeDeployDefault.";

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html */
export const predefinedConfigs: readonly PredefinedConfig[] = [
  config("LambdaCanary10Percent5Minutes", canary(10, 5)),
  config("LambdaCanary10Percent10Minutes", canary(10, 10)),
  config("LambdaCanary10Percent15Minutes", canary(10, 15)),
  config("LambdaCanary10Percent30Minutes", canary(10, 30)),
  config("LambdaLinear10PercentEvery1Minute", linear(10, 1)),
  config("LambdaLinear10PercentEvery2Minutes", linear(10, 2)),
  config("LambdaLinear10PercentEvery3Minutes", linear(10, 3)),
  config("LambdaLinear10PercentEvery10Minutes", linear(10, 10)),
  config("LambdaAllAtOnce", { type: "AllAtOnce" }),
  config("ECSCanary10Percent5Minutes", canary(10, 5)),
  config("ECSCanary10Percent15Minutes", canary(10, 15)),
  config("ECSLinear10PercentEvery1Minutes", linear(10, 1)),
  config("ECSLinear10PercentEvery3Minutes", linear(10, 3)),
  config("ECSAllAtOnce", { type: "AllAtOnce" }),
];

function config(name: string, trafficRoutingConfig: TrafficRoutingConfig): PredefinedConfig {
  const computePlatform = name.startsWith("ECS") ? "ECS" : "Lambda";
  return { deploymentConfigName: prefix + name, computePlatform, trafficRoutingConfig };
}

function canary(canaryPercentage: number, canaryInterval: number): TrafficRoutingConfig {
  return { type: "TimeBasedCanary", timeBasedCanary: { canaryPercentage, canaryInterval } };
}

function linear(linearPercentage: number, linearInterval: number): TrafficRoutingConfig {
  return { type: "TimeBasedLinear", timeBasedLinear: { linearPercentage, linearInterval } };
}
