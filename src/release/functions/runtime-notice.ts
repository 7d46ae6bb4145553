import { type AwsProvider, isKnownTo } from "../aws/aws-provider";
import { type Runtime, runtimes } from "./runtimes";

/** AWS writes to those who have functions with a runtime so many days before it is deprecated. */
const noticeDays = 60;

/** What is to be known of a runtime on a day. */
export interface RuntimeNotice {
  /** Whether AWS creates no function with it any more. */
  readonly isBlocked: boolean;
  /** The dates and the way out, as a sentence without a full stop. */
  readonly text: string;
  /** The newest runtime of the language that the AWS provider takes. @default - it is this one */
  readonly successor?: string;
}

/**
 * @param provider the one that deploys the function. @default - the newest
 * @returns nothing where AWS maintains the runtime for more than 60 days
 */
export function runtimeNotice(name: string, now: Date, provider?: AwsProvider): RuntimeNotice | undefined {
  const runtime = runtimes.find((one) => one.name === name);
  if (runtime === undefined) return undefined;
  const { deprecated, creationBlocked } = runtime;
  const successor = successorOf(runtime, provider);
  const wayOut = successor === undefined ? "" : `: use ${successor}`;
  const isBlocked = dayOf(now) >= creationBlocked;
  if (isBlocked) {
    const text = `AWS creates no function with ${name} since ${creationBlocked}${wayOut}`;
    return { isBlocked, text, successor };
  }
  const soon = new Date(now.getTime() + noticeDays * 24 * 60 * 60 * 1000);
  if (dayOf(soon) < deprecated) return undefined;
  const verb = dayOf(now) >= deprecated ? "deprecated" : "deprecates";
  const text = `AWS ${verb} ${name} on ${deprecated}, and creates no function with it from ${creationBlocked} on${wayOut}`;
  return { isBlocked, text, successor };
}

function successorOf({ name, language }: Runtime, provider?: AwsProvider): string | undefined {
  const newest = runtimes
    .filter((one: Runtime) => one.language === language && isKnownTo(provider, one))
    .at(-1)?.name;
  return newest === name ? undefined : newest;
}

/** `2026-11-27` in UTC: days compare as text. */
function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
