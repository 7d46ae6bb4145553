import { setTimeout as sleep } from "node:timers/promises";
import {
  CodeDeployClient,
  GetApplicationRevisionCommand,
  GetDeploymentCommand,
  PutLifecycleEventHookExecutionStatusCommand,
} from "@aws-sdk/client-codedeploy";

/** What a deployment of CodeDeploy's is about to do, or has done, with the versions of a function. */
export interface Rollout {
  readonly functionName: string;
  readonly alias: string;
  /** The version that serves everybody before. */
  readonly currentVersion: string;
  /** The version that serves everybody afterwards. */
  readonly targetVersion: string;
  readonly deploymentId: string;
}

/** The same where it replaces the tasks of a service. */
export interface TaskRollout {
  /** ARN of the task definition that serves everybody afterwards. */
  readonly taskDefinition: string;
  readonly containerName: string;
  readonly containerPort: number;
  readonly deploymentId: string;
}

/** All that CodeDeploy tells a hook. */
export interface HookEvent {
  readonly DeploymentId: string;
  readonly LifecycleEventHookExecutionId: string;
}

interface HookContext {
  getRemainingTimeInMillis(): number;
}

type Status = "Succeeded" | "Failed";

/** What is kept of the time for the report, at most: it is tried again and again, a bit later each time. */
const reportMs = 12_000;
const reportAttempts = 5;
const attemptMs = 1_500;

/**
 * Makes a hook of CodeDeploy's of a plain function. What that returns is success, and what it throws is a failure, and
 * so is to run out of time: CodeDeploy is told in each case, and once. Without a word it would wait for an hour.
 *
 * The role of the hook needs `codedeploy:GetDeployment`, `codedeploy:GetApplicationRevision` and
 * `codedeploy:PutLifecycleEventHookExecutionStatus`.
 */
export function hook(check: (rollout: Rollout) => Promise<void>) {
  return reporting(async (appSpec, deploymentId) => {
    const rollout = { ...readFunction(appSpec), deploymentId };
    await check(rollout);
    return `${rollout.functionName}:${rollout.alias} from ${rollout.currentVersion} to ${rollout.targetVersion}`;
  });
}

/** The same where tasks are replaced, and not the versions of a function. */
export function taskHook(check: (rollout: TaskRollout) => Promise<void>) {
  return reporting(async (appSpec, deploymentId) => {
    const rollout = { ...readService(appSpec), deploymentId };
    await check(rollout);
    return `${rollout.containerName} to ${rollout.taskDefinition.replace(/^.*\//, "")}`;
  });
}

/** A deployment of a service that ECS itself is at. */
export interface ServiceDeployment {
  /** ARN of the service. */
  readonly serviceArn: string;
  /** ARN of the service revision that serves everybody afterwards. */
  readonly serviceRevisionArn: string;
  /** The stage that asks, such as `POST_TEST_TRAFFIC_SHIFT`. @default - ECS does not tell it */
  readonly stage?: string;
}

interface EcsDetails {
  readonly serviceArn?: string;
  readonly targetServiceRevisionArn?: string;
}

/** All that ECS tells a hook: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html */
export interface EcsHookEvent extends EcsDetails {
  readonly lifecycleStage?: string;
  readonly executionDetails?: EcsDetails;
}

/** What ECS reads of a hook's answer. */
export interface EcsHookAnswer {
  readonly hookStatus: "SUCCEEDED" | "FAILED";
}

/**
 * The same where ECS itself deploys: it waits for the answer. What throws, or runs out of time, is a failure, on which
 * ECS rolls back. The role of the hook needs nothing.
 */
export function ecsHook(check: (deployment: ServiceDeployment) => Promise<void>) {
  return async (event: EcsHookEvent, context: HookContext): Promise<EcsHookAnswer> => {
    // AWS's pages show both: with the details in an object of their own, and without.
    const { serviceArn = "", targetServiceRevisionArn: serviceRevisionArn = "" } =
      event.executionDetails ?? event;
    const { lifecycleStage: stage } = event;
    const { status, why } = await outcomeOf(
      inTime(context, async () => {
        await check({ serviceArn, serviceRevisionArn, stage });
        return `${serviceArn.replace(/^.*\//, "")} to ${serviceRevisionArn.replace(/^.*\//, "")}`;
      }),
    );
    console.log(`${status}${stage === undefined ? "" : `, ${stage}`}: ${why}`);
    return { hookStatus: status === "Succeeded" ? "SUCCEEDED" : "FAILED" };
  };
}

