import { randomUUID } from "node:crypto";
import type {
  ComputePlatform,
  CreateDeploymentConfigInput,
  CreateDeploymentConfigOutput,
  DeleteDeploymentConfigInput,
  DeploymentConfigInfo,
  GetDeploymentConfigInput,
  GetDeploymentConfigOutput,
  ListDeploymentConfigsInput,
  ListDeploymentConfigsOutput,
  TrafficRoutingConfig,
} from "@aws-sdk/client-codedeploy";
import type { Clock } from "./clock";
import type { NativeShift } from "./codedeploy";
import { checkPlatform } from "./compute-platform";
import { checkNoToken } from "./list-filters";
import { checkName } from "./names";
import { predefinedConfigs, prefix } from "./predefined-configs";
import { ApiError } from "./protocol";
import { scheduleOf } from "./schedule";

export interface Config extends DeploymentConfigInfo {
  readonly deploymentConfigName: string;
  readonly computePlatform: ComputePlatform;
  readonly trafficRoutingConfig: TrafficRoutingConfig;
}

/** From the first shift to the last: https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html */
const longestMinutes = 2880;

/** The deployment configurations: how traffic is shifted. */
export class Configs {
  private readonly configs: Map<string, Config>;

  /**
   * @param isInUse whether a deployment group names a configuration
   * @param native one of ECS's own, which CodeDeploy would not create. @default - none
   */
  constructor(
    private readonly clock: Clock,
    private readonly isInUse: (name: string) => boolean,
    native?: NativeShift,
  ) {
    const createTime = clock.now();
    this.configs = new Map(
      predefinedConfigs.map((one) => [
        one.deploymentConfigName,
        { ...one, deploymentConfigId: randomUUID(), createTime },
      ]),
    );
    if (native === undefined) return;
    const { group, routing: trafficRoutingConfig } = native;
    const { deploymentConfigName } = group;
    const own: Config = { deploymentConfigName, computePlatform: "ECS", trafficRoutingConfig, createTime };
    this.configs.set(deploymentConfigName, own);
  }

  create(input: CreateDeploymentConfigInput): CreateDeploymentConfigOutput {
    const name = checkName("config", input.deploymentConfigName);
    if (name.startsWith(prefix)) {
      throw new ApiError(
        "InvalidDeploymentConfigNameException",
        `'deploymentConfigName' must not begin with ${prefix}, got "${name}"`,
      );
    }
    const config: Config = {
      deploymentConfigId: randomUUID(),
      deploymentConfigName: name,
      computePlatform: checkPlatform(input.computePlatform),
      trafficRoutingConfig: checkRouting(input.trafficRoutingConfig),
      createTime: this.clock.now(),
    };
    if (input.minimumHealthyHosts) {
      throw new ApiError(
        "InvalidMinimumHealthyHostValueException",
        `'minimumHealthyHosts' must not be given for ${config.computePlatform}`,
      );
    }
    if (input.zonalConfig) {
      throw new ApiError(
        "InvalidZonalDeploymentConfigurationException",
        `'zonalConfig' must not be given for ${config.computePlatform}`,
      );
    }
    if (this.configs.has(name)) {
      throw new ApiError(
        "DeploymentConfigAlreadyExistsException",
        `deployment configuration ${name} already exists`,
      );
    }
    this.configs.set(name, config);
    return { deploymentConfigId: config.deploymentConfigId };
  }

  get({ deploymentConfigName }: GetDeploymentConfigInput): GetDeploymentConfigOutput {
    return { deploymentConfigInfo: this.find(deploymentConfigName) };
  }

  list(input: ListDeploymentConfigsInput): ListDeploymentConfigsOutput {
    checkNoToken(input);
    return { deploymentConfigsList: [...this.configs.keys()].sort() };
  }

  /** One that is not there is no error. */
  delete({ deploymentConfigName }: DeleteDeploymentConfigInput): undefined {
    const name = checkName("config", deploymentConfigName);
    if (name.startsWith(prefix)) {
      throw new ApiError("InvalidOperationException", `${name} is AWS's and cannot be deleted`);
    }
    if (this.isInUse(name)) {
      throw new ApiError("DeploymentConfigInUseException", `a deployment group uses ${name}`);
    }
    this.configs.delete(name);
  }

  /** @param platform what it has to be for. @default - any */
  find(deploymentConfigName: string | undefined, platform?: ComputePlatform): Config {
    const name = checkName("config", deploymentConfigName);
    const config = this.configs.get(name);
    if (config === undefined) {
      throw new ApiError(
        "DeploymentConfigDoesNotExistException",
        `there is no deployment configuration ${name}`,
      );
    }
    if (platform !== undefined && config.computePlatform !== platform) {
      throw new ApiError(
        "InvalidDeploymentConfigNameException",
        `'deploymentConfigName' must be one for ${platform}, got "${name}", which is for ${config.computePlatform}`,
      );
    }
    return config;
  }
}

function checkRouting(routing: TrafficRoutingConfig | undefined): TrafficRoutingConfig {
  const { type, timeBasedCanary: canary, timeBasedLinear: linear } = routing ?? {};
  if (type === "AllAtOnce" && !canary && !linear) return { type };
  if (type === "TimeBasedCanary" && canary && !linear) {
    checkRange("timeBasedCanary.canaryPercentage", canary.canaryPercentage, 99);
    checkRange("timeBasedCanary.canaryInterval", canary.canaryInterval, longestMinutes);
    return { type, timeBasedCanary: canary };
  }
  if (type === "TimeBasedLinear" && linear && !canary) {
    checkRange("timeBasedLinear.linearPercentage", linear.linearPercentage, 99);
    checkRange("timeBasedLinear.linearInterval", linear.linearInterval, longestMinutes);
    const checked: TrafficRoutingConfig = { type, timeBasedLinear: linear };
    const minutes = scheduleOf(checked).at(-1)?.atMinutes ?? 0;
    if (minutes > longestMinutes) {
      throw invalidRouting(
        `'timeBasedLinear' must shift all traffic within ${longestMinutes} minutes, got ${minutes}`,
      );
    }
    return checked;
  }
  throw invalidRouting(
    "'trafficRoutingConfig' must be AllAtOnce, TimeBasedCanary with 'timeBasedCanary' or TimeBasedLinear " +
      `with 'timeBasedLinear', got ${JSON.stringify(routing)}`,
  );
}

function checkRange(field: string, value: number | undefined, max: number): void {
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= max) return;
  throw invalidRouting(`'${field}' must be a whole number between 1 and ${max}, got ${value}`);
}

function invalidRouting(message: string): ApiError {
  return new ApiError("InvalidTrafficRoutingConfigurationException", message);
}
