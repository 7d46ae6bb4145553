import { bucketEvents } from "../../release/functions/bucket-events";
import type { AppliedState } from "../terraform/applied-state";
import type { Pattern } from "./pattern";

interface Notification {
  readonly id?: string;
  readonly events: readonly string[];
  readonly filter_prefix?: string;
  readonly filter_suffix?: string;
}

/**
 * What S3 sends a function, as a pattern for each event type.
 *
 * @param trigger its name
 * @returns nothing where the stack does not set it
 */
export function notificationFilters(
  state: AppliedState,
  bucket: string,
  trigger: string,
): Pattern[] | undefined {
  const found = state
    .ofType("aws_s3_bucket_notification")
    .filter(({ attributes }) => attributes["bucket"] === bucket)
    .flatMap(({ attributes }) => (attributes["lambda_function"] ?? []) as Notification[])
    .find(({ id }) => id === trigger);
  return found?.events.map((event) => {
    const type = event.slice("s3:".length);
    const eventName = [type.endsWith("*") ? { prefix: type.slice(0, -1) } : type];
    const { filter_prefix: start = "", filter_suffix: end = "" } = found;
    // A key may be both, so that the one ends where the other begins.
    return start + end === ""
      ? { eventName }
      : { eventName, s3: { object: { key: [{ wildcard: `${start}*${end}` }] } } };
  });
}

/** A record that a pattern lets through, as S3 would write it. */
export function sampleRecord([pattern]: readonly Pattern[]): Record<string, unknown> {
  const [rule] = (pattern?.["eventName"] ?? []) as (string | { readonly prefix: string })[];
  const object = pattern?.["s3"] as { object: { key: { wildcard: string }[] } } | undefined;
  const key = object?.object.key[0]?.wildcard.replace("*", "rehearsal");
  return {
    ...(rule !== undefined && { eventName: typeof rule === "string" ? rule : eventOf(rule.prefix) }),
    ...(key !== undefined && { s3: { object: { key } } }),
  };
}

/** The first event of a type such as `ObjectCreated:`. */
function eventOf(type: string): string {
  const found = bucketEvents.find((one) => one.startsWith(`s3:${type}`) && !one.endsWith("*"));
  return found?.slice("s3:".length) ?? type;
}
