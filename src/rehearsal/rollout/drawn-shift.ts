import type { AlarmStates } from "../codedeploy/alarms";
import { CodeDeploy } from "../codedeploy/codedeploy";
import { VirtualClock } from "../codedeploy/virtual-clock";
import type { Random } from "../random";
import type { CodeDeployApi } from "./codedeploy-api";
import { drawBinomial } from "./draw-binomial";
import { type FailureKind, type Faults, PresentFaults } from "./faults";
import { MetricAlarms } from "./metric-alarms";
import { Metrics } from "./metrics";
import type { PlannedShift } from "./planned-shift";
import { type EndedShift, playShift } from "./shift";
import type { DrawnSubject, Endpoints } from "./subject";
import { minute } from "./time";
import { type Answered, Traffic, type Users } from "./traffic";

export interface DrawnShiftOptions {
  readonly planned: PlannedShift;
  /** Requests per second. */
  readonly rate: number;
  readonly faults: Faults;
  readonly random: Random;
  readonly leadMs: number;
  /** How many minutes metrics come late. */
  readonly lateMinutes: number;
  /** How long the operator looks, where it is waited for. @default 1 */
  readonly operatorAfterMinutes?: number;
}

/** A shift in which the fate of requests is drawn, and nothing real is called. */
export async function drawShift(options: DrawnShiftOptions): Promise<EndedShift> {
  const { planned, rate, random, leadMs, lateMinutes, operatorAfterMinutes = 1 } = options;
  const clock = new VirtualClock();
  const metrics = new Metrics();
  const startsAt = clock.now().getTime() + leadMs;
  const faults = new PresentFaults(options.faults, () => clock.now().getTime() - startsAt);
  const users = new DrawnUsers(options, faults);
  const traffic = new Traffic(clock, rate, users);
  const alarms = new MetricAlarms({ alarms: planned.alarms, metrics, lateMinutes });
  const drawn = planned.subject.draw(metrics, async (percent) => {
    await traffic.catchUp();
    users.percent = percent;
  });
  users.subject = drawn;
  return playShift({
    planned: { ...planned, hooks: {} },
    clock,
    api: codeDeployApi(drawn.endpoints, alarms, clock),
    traffic,
    alarms,
    operator: { action: "continue", afterMinutes: operatorAfterMinutes },
    phaseMs: Math.floor(random() * minute),
    leadMs,
    faults: options.faults,
    afterMs: 0,
    stepMs: minute,
  });
}

/** CodeDeploy without HTTP. */
function codeDeployApi(endpoints: Endpoints, alarms: AlarmStates, clock: VirtualClock): CodeDeployApi {
  const { operations } = new CodeDeploy({ ...endpoints, alarms, clock });
  const operation = (name: string) => async (input: object) => operations[name]?.(input as never);
  return {
    createApplication: operation("CreateApplication"),
    createDeploymentConfig: operation("CreateDeploymentConfig"),
    createDeploymentGroup: operation("CreateDeploymentGroup"),
    createDeployment: operation("CreateDeployment"),
    getDeployment: operation("GetDeployment"),
    getDeploymentTarget: operation("GetDeploymentTarget"),
    continueDeployment: operation("ContinueDeployment"),
    stopDeployment: operation("StopDeployment"),
  } as unknown as CodeDeployApi;
}

/** How long an answer takes that is not slowed down. */
const tookMs = 1;

export interface DrawnUsersOptions extends Pick<DrawnShiftOptions, "random"> {
  readonly planned: Pick<PlannedShift, "from" | "to"> & {
    readonly subject: Pick<PlannedShift["subject"], "timeoutMs">;
  };
}

/** Draws how many requests each version gets, and how many of them fail. */
export class DrawnUsers implements Users {
  /** The new version's share. */
  percent = 0;
  subject?: Pick<DrawnSubject, "record">;

  constructor(
    private readonly options: DrawnUsersOptions,
    private readonly faults: PresentFaults,
  ) {}

  async send(requests: number): Promise<Answered> {
    const { planned, random } = this.options;
    const moved = drawBinomial(requests, this.percent / 100, random);
    const byVersion = new Map<string, { requests: number; failed: number }>();
    for (const [version, count] of [
      [planned.from, requests - moved] as const,
      [planned.to, moved] as const,
    ]) {
      if (count > 0) byVersion.set(version, { requests: count, failed: this.answer(version, count) });
    }
    const failed = [...byVersion.values()].reduce((sum, one) => sum + one.failed, 0);
    return { requests, failed, byVersion };
  }

  /** @returns how many failed */
  private answer(version: string, count: number): number {
    const { planned, random } = this.options;
    const { share, kind } = this.faults.failing(version) ?? { share: 0, kind: undefined };
    const failed = drawBinomial(count, share, random);
    const timeoutMs = planned.subject.timeoutMs(version);
    const slowMs = tookMs + this.faults.slowMs(version);
    const answered = (failure: FailureKind | undefined) =>
      failure === "timeout" || slowMs >= timeoutMs
        ? ({ failure: "timeout", tookMs: timeoutMs } as const)
        : { failure, tookMs: slowMs };
    this.subject?.record(version, answered(kind), failed);
    this.subject?.record(version, answered(undefined), count - failed);
    return slowMs >= timeoutMs ? count : failed;
  }
}
