import { randomUUID } from "node:crypto";
import type {
  CreateDeploymentGroupInput,
  CreateDeploymentGroupOutput,
  DeleteDeploymentGroupInput,
  DeleteDeploymentGroupOutput,
  DeploymentGroupInfo,
  GetDeploymentGroupInput,
  GetDeploymentGroupOutput,
  LastDeploymentInfo,
  ListDeploymentGroupsInput,
  ListDeploymentGroupsOutput,
  UpdateDeploymentGroupInput,
  UpdateDeploymentGroupOutput,
} from "@aws-sdk/client-codedeploy";
import { addTags } from "./added-tags";
import type { Applications } from "./applications";
import type { Configs } from "./configs";
import { checkEcsGroup } from "./ecs/ecs-group-checks";
import type { Application, Attempt, Group, GroupSettings } from "./group";
import { checkAlarms, checkAutoRollback, checkRole, checkStyle, checkTriggers } from "./group-checks";
import { checkEach, checkNoToken } from "./list-filters";
import { checkName } from "./names";
import { ApiError } from "./protocol";

type Changes = Partial<Omit<CreateDeploymentGroupInput, "applicationName" | "deploymentGroupName" | "tags">>;

export class Groups {
  constructor(
    private readonly applications: Applications,
    private readonly configs: Configs,
  ) {}

  create(input: CreateDeploymentGroupInput): CreateDeploymentGroupOutput {
    const { applicationName, deploymentGroupName, tags = [], ...given } = input;
    const application = this.applications.find(applicationName);
    const name = checkName("group", deploymentGroupName);
    checkIsFree(application, name);
    const settings = this.changed(application, name, {}, given);
    const group: Group = {
      application,
      tags: new Map(),
      settings: { ...settings, deploymentGroupId: randomUUID() },
    };
    addTags(group.tags, tags);
    application.groups.set(name, group);
    return { deploymentGroupId: group.settings.deploymentGroupId };
  }

  get({ applicationName, deploymentGroupName }: GetDeploymentGroupInput): GetDeploymentGroupOutput {
    return { deploymentGroupInfo: infoOf(this.find(applicationName, deploymentGroupName)) };
  }

  list(input: ListDeploymentGroupsInput): ListDeploymentGroupsOutput {
    const { name, groups } = this.applications.find(input.applicationName);
    checkNoToken(input);
    return { applicationName: name, deploymentGroups: [...groups.keys()].sort() };
  }

  /** What is not given stays as it is. */
  update(input: UpdateDeploymentGroupInput): UpdateDeploymentGroupOutput {
    const { applicationName, currentDeploymentGroupName, newDeploymentGroupName, ...given } = input;
    const group = this.find(applicationName, currentDeploymentGroupName);
    const { application, settings } = group;
    const before = settings.deploymentGroupName;
    const name = checkName("group", newDeploymentGroupName || before);
    if (name !== before) checkIsFree(application, name);
    group.settings = this.changed(application, name, settings, given);
    application.groups.delete(before);
    application.groups.set(name, group);
    return { hooksNotCleanedUp: [] };
  }

  /** One that is not there is no error. */
  delete({ applicationName, deploymentGroupName }: DeleteDeploymentGroupInput): DeleteDeploymentGroupOutput {
    const application = checkName("application", applicationName);
    const name = checkName("group", deploymentGroupName);
    for (const one of this.applications.all()) if (one.name === application) one.groups.delete(name);
    return { hooksNotCleanedUp: [] };
  }

  application(applicationName: string | undefined): Application {
    return this.applications.find(applicationName);
  }

  find(applicationName: string | undefined, deploymentGroupName: string | undefined): Group {
    const application = this.applications.find(applicationName);
    const name = checkName("group", deploymentGroupName);
    const group = application.groups.get(name);
    if (group === undefined) {
      throw new ApiError(
        "DeploymentGroupDoesNotExistException",
        `application ${application.name} has no deployment group ${name}`,
      );
    }
    return group;
  }

  /** Settings as they are after a change. @throws on what CodeDeploy refuses */
  private changed(
    { platform }: Application,
    deploymentGroupName: string,
    before: DeploymentGroupInfo,
    { autoScalingGroups, ...given }: Changes,
  ): GroupSettings {
    const deploymentConfigName =
      given.deploymentConfigName ?? before.deploymentConfigName ?? `CodeDeployDefault.${platform}AllAtOnce`;
    const after = { ...before, ...given, deploymentGroupName, deploymentConfigName };
    checkRole(after.serviceRoleArn);
    const config = this.configs.find(deploymentConfigName, platform);
    checkAlarms(after.alarmConfiguration);
    checkAutoRollback(after.autoRollbackConfiguration);
    checkTriggers(after.triggerConfigurations);
    checkEach(
      "outdatedInstancesStrategy",
      after.outdatedInstancesStrategy && [after.outdatedInstancesStrategy],
      ["UPDATE", "IGNORE"],
      "InvalidInputException",
    );
    if (autoScalingGroups?.length) {
      throw new ApiError(
        "InvalidAutoScalingGroupException",
        `'autoScalingGroups' must be empty for ${platform}`,
      );
    }
    if (platform === "ECS") {
      checkEcsGroup(after, config);
      this.checkHasNoOther(after);
    }
    return { ...after, deploymentStyle: checkStyle(after.deploymentStyle), computePlatform: platform };
  }

  /** A service is deployed to by one group alone. */
  private checkHasNoOther({ deploymentGroupId, ecsServices }: DeploymentGroupInfo): void {
    const all = [...this.applications.all()].flatMap(({ groups }) => [...groups.values()]);
    for (const { settings } of all) {
      if (settings.deploymentGroupId === deploymentGroupId) continue;
      if (serviceOf(settings) === undefined || serviceOf(settings) !== serviceOf({ ecsServices })) continue;
      throw new ApiError(
        "ECSServiceMappingLimitExceededException",
        `service ${serviceOf(settings)} is deployed to by deployment group ${settings.deploymentGroupName} already`,
      );
    }
  }
}

function serviceOf({ ecsServices }: DeploymentGroupInfo): string | undefined {
  const [service] = ecsServices ?? [];
  return service && `${service.clusterName || "default"}:${service.serviceName}`;
}

function checkIsFree({ name: applicationName, groups }: Application, name: string): void {
  if (!groups.has(name)) return;
  throw new ApiError(
    "DeploymentGroupAlreadyExistsException",
    `application ${applicationName} has a deployment group ${name} already`,
  );
}

function infoOf({ application, settings, lastAttempted, lastSuccessful }: Group): DeploymentGroupInfo {
  return {
    ...settings,
    applicationName: application.name,
    targetRevision: lastAttempted?.revision,
    lastAttemptedDeployment: lastAttempted && lastOf(lastAttempted),
    lastSuccessfulDeployment: lastSuccessful && lastOf(lastSuccessful),
  };
}

function lastOf({ id, status, createTime, completeTime }: Attempt): LastDeploymentInfo {
  return { deploymentId: id, status, createTime, endTime: completeTime };
}
