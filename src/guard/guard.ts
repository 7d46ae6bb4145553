import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { alarmStates } from "../live/alarms";
import { type Account, clientOf, clientsOf, disconnect } from "../live/clients";
import { readLive } from "../live/live-state";
import { makeMoves, movesTo } from "../live/move";
import { RecordedStops } from "../live/stops";
import type { Decision } from "../release/decision";
import { type Guarded, standingAt } from "../release/guarded";
import { sharesOf } from "../release/split";
import type { Stop } from "../release/stops";
import { inSeconds } from "../release/time";
import { type Action, decide, type RedAlarm } from "./decide";
import { asChat, asText, needReport, type Report, stopReport } from "./report";
import { servingNow } from "./serving";

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
    if (red.length === 0 && !recorded.some(isRecent)) return { kind: "nothing" };
    const live = await readLive(aws, release);
    const { traffic, decision } = servingNow(release, live, recorded);
    const action = decide(guarded.guard, guarded.alarms, { traffic, decision, red, stops: recorded, now });
    if (action.kind === "tell") await tell(account, guarded, needReport(serviceOf(guarded), action));
    if (action.kind !== "stop") return action;
    const stop = {
      version: action.version,
      at: inSeconds(now),
      by: "guard",
      reason: action.reason,
      from: Object.fromEntries([...sharesOf(traffic)].filter(([, percent]) => percent > 0)),
      to: { [action.to]: 100 },
    };
    const after = standingAt(guarded, decisionAfter(action, stop, traffic.stable, decision));
    const moves = await movesTo(aws, after, live);
    // First what makes an apply refuse the version: a guard that ends here finds its users the next time.
    if (!action.isAgain) await stops.add(stop);
    await makeMoves(moves);
    await tell(account, guarded, stopReport(serviceOf(guarded), stop));
    return action;
  } finally {
    disconnect(aws);
    stops.close();
  }
}

/** What the pointer says then: as the file does when it has taken the stop in. */
function decisionAfter(
  { to }: Extract<Action, { readonly kind: "stop" }>,
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
  const names = [...Object.values(alarms.ofVersion).flat(), ...alarms.ofAll];
  const states = await alarmStates(account, [...new Set(names)]);
  return states.filter(({ state }) => state === "ALARM");
}

/** Tells every topic, also where one of them does not answer: the users are moved by then. */
async function tell(account: Account, { guard }: Guarded, report: Report): Promise<void> {
  if (guard.topics.length === 0) return;
  const text = asText(report);
  const sns = clientOf(SNSClient, account, "sns");
  try {
    const sent = guard.topics.map((TopicArn) =>
      sns.send(
        new PublishCommand({
          TopicArn,
          // https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
          Subject: report.title.slice(0, 99),
          MessageStructure: "json",
          Message: JSON.stringify({ default: text, https: asChat(report) }),
        }),
      ),
    );
    const failed = (await Promise.allSettled(sent)).filter(({ status }) => status === "rejected");
    for (const one of failed) console.error(String((one as PromiseRejectedResult).reason));
  } finally {
    sns.destroy();
  }
}

function serviceOf({ release: { environment, service } }: Guarded): string {
  return `${environment.name}/${service}`;
}
