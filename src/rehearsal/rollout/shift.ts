import type { DeploymentInfo, DeploymentTarget, LifecycleEvent } from "@aws-sdk/client-codedeploy";
import type { AlarmState } from "./alarm-state";
import type { CodeDeployApi } from "./codedeploy-api";
import { onsetsOf } from "./faults";
import { type Operator, type OperatorWait, operate, waitMinutesOf } from "./operator";
import { type Passing, pass, whileAlarmsLook } from "./passing-time";
import { type PlannedShift, revisionOf } from "./planned-shift";
import type { Stretch } from "./traffic";

export interface ShiftOptions extends Passing {
  readonly planned: PlannedShift;
  readonly api: CodeDeployApi;
  /** Where the deployment waits for it. */
  readonly operator: Operator;
  /**
   * How long there is traffic after its end, and after the last onset of a version that serves then. With 0 there is
   * none.
   */
  readonly afterMs: number;
  /** Is told how far it is, in milliseconds since the deployment was started. */
  readonly onProgress?: (atMs: number) => void;
}

/** One deployment as it has ended. */
export interface EndedDeployment {
  readonly info: DeploymentInfo;
  readonly lifecycle: readonly LifecycleEvent[];
}

/** A shift from its start to some time after its end. */
export interface EndedShift {
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly deployment: EndedDeployment;
  /** @default - nothing was rolled back */
  readonly rollback?: EndedDeployment;
  /** @default - nobody was waited for */
  readonly wait?: OperatorWait;
  readonly stretches: readonly Stretch[];
}

/** A state that an alarm came into. */
export interface AlarmChange {
  readonly at: Date;
  readonly alarm: string;
  readonly state: AlarmState;
  readonly before: AlarmState;
}

/** How often it is looked whether a deployment waits for its operator. */
const lookMs = 5_000;

/** Has CodeDeploy play a shift, with traffic before, during and after it. */
export function playShift(options: ShiftOptions): Promise<EndedShift> {
  return whileAlarmsLook(options, () => deploy(options));
}

async function deploy(options: ShiftOptions): Promise<EndedShift> {
  const { clock, api, planned, traffic, faults, leadMs, afterMs } = options;
  await prepare(api, planned);
  await pass(options, leadMs);
  const startedAt = clock.now();
  const { applicationName, deploymentGroupName } = planned.group;
  const { deploymentId } = await api.createDeployment({
    applicationName,
    deploymentGroupName,
    revision: revisionOf(planned),
  });
  const deployment = await end(options, deploymentId, startedAt);
  const { rollbackDeploymentId } = deployment.info.rollbackInfo ?? {};
  const rollback =
    rollbackDeploymentId === undefined ? undefined : await end(options, rollbackDeploymentId, startedAt);
  const endedAt = (rollback ?? deployment).info.completeTime as Date;
  if (afterMs > 0) {
    const serving =
      deployment.info.status === "Succeeded"
        ? [planned.to]
        : [planned.from, ...(rollback ? [] : [planned.to])];
    const last = onsetsOf(faults, serving).at(-1) ?? 0;
    const sinceStart = clock.now().getTime() - startedAt.getTime();
    await pass(options, Math.max(0, last - sinceStart) + afterMs);
  }
  return { startedAt, endedAt, deployment, rollback, wait: deployment.wait, stretches: traffic.stretches };
}

async function prepare(api: CodeDeployApi, { group, config, subject }: PlannedShift): Promise<void> {
  const { applicationName } = group;
  await api.createApplication({ applicationName, computePlatform: subject.platform });
  if (config !== undefined) await api.createDeploymentConfig(config);
  await api.createDeploymentGroup(group);
}

/** Lets time pass until a deployment is over. */
async function end(
  options: ShiftOptions,
  deploymentId: string | undefined,
  startedAt: Date,
): Promise<EndedDeployment & { readonly wait?: OperatorWait }> {
  const { api, clock, planned, onProgress } = options;
  let wait: OperatorWait | undefined;
  for (;;) {
    const { deploymentInfo: info = {} } = await api.getDeployment({ deploymentId });
    if (info.completeTime !== undefined) {
      const { targetId } = planned.subject;
      const { deploymentTarget } = await api.getDeploymentTarget({ deploymentId, targetId });
      return { info, lifecycle: lifecycleOf(deploymentTarget), wait };
    }
    if (info.status === "Ready" && wait === undefined) {
      wait = await operate(deploymentId, { ...options, pass: (ms) => pass(options, ms) });
    } else {
      const isAwaited = wait === undefined && waitMinutesOf(planned) !== undefined;
      await pass(options, isAwaited ? lookMs : options.stepMs);
    }
    onProgress?.(clock.now().getTime() - startedAt.getTime());
  }
}

function lifecycleOf(target: DeploymentTarget | undefined): readonly LifecycleEvent[] {
  return (target?.lambdaTarget ?? target?.ecsTarget)?.lifecycleEvents ?? [];
}
