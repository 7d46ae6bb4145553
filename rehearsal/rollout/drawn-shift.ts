import type { AlarmStates } from "../codedeploy/alarms";
import { CodeDeploy } from "../codedeploy/codedeploy";
import type { AliasRouting, LambdaApi } from "../codedeploy/lambda-api";
import { VirtualClock } from "../codedeploy/virtual-clock";
import type { Random } from "../random";
import { drawBinomial } from "./draw-binomial";
import type { Faults } from "./faults";
import { LambdaMetrics } from "./lambda-metrics";
import { MetricAlarms } from "./metric-alarms";
import { Metrics } from "./metrics";
import type { PlannedShift } from "./planned-shift";
import { type CodeDeployApi, type EndedShift, playShift } from "./shift";
import { type Answered, Traffic, type Users } from "./traffic";

const minute = 60_000;

export interface DrawnShiftOptions {
  readonly planned: PlannedShift;
  /** Requests per second. */
  readonly rate: number;
  readonly faults: Faults;
  readonly random: Random;
  readonly leadMs: number;
  /** How many minutes metrics come late. */
  readonly lateMinutes: number;
}

/** A shift in which the fate of requests is drawn, and neither handlers nor hooks are called. */
export async function drawShift(options: DrawnShiftOptions): Promise<EndedShift> {
  const { planned, rate, random, leadMs, lateMinutes } = options;
  const clock = new VirtualClock();
  const metrics = new Metrics();
  const users = new DrawnUsers(options, new LambdaMetrics(metrics));
  const traffic = new Traffic(clock, rate, users);
  const alarms = new MetricAlarms({ alarms: planned.alarms, metrics, lateMinutes });
  const lambda: LambdaApi = {
    getAlias: async () => users.routing,
    updateAlias: async (_functionName, _alias, routing) => {
      await traffic.catchUp();
      users.routing = routing;
    },
    start: async () => {},
  };
  return playShift({
    planned: { ...planned, hooks: {} },
    clock,
    api: codeDeployApi(lambda, alarms, clock),
    traffic,
    alarms,
    phaseMs: Math.floor(random() * minute),
    leadMs,
    afterMs: 0,
    stepMs: minute,
  });
}

/** CodeDeploy without HTTP. */
function codeDeployApi(lambda: LambdaApi, alarms: AlarmStates, clock: VirtualClock): CodeDeployApi {
  const { operations } = new CodeDeploy({ lambda, alarms, clock });
  const operation = (name: string) => async (input: object) => operations[name]?.(input as never);
  return {
    createApplication: operation("CreateApplication"),
    createDeploymentConfig: operation("CreateDeploymentConfig"),
    createDeploymentGroup: operation("CreateDeploymentGroup"),
    createDeployment: operation("CreateDeployment"),
    getDeployment: operation("GetDeployment"),
    getDeploymentTarget: operation("GetDeploymentTarget"),
  } as unknown as CodeDeployApi;
}

/** How long an invocation takes that is not slowed down. */
const durationMs = 1;

/** Draws how many requests each version gets, and how many of them fail. */
class DrawnUsers implements Users {
  routing: AliasRouting;

  constructor(
    private readonly options: DrawnShiftOptions,
    private readonly metrics: LambdaMetrics,
  ) {
    this.routing = { version: options.planned.from, weights: {} };
  }

  async send(requests: number): Promise<Answered> {
    const { random } = this.options;
    const [other] = Object.entries(this.routing.weights);
    const others = other === undefined ? 0 : drawBinomial(requests, other[1], random);
    const byVersion = new Map<string, { requests: number; failed: number }>();
    for (const [version, count] of [
      [this.routing.version, requests - others] as const,
      [other?.[0] ?? "", others] as const,
    ]) {
      if (count > 0) byVersion.set(version, { requests: count, failed: this.invoke(version, count) });
    }
    const failed = [...byVersion.values()].reduce((sum, one) => sum + one.failed, 0);
    return { requests, failed, byVersion };
  }

  /** @returns how many failed */
  private invoke(version: string, count: number): number {
    const { planned, faults, random } = this.options;
    const failed = drawBinomial(count, faults.failing.get(version) ?? 0, random);
    const invoked = { functionName: planned.functionName, qualifier: planned.alias, version };
    const slow = durationMs + (faults.slow.get(version) ?? 0);
    this.metrics.record(invoked, true, slow, failed);
    this.metrics.record(invoked, false, slow, count - failed);
    return failed;
  }
}
