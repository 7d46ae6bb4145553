import { setTimeout as pause } from "node:timers/promises";
import {
  type CodeDeployClient,
  type DeploymentInfo,
  type DeploymentTarget,
  GetDeploymentCommand,
  GetDeploymentTargetCommand,
  ListDeploymentTargetsCommand,
} from "@aws-sdk/client-codedeploy";
import { AwsError } from "./aws-error";

/** What a deployment is at, at one moment. */
export interface Sight {
  readonly id: string;
  /** As CodeDeploy calls it: `InProgress`. */
  readonly status: string;
  readonly isOver: boolean;
  /** The version that the alias is moved to, its share, and the one before. @default - CodeDeploy does not tell it yet */
  readonly target?: { readonly version: string; readonly percent: number; readonly from: string };
  /** In their order. */
  readonly events: readonly { readonly name: string; readonly status: string }[];
  /** Why it was stopped. @default - it was not */
  readonly reason?: { readonly code: string; readonly message: string };
  /** The deployment that takes it back. @default - none */
  readonly rollbackId?: string;
  /** The deployment that it takes back itself. @default - none */
  readonly rollsBack?: string;
}

/** AWS does not tell how it goes, and is asked on. */
export interface Trouble {
  readonly trouble: string;
}

export interface WatchOptions {
  readonly intervalMs: number;
  readonly signal: AbortSignal;
}

/** CodeDeploy may name the rollback a moment after it has ended what is rolled back. */
const looksForRollback = 3;

/** Follows a deployment, and what rolls it back, to the end: each change, and each trouble once. */
export async function* watch(
  client: CodeDeployClient,
  id: string,
  options: WatchOptions,
): AsyncGenerator<Sight | Trouble> {
  let last: Sight | undefined;
  for await (const seen of watchOne(client, id, options)) {
    yield seen;
    if (!("trouble" in seen)) last = seen;
  }
  if (last?.rollbackId !== undefined) yield* watchOne(client, last.rollbackId, options);
}

async function* watchOne(
  client: CodeDeployClient,
  id: string,
  { intervalMs, signal }: WatchOptions,
): AsyncGenerator<Sight | Trouble> {
  let told = "";
  let isTroubled = false;
  let patience = looksForRollback;
  for (;;) {
    const seen = await sightOrTrouble(client, id, signal);
    if ("trouble" in seen) {
      if (!isTroubled) yield seen;
      isTroubled = true;
    } else {
      isTroubled = false;
      if (JSON.stringify(seen.sight) !== told) yield seen.sight;
      told = JSON.stringify(seen.sight);
      if (seen.sight.isOver && (!seen.awaitsRollback || patience-- === 0)) return;
    }
    await pause(intervalMs, undefined, { signal });
  }
}

async function sightOrTrouble(
  client: CodeDeployClient,
  id: string,
  signal: AbortSignal,
): Promise<{ readonly sight: Sight; readonly awaitsRollback: boolean } | Trouble> {
  try {
    const info = await deploymentInfo(client, id, signal);
    const sight = sightOf(id, info, await findTarget(client, id, signal));
    return { sight, awaitsRollback: sight.rollbackId === undefined && isToBeRolledBack(info) };
  } catch (error) {
    if (!(error instanceof AwsError && error.isPassing)) throw error;
    return { trouble: error.message };
  }
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
  abortSignal: AbortSignal,
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

function sightOf(id: string, info: DeploymentInfo, target: DeploymentTarget | undefined): Sight {
  const { status = "Created", errorInformation: error, rollbackInfo } = info;
  const { lifecycleEvents = [], lambdaFunctionInfo: moved } = target?.lambdaTarget ?? {};
  return {
    id,
    status,
    isOver: ["Succeeded", "Failed", "Stopped"].includes(status),
    target: moved?.targetVersion
      ? {
          version: moved.targetVersion,
          percent: moved.targetVersionWeight ?? 0,
          from: moved.currentVersion ?? "",
        }
      : undefined,
    events: lifecycleEvents.map(({ lifecycleEventName: name = "", status = "" }) => ({ name, status })),
    reason: error && { code: error.code ?? "", message: oneLine(error.message ?? "") },
    rollbackId: rollbackInfo?.rollbackDeploymentId,
    rollsBack: rollbackInfo?.rollbackTriggeringDeploymentId,
  };
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
  return text.replace(/\s*[\r\n]+\s*/g, " ").trim();
}
