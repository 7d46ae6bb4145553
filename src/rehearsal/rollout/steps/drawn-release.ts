import { type Action, decide } from "../../../guard/decide";
import { guardedAlarmNames } from "../../../release/alarms/guarded-alarms";
import type { PlannedMove } from "../../../release/files/rehearsed-moves";
import type { Guarded } from "../../../release/guarded";
import type { Decision } from "../../../release/steps/decision";
import { inSeconds } from "../../../release/time";
import { VirtualClock } from "../../codedeploy/virtual-clock";
import type { Random } from "../../random";
import { DrawnUsers } from "../drawn-shift";
import { type Faults, PresentFaults } from "../faults";
import { lookBackMs, MetricAlarms } from "../metric-alarms";
import { Metrics } from "../metrics";
import { minute } from "../time";
import { Traffic } from "../traffic";
import { AlarmHistory } from "./alarm-history";
import type { Answerers } from "./answerers";
import type { PlannedRelease } from "./planned-release";
import { type EndedRelease, playRelease } from "./stepped-release";
import { type Wakers, WokenGuard } from "./woken-guard";

export interface DrawnReleaseOptions {
  readonly planned: PlannedRelease;
  /** Who answers the requests of each version, and what metrics tell of it. */
  readonly answerers: Answerers;
  readonly wakers: Wakers;
  /** Requests per second. */
  readonly rate: number;
  readonly faults: Faults;
  readonly random: Random;
  /** How many minutes metrics come late. */
  readonly lateMinutes: number;
  /**
   * A person is paged by the first alarm in ALARM that keeps a verb from going on, and so many minutes later moves the
   * users back, whatever the alarm's state is then. @default - the guard moves them, where the release has one
   */
  readonly personAfterMinutes?: number;
}

/** A release in which the fate of requests is drawn, and nothing real is called. What the guard does, its own code decides. */
export async function drawRelease(options: DrawnReleaseOptions): Promise<EndedRelease> {
  const { planned, answerers, wakers, rate, random, lateMinutes, personAfterMinutes } = options;
  const leadMs = lookBackMs(planned.alarms);
  const clock = new VirtualClock({ startsAt: new Date(planned.startsAt.getTime() - leadMs) });
  const metrics = new Metrics();
  const users = new DrawnUsers(
    options,
    new PresentFaults(options.faults, () => clock.now().getTime() - planned.startsAt.getTime()),
  );
  users.subject = answerers.draw(metrics);
  const traffic = new Traffic(clock, rate, users);
  const history = new AlarmHistory(clock, planned.alarms);
  const made: PlannedMove[] = [];
  const { guarded } = planned;
  const lookPhaseMs = Math.floor(random() * minute);
  const phaseMs = Math.floor(random() * minute);
  const actionAt =
    personAfterMinutes === undefined
      ? guarded && ((now: Date) => decided(guarded, planned, history, made, now))
      : (now: Date) => paged(personAfterMinutes, planned, history, now);
  let isStopped = false;
  const isPerson = personAfterMinutes !== undefined;
  const guard =
    actionAt &&
    new WokenGuard({
      // A person looks in the moment in which the minutes are over.
      wakers: isPerson ? { patterns: [], eachMinute: true } : wakers,
      phaseMs: isPerson ? phaseMs : lookPhaseMs,
      clock,
      traffic,
      look: async (now) => {
        // Once it has no users, it is not on trial any more.
        const action: Action = isStopped ? { kind: "nothing" } : actionAt(now);
        if (action.kind === "stop") {
          users.percent = 0;
          isStopped = true;
        }
        return action;
      },
    });
  const alarms = new MetricAlarms({
    alarms: planned.alarms,
    metrics,
    lateMinutes,
    onChange: (alarm, state, before) => {
      history.add(alarm, state, before);
      guard?.hear(alarm, state);
    },
  });
  return playRelease({
    planned,
    clock,
    traffic,
    alarms,
    guard,
    faults: options.faults,
    lateMinutes,
    apply: async (move) => {
      await traffic.catchUp();
      made.push(move);
      users.percent = move.percent;
    },
    phaseMs,
    leadMs,
    afterMs: 0,
    stepMs: minute,
  });
}

/** What a person does who was paged. */
function paged(
  afterMinutes: number,
  { from, to, startsAt, refusing }: PlannedRelease,
  { changes }: AlarmHistory,
  now: Date,
): Action {
  const page = changes.find(
    ({ at, alarm, state }) => state === "ALARM" && at >= startsAt && refusing.includes(alarm),
  );
  if (page === undefined || now.getTime() < page.at.getTime() + afterMinutes * minute)
    return { kind: "nothing" };
  const { alarm } = page;
  return {
    kind: "stop",
    version: to,
    to: from,
    reason: `alarm ${alarm}`,
    alarms: [alarm],
    isAgain: false,
  };
}

/** What the guard decides of what it would find in AWS. */
function decided(
  { guard, alarms }: Guarded,
  { from, to, startsAt }: PlannedRelease,
  history: AlarmHistory,
  made: readonly PlannedMove[],
  now: Date,
): Action {
  const red = history.red(guardedAlarmNames(alarms));
  const last = made.at(-1);
  // As its look has it: without an alarm there is nothing to do.
  if (red.length === 0 || last === undefined) return { kind: "nothing" };
  const since = inSeconds(new Date(startsAt.getTime() + last.atMinutes * minute));
  const isPromoted = last.verb === "promote";
  const decision: Decision = isPromoted
    ? { stable: { version: to, since }, former: from }
    : { stable: { version: from }, canary: { version: to, since } };
  const traffic = isPromoted
    ? { stable: to }
    : { stable: from, canary: { version: to, percent: last.percent } };
  return decide(guard, alarms, { traffic, decision, red, stops: [], now });
}
