import { readyWaitMinutes } from "../codedeploy/ecs/ready-wait";
import type { VirtualClock } from "../codedeploy/virtual-clock";
import type { CodeDeployApi } from "./codedeploy-api";
import type { PlannedShift } from "./planned-shift";

/** Whoever looks at the new version before users do, where a deployment waits for it. */
export interface Operator {
  readonly action: OperatorAction;
  /** How long it looks before it acts. */
  readonly afterMinutes: number;
}

export const operatorActions = ["continue", "stop", "absent"] as const;
export type OperatorAction = (typeof operatorActions)[number];

/** A wait of a deployment's for its operator. */
export interface OperatorWait {
  readonly action: OperatorAction;
  readonly since: Date;
  /** When it has acted. @default - it has not come in time */
  readonly actedAt?: Date;
}

/** For how many minutes a shift waits for its operator. @returns nothing where it does not wait */
export function waitMinutesOf({ group }: PlannedShift): number | undefined {
  return readyWaitMinutes(group);
}

export interface OperateOptions {
  readonly operator: Operator;
  readonly api: CodeDeployApi;
  readonly clock: VirtualClock;
  /** Lets time pass. */
  readonly pass: (ms: number) => Promise<void>;
}

/** Has the operator come to a deployment that has just begun to wait. */
export async function operate(
  deploymentId: string | undefined,
  { operator: { action, afterMinutes }, api, clock, pass }: OperateOptions,
): Promise<OperatorWait> {
  const since = clock.now();
  if (action === "absent") return { action, since };
  await pass(afterMinutes * 60_000);
  const { deploymentInfo } = await api.getDeployment({ deploymentId });
  if (deploymentInfo?.status !== "Ready") return { action, since };
  if (action === "stop") await api.stopDeployment({ deploymentId });
  else await api.continueDeployment({ deploymentId, deploymentWaitType: "READY_WAIT" });
  return { action, since, actedAt: clock.now() };
}
