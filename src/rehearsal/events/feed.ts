import { Unable } from "../../release/files/project";
import type { InvocationTarget } from "../lambda/lambda-service";
import type { GivenEvents } from "./given-events";
import { matchesPattern, sampleOf } from "./pattern";
import { eventOf, type Message, sources } from "./sources";
import type { PlayedTrigger } from "./trigger";

/** An event of one invocation, and the records in it. */
export interface PlayedEvent {
  readonly event: object;
  readonly records: number;
  /** By what the function names those that failed. @default - it is not asked */
  readonly ids?: readonly string[];
}

/** What invokes a function with one event after the other, for ever the same messages in turn. */
export interface Feed {
  /** The trigger's name, or `(direct)` for a call by others. */
  readonly name: string;
  readonly target: InvocationTarget;
  /** @default - others invoke it */
  readonly trigger?: PlayedTrigger;
  /** What it plays, for the terminal: `batches of 10 messages`. */
  readonly plays: string;
  /** How the messages came about, for the terminal. */
  readonly from: string;
  next(): PlayedEvent;
}

/** Of an invocation: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const mostBytes = 6 * 1024 * 1024;

/**
 * The feeds of a run: of every trigger a sample, or of those that a file names what it gives.
 *
 * @param direct what others invoke, where events name no trigger. @default - nobody does
 * @throws {Unable} where the file names what the stack does not have, or no message of it passes the filters
 */
export function feedsOf(
  triggers: readonly PlayedTrigger[],
  direct: InvocationTarget | undefined,
  given: GivenEvents | undefined,
): Feed[] {
  if (given !== undefined) return givenFeeds(triggers, direct, given);
  if (triggers.length > 0) return triggers.map(sampleFeed);
  return direct === undefined ? [] : [directFeed(direct, [{ sample: true }], "a sample")];
}

function givenFeeds(
  triggers: readonly PlayedTrigger[],
  direct: InvocationTarget | undefined,
  { path, events }: GivenEvents,
): Feed[] {
  const wrong = (index: number, field: string, message: string) =>
    new Unable(`${path} '[${index}].${field}' ${message}`);
  const names = triggers.map(({ name }) => name);
  const messages = new Map<string | undefined, Message[]>();
  for (const [index, { trigger: name, count, ...message }] of events.entries()) {
    const trigger = triggers.find((one) => one.name === name);
    if (name !== undefined && trigger === undefined)
      throw wrong(
        index,
        "trigger",
        `must be a trigger of the stack (${names.join(", ") || "none"}), got "${name}"`,
      );
    if (name === undefined && direct === undefined)
      throw wrong(index, "trigger", `must be given: one of ${names.join(", ")}`);
    const takes: readonly string[] = trigger === undefined ? ["event"] : sources[trigger.kind].takes;
    const fields = Object.entries(message).flatMap(([field, value]) => (value === undefined ? [] : [field]));
    const other = fields.find((field) => !takes.includes(field));
    if (other !== undefined) {
      const kinds = takes.length === 0 ? "nothing more may be given" : `there is ${takes.join(" and ")}`;
      throw wrong(index, other, `must not be given for ${trigger?.kind ?? "a direct call"}: ${kinds}`);
    }
    const own = messages.get(name) ?? [];
    own.push(...Array.from({ length: count }, () => message));
    messages.set(name, own);
  }
  return [...messages].map(([name, own]) => {
    const trigger = triggers.find((one) => one.name === name);
    if (trigger !== undefined) return filteredFeed(trigger, own, path);
    const payloads = own.map(({ event = {} }) => event);
    return directFeed(direct as InvocationTarget, payloads, `given in ${path}`);
  });
}

function filteredFeed(trigger: PlayedTrigger, messages: readonly Message[], path: string): Feed {
  const { kind, filters, name } = trigger;
  const { records, seen } = sources[kind];
  const passing = messages.filter(
    (one) => filters?.some((filter) => matchesPattern(filter, seen(trigger, one))) ?? true,
  );
  if (passing.length === 0)
    throw new Unable(`${path}: no event of trigger ${name} matches its filter, so AWS would deliver none`);
  const dropped = messages.length - passing.length;
  const told =
    dropped === 0 ? "" : `; ${dropped} of ${messages.length} ${records} match no filter, AWS drops them`;
  return feed(trigger, passing, `given in ${path}${told}`);
}

/** @throws {Unable} where no sample can be made that the filters let through */
function sampleFeed(trigger: PlayedTrigger): Feed {
  const [filter] = trigger.filters ?? [];
  const matching = filter && sampleOf(filter);
  const { sample, seen } = sources[trigger.kind];
  const message = sample(trigger, matching);
  if (filter !== undefined && (matching === undefined || !matchesPattern(filter, seen(trigger, message))))
    throw new Unable(
      `no sample can be made that the filter of trigger ${trigger.name} matches: give --events`,
    );
  return feed(trigger, [message], "a sample");
}

function feed(trigger: PlayedTrigger, messages: readonly Message[], from: string): Feed {
  const { kind, name, target, batchSize, reportsFailures } = trigger;
  const { record, records: noun, idOf } = sources[kind];
  let at = 0;
  const next = () => record(trigger, messages[at++ % messages.length] as Message);
  return {
    name,
    target,
    trigger,
    from,
    plays: batchSize === 1 ? noun : `batches of ${batchSize.toLocaleString("en")} ${noun}`,
    next: () => {
      const records = [next()];
      const bytes = JSON.stringify(records[0]).length;
      const most = Math.max(1, Math.min(batchSize, Math.floor(mostBytes / (bytes + 1))));
      while (records.length < most) records.push(next());
      return {
        event: eventOf(kind, records),
        records: records.length,
        ...(reportsFailures && idOf && { ids: records.map(idOf) }),
      };
    },
  };
}

function directFeed(target: InvocationTarget, payloads: readonly object[], from: string): Feed {
  let at = 0;
  return {
    name: "(direct)",
    target,
    from,
    plays: "events",
    next: () => ({ event: payloads[at++ % payloads.length] as object, records: 1 }),
  };
}
