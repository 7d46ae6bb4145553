import type {
  AutoRollbackEvent,
  BatchGetDeploymentsInput,
  BatchGetDeploymentsOutput,
  ComputePlatform,
  ContinueDeploymentInput,
  CreateDeploymentInput,
  CreateDeploymentOutput,
  GetApplicationRevisionInput,
  GetApplicationRevisionOutput,
  GetDeploymentInput,
  GetDeploymentOutput,
  ListDeploymentsInput,
  ListDeploymentsOutput,
  PutLifecycleEventHookExecutionStatusInput,
  PutLifecycleEventHookExecutionStatusOutput,
  StopDeploymentInput,
  StopDeploymentOutput,
} from "@aws-sdk/client-codedeploy";
import { readRevision } from "./app-spec";
import type { Configs } from "./configs";
import { Deployment, type DeploymentOrder } from "./deployment";
import { DeploymentRun, type Surroundings } from "./deployment-run";
import { Fault } from "./fault";
import type { Group } from "./group";
import { checkAlarms, checkAutoRollback } from "./group-checks";
import type { Groups } from "./groups";
import { checkEach, deploymentFilter } from "./list-filters";
import type { Platforms } from "./platform";
import { ApiError } from "./protocol";

/** A deployment on its way. */
interface Running {
  readonly deployment: Deployment;
  readonly run: DeploymentRun;
  /** Resolves when it has ended, and the deployment that rolls it back is there. */
  readonly ended: Promise<void>;
  /** Whether a user who stopped it has said that it be rolled back. @default - as it is configured */
  rollsBack?: boolean;
}

export class Deployments {
  /** By id, the oldest first. */
  private readonly deployments = new Map<string, Deployment>();
  private readonly running = new Map<string, Running>();

  constructor(
    private readonly groups: Groups,
    private readonly configs: Configs,
    private readonly platforms: Platforms,
    private readonly surroundings: Surroundings,
  ) {}

  create(input: CreateDeploymentInput): CreateDeploymentOutput {
    const group = this.groups.find(input.applicationName, input.deploymentGroupName);
    const { application, settings } = group;
    const platform = this.platforms[application.platform];
    if (platform === undefined) {
      throw new ApiError(
        "InvalidComputePlatformException",
        `this endpoint does not reach ${application.platform}, which application ${application.name} is for`,
      );
    }
    const config = this.configs.find(
      input.deploymentConfigName ?? settings.deploymentConfigName,
      application.platform,
    );
    checkIsFalse(
      "InvalidIgnoreApplicationStopFailuresValueException",
      input,
      "ignoreApplicationStopFailures",
      application.platform,
    );
    checkIsFalse(
      "InvalidUpdateOutdatedInstancesOnlyValueException",
      input,
      "updateOutdatedInstancesOnly",
      application.platform,
    );
    checkEach(
      "fileExistsBehavior",
      input.fileExistsBehavior && [input.fileExistsBehavior],
      ["DISALLOW", "OVERWRITE", "RETAIN"],
      "InvalidFileExistsBehaviorException",
    );
    checkAutoRollback(input.autoRollbackConfiguration);
    checkAlarms(input.overrideAlarmConfiguration);
    const { location, appSpec } = readRevision(input.revision);
    const target = platform.target(appSpec, settings);
    this.checkIsFree(group);
    const { deployment } = this.start({
      group,
      config,
      location,
      target,
      description: input.description,
      alarms: input.overrideAlarmConfiguration ?? settings.alarmConfiguration,
      overrideAlarms: input.overrideAlarmConfiguration,
      autoRollback: input.autoRollbackConfiguration ?? settings.autoRollbackConfiguration,
    });
    return { deploymentId: deployment.id };
  }

  get({ deploymentId }: GetDeploymentInput): GetDeploymentOutput {
    return { deploymentInfo: this.find(deploymentId).info() };
  }