/** @param check is given the AppSpec, and tells what the deployment does */
function reporting(check: (appSpec: string, deploymentId: string) => Promise<string>) {
  return async (event: HookEvent, context: HookContext): Promise<void> => {
    const { DeploymentId: deploymentId } = event;
    const codeDeploy = new CodeDeployClient({});
    const { status, why } = await outcomeOf(
      inTime(context, async () => check(await appSpecOf(codeDeploy, deploymentId), deploymentId)),
    );
    console.log(`${status}, deployment ${event.DeploymentId}: ${why}`);
    await report(codeDeploy, event, status);
  };
}

async function outcomeOf(checked: Promise<string>): Promise<{ status: Status; why: string }> {
  try {
    return { status: "Succeeded", why: await checked };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { status: "Failed", why: message.replace(/\s+/g, " ") };
  }
}

/** Ends while there is time for the report, whatever the check does from then on. */
async function inTime<T>(context: HookContext, check: () => Promise<T>): Promise<T> {
  const left = context.getRemainingTimeInMillis();
  const allowed = left - Math.min(reportMs, left / 2);
  const timer = new AbortController();
  const tooLate = sleep(allowed, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`the hook ran out of time: it had ${Math.round(allowed / 100) / 10} s`);
  });
  try {
    return await Promise.race([check(), tooLate]);
  } finally {
    // Ends a wait that is still on, which rejects it.
    tooLate.catch(() => {});
    timer.abort();
  }
}

/** The event names a deployment and nothing else: what that does stands in the AppSpec of its revision. */
async function appSpecOf(codeDeploy: CodeDeployClient, deploymentId: string): Promise<string> {
  const { deploymentInfo } = await codeDeploy.send(new GetDeploymentCommand({ deploymentId }));
  const { applicationName, revision } = deploymentInfo ?? {};
  // GetDeployment gives the hash of the AppSpec, and leaves its content out:
  // https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeployment.html
  const found = await codeDeploy.send(new GetApplicationRevisionCommand({ applicationName, revision }));
  const content = found.revision?.appSpecContent?.content ?? found.revision?.string?.content;
  if (content === undefined) throw new Error("the deployment must have its AppSpec in its revision");
  return content;
}

function readFunction(appSpec: string): Omit<Rollout, "deploymentId"> {
  const properties = propertiesIn(appSpec);
  const text = (name: string) => {
    const value = properties?.[name];
    if (value === undefined)
      throw new Error(`the AppSpec must be JSON that gives the '${name}' of a function`);
    return String(value);
  };
  return {
    functionName: text("Name"),
    alias: text("Alias"),
    currentVersion: text("CurrentVersion"),
    targetVersion: text("TargetVersion"),
  };
}

function readService(appSpec: string): Omit<TaskRollout, "deploymentId"> {
  const { TaskDefinition: taskDefinition, LoadBalancerInfo: balancer } = propertiesIn(appSpec) ?? {};
  const { ContainerName: containerName, ContainerPort: containerPort } = (balancer ?? {}) as Properties;
  if (taskDefinition === undefined || containerName === undefined || containerPort === undefined)
    throw new Error(
      "the AppSpec must be JSON that gives the 'TaskDefinition', 'ContainerName' and 'ContainerPort' of a service",
    );
  return {
    taskDefinition: String(taskDefinition),
    containerName: String(containerName),
    containerPort: Number(containerPort),
  };
}

type Properties = Readonly<Record<string, unknown>>;

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html */
function propertiesIn(content: string): Properties | undefined {
  try {
    const { Resources } = JSON.parse(content) as { Resources: Record<string, { Properties: object }>[] };
    return Object.values(Resources[0] ?? {})[0]?.Properties as Properties | undefined;
  } catch {
    return undefined;
  }
}

/** @throws when CodeDeploy cannot be told: Lambda then calls the hook again */
async function report(codeDeploy: CodeDeployClient, event: HookEvent, status: Status): Promise<void> {
  const { DeploymentId: deploymentId, LifecycleEventHookExecutionId: lifecycleEventHookExecutionId } = event;
  for (let attempt = 1; ; attempt++) {
    const command = new PutLifecycleEventHookExecutionStatusCommand({
      deploymentId,
      lifecycleEventHookExecutionId,
      status,
    });
    try {
      await codeDeploy.send(command, { abortSignal: AbortSignal.timeout(attemptMs) });
      return;
    } catch (error) {
      // An earlier attempt came through, and only its answer did not.
      if ((error as Error).name === "LifecycleEventAlreadyCompletedException") return;
      if (attempt === reportAttempts) throw error;
      await sleep(100 * 2 ** attempt);
    }
  }
}
