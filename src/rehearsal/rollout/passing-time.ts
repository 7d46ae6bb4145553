import type { VirtualClock } from "../codedeploy/virtual-clock";
import { type Faults, onsetsOf } from "./faults";
import type { MetricAlarms } from "./metric-alarms";
import { minute } from "./time";
import type { Traffic } from "./traffic";

/** What goes on while users are moved: requests, and alarms that look at their answers. */
export interface Passing {
  readonly clock: VirtualClock;
  readonly traffic: Traffic;
  readonly alarms: MetricAlarms;
  /** When alarms are evaluated, in each minute of the clock. */
  readonly phaseMs: number;
  /** How long there is traffic before users are moved. */
  readonly leadMs: number;
  /** What is wrong on purpose, since they begin to be. */
  readonly faults: Faults;
  /** Requests of each whole step of the clock are sent apart, to be told minute by minute. */
  readonly stepMs: number;
}

/** Lets time pass, and sends the requests of it. */
export async function pass({ clock, traffic, stepMs }: Passing, ms: number): Promise<void> {
  const end = clock.now().getTime() + ms;
  for (let now = end - ms; now < end; now = clock.now().getTime()) {
    await clock.advance(Math.min(end - now, stepMs - (now % stepMs)));
    await traffic.catchUp();
  }
}

/** Moves users while alarms are evaluated each minute, and while others do what they do beside. @returns what `move` does */
export async function whileAlarmsLook<T>(
  passing: Passing,
  move: () => Promise<T>,
  beside: (over: AbortSignal) => Promise<void> = async () => {},
): Promise<T> {
  const over = new AbortController();
  const forever = new Promise<never>(() => {});
  try {
    // What fails there fails all of it.
    const evaluating = Promise.all([
      evaluateAlarms(passing, over.signal),
      meetOnsets(passing, over.signal),
      beside(over.signal),
    ]);
    return await Promise.race([move(), evaluating.then(() => forever)]);
  } finally {
    over.abort();
  }
}

/** Does something each minute of the clock, after the requests that are due. */
export async function eachMinute(
  { clock, traffic }: Pick<Passing, "clock" | "traffic">,
  phaseMs: number,
  over: AbortSignal,
  action: () => void | Promise<void>,
): Promise<void> {
  for (let wait = phaseMs; ; wait = minute) {
    await clock.sleep(wait, over);
    if (over.aborted) return;
    await clock.during(traffic.catchUp().then(action));
  }
}

/** Sends the requests from before each onset, so that none of them meets what is wrong from then on. */
async function meetOnsets({ clock, traffic, faults, leadMs }: Passing, over: AbortSignal): Promise<void> {
  const startsAt = clock.now().getTime() + leadMs;
  for (const onset of onsetsOf(faults)) {
    await clock.sleep(startsAt + onset - clock.now().getTime(), over);
    if (over.aborted) return;
    await clock.during(traffic.catchUp());
  }
}

function evaluateAlarms({ alarms, phaseMs, ...passing }: Passing, over: AbortSignal): Promise<void> {
  return eachMinute(passing, phaseMs, over, () => alarms.evaluate());
}
