import type { Action } from "../../../guard/decide";
import type { VirtualClock } from "../../codedeploy/virtual-clock";
import { matchesPattern, type Pattern } from "../../events/pattern";
import type { AppliedState } from "../../terraform/applied-state";
import type { AlarmState } from "../alarm-state";
import { eachMinute } from "../passing-time";
import type { Traffic } from "../traffic";

/** How long an event of CloudWatch takes until the guard has begun, with a start of its function: assumed. */
export const wakeSeconds = 5;

/** What wakes a guard, as the rules of its stack say. */
export interface Wakers {
  /** Patterns of events. */
  readonly patterns: readonly Pattern[];
  /** Whether a schedule wakes it each minute. */
  readonly eachMinute: boolean;
}

/** The rules of a stack that invoke a function. @param functionArn the function's */
export function wakersOf(state: AppliedState, functionArn: unknown): Wakers {
  const targets = state.ofType("aws_cloudwatch_event_target").map(({ attributes }) => attributes);
  const ruled = new Set(targets.filter(({ arn }) => arn === functionArn).map(({ rule }) => rule));
  const rules = state
    .ofType("aws_cloudwatch_event_rule")
    .map(({ attributes }) => attributes)
    .filter(({ name }) => ruled.has(name));
  return {
    patterns: rules.flatMap(({ event_pattern }) =>
      event_pattern === undefined ? [] : [JSON.parse(String(event_pattern)) as Pattern],
    ),
    eachMinute: rules.some(({ schedule_expression }) => schedule_expression === "rate(1 minute)"),
  };
}

export interface WokenGuardOptions {
  readonly wakers: Wakers;
  readonly clock: VirtualClock;
  readonly traffic: Traffic;
  /** When the schedule comes, in each minute of the clock. */
  readonly phaseMs: number;
  /** Looks once, and does what it decides. */
  readonly look: (now: Date) => Promise<Action>;
}

/** What a guard did, and when. */
export interface Look {
  readonly at: Date;
  readonly action: Exclude<Action, { readonly kind: "nothing" }>;
}

/** The guard of a release on the rehearsal's clock: alarms and a schedule wake it. */
export class WokenGuard {
  /** Those that found something to do. */
  readonly looks: Look[] = [];
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly options: WokenGuardOptions) {}

  /** The last stop that it made. @returns nothing before the first */
  get stop(): (Look & { readonly action: Extract<Action, { readonly kind: "stop" }> }) | undefined {
    return this.looks.findLast((one): one is NonNullable<WokenGuard["stop"]> => one.action.kind === "stop");
  }

  /** An alarm came into a state: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
  hear(alarmName: string, value: AlarmState): void {
    const { wakers, clock, traffic } = this.options;
    const event = {
      source: "aws.cloudwatch",
      "detail-type": "CloudWatch Alarm State Change",
      detail: { alarmName, state: { value } },
    };
    if (!wakers.patterns.some((pattern) => matchesPattern(pattern, event))) return;
    clock.sleep(wakeSeconds * 1000).then(() => clock.during(traffic.catchUp().then(() => this.look())));
  }

  /** Has the schedule wake it until that is over. */
  async run(over: AbortSignal): Promise<void> {
    const { wakers, phaseMs } = this.options;
    if (wakers.eachMinute) await eachMinute(this.options, phaseMs, over, () => this.look());
  }

  /** One look after the other. */
  private look(): Promise<void> {
    const { clock, look } = this.options;
    this.looking = this.looking.then(async () => {
      const action = await look(clock.now());
      if (action.kind !== "nothing") this.looks.push({ at: clock.now(), action });
    });
    return this.looking;
  }
}