  /** Leaves out what is not there. */
  batchGet({ deploymentIds }: BatchGetDeploymentsInput): BatchGetDeploymentsOutput {
    if (!deploymentIds?.length) {
      throw new ApiError("DeploymentIdRequiredException", "'deploymentIds' must name a deployment");
    }
    if (deploymentIds.length > 25) {
      throw new ApiError(
        "BatchLimitExceededException",
        `there must be 25 ids at most, got ${deploymentIds.length}`,
      );
    }
    const found = deploymentIds.flatMap((id) => this.deployments.get(checkId(id)) ?? []);
    return { deploymentsInfo: found.map((deployment) => deployment.info()) };
  }

  /** The newest first. */
  list(input: ListDeploymentsInput): ListDeploymentsOutput {
    const { applicationName, deploymentGroupName } = input;
    const isAskedFor = deploymentFilter(input);
    const group =
      applicationName || deploymentGroupName
        ? this.groups.find(applicationName, deploymentGroupName)
        : undefined;
    const listed = [...this.deployments.values()].filter(
      ({ order, status, createTime }) =>
        (group === undefined || order.group === group) && isAskedFor(status, createTime.getTime() / 1000),
    );
    return { deployments: listed.map(({ id }) => id).reverse() };
  }

  async stop({ deploymentId, autoRollbackEnabled }: StopDeploymentInput): Promise<StopDeploymentOutput> {
    const deployment = this.find(deploymentId);
    const running = this.running.get(deployment.id);
    if (running !== undefined) {
      running.rollsBack = autoRollbackEnabled;
      running.run.interrupt(new Fault("MANUAL_STOP", "The deployment was stopped by a user."));
      await running.ended;
    } else if (deployment.status !== "Stopped") {
      throw alreadyCompleted(deployment);
    }
    return { status: "Succeeded", statusMessage: "No more lifecycle events are run for the deployment." };
  }

  /** Ends the wait of a deployment. @throws ApiError where it does not wait for that */
  continue({ deploymentId, deploymentWaitType = "READY_WAIT" }: ContinueDeploymentInput): undefined {
    const deployment = this.find(deploymentId);
    if (!["READY_WAIT", "TERMINATION_WAIT"].includes(deploymentWaitType)) {
      throw new ApiError(
        "InvalidDeploymentWaitTypeException",
        `'deploymentWaitType' must be READY_WAIT or TERMINATION_WAIT, got "${deploymentWaitType}"`,
      );
    }
    if (deployment.isOver) throw alreadyCompleted(deployment);
    const { target, group } = deployment.order;
    if (!target.waits.includes(deploymentWaitType)) {
      throw new ApiError(
        "UnsupportedActionForDeploymentTypeException",
        `deployment ${deployment.id} is one of ${group.application.platform}, which does not wait to be continued`,
      );
    }
    if (deployment.waitsFor !== deploymentWaitType) {
      throw new ApiError(
        "DeploymentIsNotInReadyStateException",
        `deployment ${deployment.id} does not wait for ${deploymentWaitType}: ${deployment.status}`,
      );
    }
    this.running.get(deployment.id)?.run.continue();
  }

  putHookStatus(
    input: PutLifecycleEventHookExecutionStatusInput,
  ): PutLifecycleEventHookExecutionStatusOutput {
    this.surroundings.hooks.put(this.find(input.deploymentId).id, input);
    return { lifecycleEventHookExecutionId: input.lifecycleEventHookExecutionId };
  }

  /** The text of a revision, which deployments do not tell. */
  revision({ applicationName, revision }: GetApplicationRevisionInput): GetApplicationRevisionOutput {
    const application = this.groups.application(applicationName);
    if (revision === undefined) throw new ApiError("RevisionRequiredException", "'revision' must be given");
    const digest = revision.appSpecContent?.sha256 ?? revision.string?.sha256;
    const found = [...this.deployments.values()]
      .filter(({ order }) => order.group.application === application)
      .map(({ order }) => order.location)
      .find(({ appSpecContent }) => appSpecContent?.sha256 === digest);
    if (found === undefined) {
      throw new ApiError("RevisionDoesNotExistException", `${applicationName} has no revision ${digest}`);
    }
    return { applicationName, revision: found, revisionInfo: {} };
  }

