import { Unable } from "../../release/files/project";
import { table } from "../../terminal/table";
import { type ExpectedShare, type Observation, runReport } from "../../traffic/report";
import { qualifiedName } from "../api-gateway/integration-target";
import type { InvocationTarget } from "../lambda/lambda-service";
import type { Rehearsal } from "../rehearsal";
import { targetShares, type VersionOf } from "../split";
import { progressLine, say, seldom } from "../terminal";
import { type Feed, feedsOf } from "./feed";
import type { GivenEvents } from "./given-events";
import { EventPlayer, type PlayedInvocation } from "./player";
import { sources } from "./sources";
import { invokedBy, triggersIn } from "./trigger";

export interface EventsOptions {
  /** Invocations to play. */
  readonly invocations: number;
  /** Invocations per second. @default - as fast as they are done */
  readonly rate?: number;
  /** @default - a sample of each trigger */
  readonly given?: GivenEvents;
}

/** What of events no rehearsal knows. */
const unplayed = "retries, dead-letter queues, throttling, and how many run at once";

/** The events of a stack after an apply. @throws {Unable} where nothing is there that events could invoke */
export function feedsIn({ blocks, outputs }: Rehearsal, given?: GivenEvents): Feed[] {
  const feeds = feedsOf(triggersIn(blocks), invokedBy(outputs["alias_arn"]), given);
  if (feeds.length === 0)
    throw new Unable("the stack has no trigger and no output alias_arn: nothing to play");
  return feeds;
}

/** Who serves what of the events, where all of them go to one alias. */
function expectedOf(feeds: readonly Feed[], { functions }: Rehearsal, versionOf: VersionOf): ExpectedShare[] {
  const targets = new Map(feeds.map(({ target }) => [qualifiedName(target), target]));
  const [target, ...others] = [...targets.values()] as [InvocationTarget, ...InvocationTarget[]];
  return others.length > 0 ? [] : targetShares(target, versionOf, functions);
}

/**
 * Plays events through the aliases of a rehearsal, and tells of it on the terminal.
 *
 * @returns whether the split was as the alias says and no record failed
 */
export async function rehearseEvents(
  rehearsal: Rehearsal,
  { invocations, rate, given }: EventsOptions,
  versionOf: VersionOf,
): Promise<boolean> {
  const feeds = feedsIn(rehearsal, given);
  const expected = expectedOf(feeds, rehearsal, versionOf);
  for (const target of new Set(feeds.map((one) => qualifiedName(one.target)))) {
    const shares = expected.map(({ version, percent }) => `${version} ${percent} %`).join(", ");
    say("serving", shares === "" ? target : `${target} (${shares})`);
  }
  for (const { name, plays, from } of feeds) say("playing", `${name}: ${plays}, ${from}`);
  say("not played", unplayed);
  say("invoking", `${invocations.toLocaleString("en")} times`);
  const tell = seldom();
  const progress = progressLine(invocations);
  const played: PlayedInvocation[] = [];
  await new EventPlayer(rehearsal.lambda, feeds).play(
    invocations,
    (one) => {
      played.push(one);
      progress(played.length);
      if (one.reason !== undefined) tell(`${whoOf(one, versionOf)}: ${one.reason}`);
    },
    rate,
  );
  const observations = played.map((one): Observation => {
    const version = one.version && versionOf(one.feed.target.functionName, one.version);
    return { version, latencyMs: one.latencyMs, failed: one.failed > 0 };
  });
  const { ok, text } = runReport(observations, expected, "invocation");
  console.log(`\n${text}\n\n${triggerTable(feeds, played)}`);
  return ok;
}

function whoOf({ feed, version }: PlayedInvocation, versionOf: VersionOf): string {
  const who = version === undefined ? "" : `[${versionOf(feed.target.functionName, version)}] `;
  return `${who}${feed.name}`;
}

/** What each trigger has sent, and what of it failed. */
function triggerTable(feeds: readonly Feed[], played: readonly PlayedInvocation[]): string {
  const count = (own: readonly PlayedInvocation[], of: (one: PlayedInvocation) => number) =>
    own.reduce((sum, one) => sum + of(one), 0).toLocaleString("en");
  const rows = feeds.map((feed) => {
    const own = played.filter((one) => one.feed === feed);
    const { trigger, name } = feed;
    const noun = trigger === undefined ? "events" : sources[trigger.kind].records;
    return [
      name,
      own.length.toLocaleString("en"),
      `${count(own, ({ records }) => records)} ${noun}`,
      count(own, ({ isError }) => (isError ? 1 : 0)),
      count(own, ({ failed }) => failed),
    ];
  });
  return table(["trigger", "invocations", "sent", "errors", "failed records"], rows, 2);
}
