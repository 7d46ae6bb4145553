import {
  type CodeDeployClient,
  type DeploymentInfo,
  type DeploymentTarget,
  GetDeploymentCommand,
  GetDeploymentTargetCommand,
  ListDeploymentTargetsCommand,
} from "@aws-sdk/client-codedeploy";
import { AwsError } from "./aws-error";
import { type Wait, waitOf } from "./wait";

/** How far a shift is: from which version to which one users are moved, and how many are there. */
export interface ShiftProgress {
  /** @default - CodeDeploy does not tell it */
  readonly version?: string;
  readonly percent: number;
  /** @default - CodeDeploy does not tell it */
  readonly from?: string;
}

/** Reads that out of what a platform tells. @param rolledBack the shift that is taken back, if one is */
export type ShiftReader = (
  info: DeploymentInfo,
  target: DeploymentTarget,
  rolledBack?: ShiftProgress,
) => ShiftProgress | undefined;

/** A step of a deployment. */
export interface LifecycleStep {
  /** As CodeDeploy calls it: `AllowTraffic`. */
  readonly name: string;
  readonly status: string;
  /** @default - it has not begun, or CodeDeploy does not tell it */
  readonly begun?: Date;
}

/** What a deployment is at, at one moment. */
export interface Sight {
  readonly id: string;
  /** The function that it moves. @default - it moves all that is moved */
  readonly part?: string;
  /** As CodeDeploy calls it: `InProgress`. */
  readonly status: string;
  readonly isOver: boolean;
  /** @default - CodeDeploy does not tell it yet */
  readonly target?: ShiftProgress;
  /** In their order. */
  readonly events: readonly LifecycleStep[];
  /** What it waits for. @default - it goes on by itself */
  readonly waits?: Wait;
  /** Why it was stopped. @default - it was not */
  readonly reason?: { readonly code: string; readonly message: string };
  /** The deployment that takes it back. @default - none */
  readonly rollbackId?: string;
  /** The deployment that it takes back itself. @default - none */
  readonly rollsBack?: string;
  /** Whether CodeDeploy is yet to name the deployment that takes it back. */
  readonly awaitsRollback: boolean;
}

/** Looks at a deployment. */
export async function sightOnce(
  client: CodeDeployClient,
  id: string,
  shiftOf: ShiftReader,
  { signal, rolledBack }: { readonly signal?: AbortSignal; readonly rolledBack?: ShiftProgress } = {},
): Promise<Sight> {
  const info = await deploymentInfo(client, id, signal);
  const target = await findTarget(client, id, signal);
  const { status = "Created", errorInformation: error, rollbackInfo } = info;
  const { lifecycleEvents = [] } = target?.lambdaTarget ?? target?.ecsTarget ?? {};
  const rollbackId = rollbackInfo?.rollbackDeploymentId;
  return {
    id,
    status,
    isOver: ["Succeeded", "Failed", "Stopped"].includes(status),
    target: target && shiftOf(info, target, rolledBack),
    events: lifecycleEvents.map(({ lifecycleEventName: name = "", status = "", startTime: begun }) => ({
      name,
      status,
      begun,
    })),
    waits: waitOf(info, lifecycleEvents),
    reason: error && { code: error.code ?? "", message: oneLine(error.message ?? "") },
    rollbackId,
    rollsBack: rollbackInfo?.rollbackTriggeringDeploymentId,
    awaitsRollback: rollbackId === undefined && isToBeRolledBack(info),
  };
}

export async function deploymentInfo(
  client: CodeDeployClient,
  deploymentId: string,
  abortSignal?: AbortSignal,
): Promise<DeploymentInfo> {
  const { deploymentInfo } = await client.send(new GetDeploymentCommand({ deploymentId }), { abortSignal });
  return deploymentInfo ?? {};
}

async function findTarget(
  client: CodeDeployClient,
  deploymentId: string,
  abortSignal?: AbortSignal,
): Promise<DeploymentTarget | undefined> {
  try {
    const { targetIds: [targetId] = [] } = await client.send(
      new ListDeploymentTargetsCommand({ deploymentId }),
      { abortSignal },
    );
    if (targetId === undefined) return undefined;
    const command = new GetDeploymentTargetCommand({ deploymentId, targetId });
    return (await client.send(command, { abortSignal })).deploymentTarget;
  } catch (error) {
    if (error instanceof AwsError && error.code === "DeploymentNotStartedException") return undefined;
    throw error;
  }
}

function isToBeRolledBack({ status, errorInformation, autoRollbackConfiguration }: DeploymentInfo): boolean {
  const { enabled, events = [] } = autoRollbackConfiguration ?? {};
  if (!enabled) return false;
  if (status === "Failed") return events.includes("DEPLOYMENT_FAILURE");
  const isAlarm = errorInformation?.code === "ALARM_ACTIVE";
  return (
    status === "Stopped" &&
    events.includes(isAlarm ? "DEPLOYMENT_STOP_ON_ALARM" : "DEPLOYMENT_STOP_ON_REQUEST")
  );
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