  find(deploymentId: string | undefined): Deployment {
    const id = checkId(deploymentId);
    const deployment = this.deployments.get(id);
    if (deployment !== undefined) return deployment;
    throw new ApiError("DeploymentDoesNotExistException", `there is no deployment ${id}`);
  }

  /** Leaves everything as it is. */
  close(): void {
    for (const { run } of this.running.values())
      run.interrupt(new Fault("INTERNAL_ERROR", "CodeDeploy ends"));
    this.running.clear();
  }

  private start(order: DeploymentOrder): Running {
    const id = `d-${String(this.deployments.size + 1).padStart(9, "0")}`;
    const deployment = new Deployment(id, order, this.surroundings.clock.now());
    this.deployments.set(id, deployment);
    order.group.lastAttempted = deployment;
    const run = new DeploymentRun(deployment, this.surroundings);
    const ended = run.run().then((fault) => this.finish(deployment, fault));
    const running: Running = { deployment, run, ended };
    this.running.set(id, running);
    return running;
  }

  /** Takes a deployment that has ended out of its group's way, and rolls it back where it must be. */
  private finish(deployment: Deployment, fault: Fault | undefined): void {
    const running = this.running.get(deployment.id);
    // CodeDeploy itself has ended.
    if (running === undefined) return;
    this.running.delete(deployment.id);
    const { group, target } = deployment.order;
    if (fault === undefined) group.lastSuccessful = deployment;
    else if (target.canRollBack && rollsBack(deployment, fault.event, running.rollsBack)) {
      this.rollBack(deployment);
    }
  }

  private rollBack(deployment: Deployment): void {
    const { group, target, autoRollback } = deployment.order;
    const { id } = this.start({
      group,
      // Whatever the configuration of the deployment was.
      config: this.configs.find(`CodeDeployDefault.${group.application.platform}AllAtOnce`),
      ...target.back(),
      autoRollback,
      rollsBack: deployment,
    }).deployment;
    deployment.rollbackInfo = {
      rollbackDeploymentId: id,
      rollbackMessage: `Deployment ${deployment.id} terminated. Automatic rollback is triggered with a DeploymentId ${id}.`,
    };
    this.find(id).rollbackInfo = {
      rollbackTriggeringDeploymentId: deployment.id,
      rollbackMessage: `Deployment ${id} is triggered to roll back deployment ${deployment.id}.`,
    };
  }

  private checkIsFree(group: Group): void {
    const active = [...this.running.values()].find(({ deployment }) => deployment.order.group === group);
    if (active === undefined) return;
    throw new ApiError(
      "DeploymentLimitExceededException",
      `The Deployment Group '${group.settings.deploymentGroupName}' already has an active Deployment '${active.deployment.id}'`,
    );
  }
}

function rollsBack({ order }: Deployment, event: AutoRollbackEvent, asked: boolean | undefined): boolean {
  if (event === "DEPLOYMENT_STOP_ON_REQUEST" && asked !== undefined) return asked;
  return Boolean(order.autoRollback?.enabled && order.autoRollback.events?.includes(event));
}

function checkId(id: string | undefined): string {
  if (!id) throw new ApiError("DeploymentIdRequiredException", "'deploymentId' must be given");
  if (/^d-[A-Z0-9]{9}$/.test(id)) return id;
  throw new ApiError(
    "InvalidDeploymentIdException",
    `'deploymentId' must be d- and 9 capital letters or digits, got "${id}"`,
  );
}

function checkIsFalse(
  code:
    | "InvalidIgnoreApplicationStopFailuresValueException"
    | "InvalidUpdateOutdatedInstancesOnlyValueException",
  input: CreateDeploymentInput,
  field: "ignoreApplicationStopFailures" | "updateOutdatedInstancesOnly",
  platform: ComputePlatform,
): void {
  if (input[field]) throw new ApiError(code, `'${field}' must be false for ${platform}, got true`);
}

function alreadyCompleted({ id, status }: Deployment): ApiError {
  return new ApiError("DeploymentAlreadyCompletedException", `deployment ${id} is over: ${status}`);
}
