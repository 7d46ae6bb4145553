import { alarmStates } from "../live/alarms";
import { type Account, type Aws, clientsOf, disconnect } from "../live/clients";
import { LiveShareRecord } from "../live/live-share-record";
import { type LiveState, readLive } from "../live/live-state";
import { makeMoves, movesTo } from "../live/move";
import { RecordedStops } from "../live/stops";
import { type Report, tellTopics } from "../live/topics";
import { countedSince } from "../live/version-counts";
import { guardedAlarmNames } from "../release/alarms/guarded-alarms";
import { versionCounts } from "../release/alarms/version-counts";
import { type Guarded, standingAt } from "../release/guarded";
import { sharesOf } from "../release/split";
import type { Decision } from "../release/steps/decision";
import { isSameShare, wholeShare } from "../release/steps/live-share";
import type { Stop } from "../release/steps/stops";
import { modelOf } from "../release/strategies/strategies";
import { inSeconds } from "../release/time";
import { type Action, decide, type RedAlarm, type Sight } from "./decide";
import { type CountsSince, needReport, stopReport } from "./report";
import { type Serving, servingNow } from "./serving";
import { worseThanStable } from "./worse";

/** How long an apply that was planned before a stop may still give the version users again: an apply takes minutes. */
const watchedHours = 6;

/**
 * Looks at a release once, and takes a bad version back. Asked twice at once, it does the same once.
 *
 * @throws {AwsError} where AWS does not answer: Lambda then asks again
 */
export async function look(account: Account, guarded: Guarded, now: Date): Promise<Action> {
  const { release } = guarded;
  const stops = new RecordedStops(account, release.name);
  const aws = clientsOf(account);
  try {
    const [red, recorded] = await Promise.all([redAlarms(account, guarded), stops.read()]);
    const isRecent = ({ at }: Stop) => now.getTime() - Date.parse(at) < watchedHours * 3_600_000;
    // API Gateway answers few calls a second for a whole account: it is asked only where there is something to do.
    const isQuiet = red.length === 0 && !recorded.some(isRecent);
    if (isQuiet && guarded.guard.verdict !== true) return { kind: "nothing" };
    const live = await readLive(aws, release);
    const { traffic, decision } = servingNow(release, live, recorded);
    const promoted = await promotedIn(aws, guarded, live, { traffic, decision });
    const sight = { traffic, decision, promoted, red, stops: recorded, now };
    const action = await decideOn(aws, guarded, live, sight);
    if (action.kind === "tell" && isTimeToTell(red, now))
      await tell(account, guarded, needReport(serviceOf(guarded), action));
    if (action.kind !== "stop") return action;
    const stop = {
      version: action.version,
      at: inSeconds(now),
      by: "guard",
      alarm: action.alarms[0],
      reason: action.reason,
      from: Object.fromEntries([...sharesOf(traffic)].filter(([, percent]) => percent > 0)),
      to: { [action.to]: 100 },
    };
    const after = standingAt(guarded, decisionAfter(action, stop, traffic.stable, decision));
    const moves = await movesTo(aws, after, live);
    // First what makes an apply refuse the version: a guard that ends here finds its users the next time.
    if (!action.isAgain) await stops.add(stop);
    await makeMoves(moves);
    if (guarded.guard.topics.length > 0) {
      // The users are moved by then.
      const counts = await countsOf(account, guarded, action, { traffic, decision, stops: recorded, now });
      await tell(account, guarded, stopReport(serviceOf(guarded), stop, counts));
    }
    return action;
  } finally {
    disconnect(aws);
    stops.close();
  }
}

/**
 * Since when the stable version serves everybody, where nobody is on trial: a stage says when it was changed, and of an
 * alias the guard has recorded it.
 */
async function promotedIn(
  aws: Aws,
  { release }: Guarded,
  { api }: LiveState,
  { traffic, decision }: Serving,
): Promise<Date | undefined> {
  if (traffic.canary !== undefined || decision?.former === undefined) return undefined;
  if (modelOf(release).movedBy !== "alias") return api?.stage.updated;
  const recorded = new LiveShareRecord(aws, release.name);
  try {
    const share = await recorded.read();
    return isSameShare(wholeShare(decision), share) ? new Date(share?.at ?? "") : undefined;
  } finally {
    recorded.close();
  }
}

/** By alarms first, and where they say nothing by the verdict, which takes longer and asks more. */
async function decideOn(aws: Aws, guarded: Guarded, live: LiveState, sight: Sight): Promise<Action> {
  const action = decide(guarded.guard, guarded.alarms, sight);
  if (action.kind !== "nothing" || guarded.guard.verdict !== true) return action;
  const worse = await worseThanStable(aws, guarded, live, sight.now);
  return decide(guarded.guard, guarded.alarms, { ...sight, worse });
}

type Stopping = Extract<Action, { readonly kind: "stop" }>;

/** What the stopped version did since it had its share, or since it got users again. @returns nothing where that is not known */
async function countsOf(
  account: Account,
  { release, countsAccessLogs }: Guarded,
  { version }: Stopping,
  { traffic, decision, stops, now }: Omit<Sight, "red">,
): Promise<CountsSince | undefined> {
  const role = traffic.canary?.version === version ? "canary" : "stable";
  const decided = decision?.[role];
  if (decided?.version !== version || decided.since === undefined) return undefined;
  const before = stops.find((one) => one.version === version)?.at ?? decided.since;
  const since = Date.parse(before) > Date.parse(decided.since) ? before : decided.since;
  const counts = versionCounts(release, { version, role }, countsAccessLogs);
  try {
    const counted = await countedSince(account, counts, new Date(since), now);
    return counted && { ...counted, since };
  } catch (error) {
    console.error(String(error));
    return undefined;
  }
}

/** What the pointer says then: as the file does when it has taken the stop in. */
function decisionAfter(
  { to }: Stopping,
  { at }: Stop,
  stable: string,
  decision: Decision | undefined,
): Omit<Decision, "canary"> {
  if (to !== stable) return { stable: { version: to, since: at } };
  // Somebody may have moved the pointer by hand, and left what it says as it was.
  const said = decision?.stable.version === to ? decision : undefined;
  return { stable: { version: to, since: said?.stable.since }, former: said?.former };
}

async function redAlarms(account: Account, { alarms }: Guarded): Promise<readonly RedAlarm[]> {
  const states = await alarmStates(account, guardedAlarmNames(alarms));
  return states.filter(({ state }) => state === "ALARM");
}

/** Nothing is moved, so each look finds the same: people hear of it at once, and each hour again. */
function isTimeToTell(red: readonly RedAlarm[], now: Date): boolean {
  const newest = Math.max(...red.map(({ since = now }) => since.getTime()));
  const minutes = Math.floor((now.getTime() - newest) / 60_000);
  return minutes < 2 || minutes % 60 === 0;
}

/** Tells every topic, also where one of them does not answer: the users are moved by then. */
async function tell(account: Account, { guard }: Guarded, report: Report): Promise<void> {
  for (const line of await tellTopics(account, guard.topics, report)) console.error(line);
}

function serviceOf({ release: { environment, service } }: Guarded): string {
  return `${environment.name}/${service}`;
}
