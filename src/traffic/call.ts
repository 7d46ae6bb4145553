import { oneLine } from "./one-line";
import { type ExpectedShare, invocationReport, type Observation, runReport, type Verdict } from "./report";
import { isFailure, type Sent } from "./sent-request";
import { callEvery } from "./traffic";
import {
  type AskWhoAnswered,
  isEnough,
  type ToldInvocations,
  type ToldVersions,
  type WhoAnswered,
} from "./who-answered";

export interface CallOptions {
  readonly url: string;
  /** Seconds from one request to the next. */
  readonly interval: number;
  /** Requests to send. */
  readonly count: number;
  /** How each request is sent. @default - by GET */
  readonly sent?: Sent;
  /** The response header with the version. @default "x-version" */
  readonly header?: string;
  /** The field of the JSON body with the version, where no header has it. @default - none */
  readonly field?: string;
  /** The share that each version should have. Empty: any. */
  readonly expect: readonly ExpectedShare[];
  /** Is asked which version answered, where no response names one. @default - nobody is */
  readonly ask?: AskWhoAnswered;
}

/** 0 no request failed and the split is as it should be; 1 it is not; 2 which version answered is not known. */
export type CallOutcome = 0 | 1 | 2;

/**
 * Calls a deployed API at an interval, and prints each response, and at the end, or at Ctrl+C, who answered how often.
 */
export async function callDeployed(options: CallOptions): Promise<CallOutcome> {
  const { url, interval, count, sent = {}, header = "x-version", field } = options;
  const observations: Observation[] = [];
  const from = new Date();
  const finish = () => report(observations, from, options);
  const interrupted = () => finish().then((code) => process.exit(code));
  process.once("SIGINT", interrupted);
  await callEvery(url, interval, count, sent, ({ status, body, headers: answered, latencyMs }) => {
    const version = answered?.get(header) ?? fieldOf(body, field);
    const requestId = answered?.get("x-amzn-requestid") ?? undefined;
    observations.push({ requestId, version, latencyMs, failed: isFailure(sent, status) });
    console.log([new Date().toISOString(), status ?? "---", version ?? "-", oneLine(body)].join("  "));
  });
  process.off("SIGINT", interrupted);
  return finish();
}

async function report(
  observations: readonly Observation[],
  from: Date,
  options: CallOptions,
): Promise<CallOutcome> {
  const { expect, header = "x-version" } = options;
  const isNamed = observations.some(({ version }) => version !== undefined);
  const isAnswered = observations.some(({ failed }) => !failed);
  if (isNamed || !isAnswered) return printed(runReport(observations, expect));
  const who = await askWho(observations, from, options.ask);
  if ("versions" in who) return reportVersions(observations, who, expect);
  const own = runReport(observations, []);
  if ("invocations" in who) return printed(invocationsVerdict(own, who, expect));
  const why = `Which version answered is not known: no response has the header ${header}, and ${who.unknown}.`;
  const outcome = printed({ ok: own.ok, text: `${own.text}\n${why}` });
  return outcome === 0 && expect.length > 0 ? 2 : outcome;
}

function invocationsVerdict(
  own: Verdict,
  { by, invocations }: ToldInvocations,
  expect: readonly ExpectedShare[],
): Verdict {
  const { ok, text } = invocationReport(invocations, expect);
  const told = `No response names its version. ${by} counts the invocations of each, those by other callers too:`;
  return { ok: own.ok && (ok || expect.length === 0), text: [own.text, told, text].join("\n\n") };
}

async function askWho(
  observations: readonly Observation[],
  from: Date,
  ask: AskWhoAnswered | undefined,
): Promise<WhoAnswered> {
  const requests = observations.flatMap(({ requestId, failed }) =>
    requestId === undefined ? [] : [{ id: requestId, failed }],
  );
  if (requests.length === 0)
    return { unknown: "none has the header x-amzn-requestid, by which AWS is asked" };
  if (ask === undefined) return { unknown: "no service was named, whose access log could be read" };
  return ask({ requests, from, to: new Date() });
}

function reportVersions(
  observations: readonly Observation[],
  { by, versions }: ToldVersions,
  expect: readonly ExpectedShare[],
): CallOutcome {
  const named = observations.map((one) => ({ ...one, version: versions.get(one.requestId ?? "") }));
  const told = named.filter(({ version, failed }) => version !== undefined || failed);
  const missing = named.length - told.length;
  const { ok, text } = runReport(told, expect);
  const lines = [`No response names its version: ${by} shows it.`];
  if (missing > 0)
    lines.push(`${by} does not know ${missing} of ${named.length} requests: they are not counted.`);
  const outcome = printed({ ok, text: `${lines.join("\n")}\n\n${text}` });
  return outcome === 0 && !isEnough(told.length, named.length) ? 2 : outcome;
}

function printed({ ok, text }: Verdict): 0 | 1 {
  console.log(`\n${text}`);
  return ok ? 0 : 1;
}

function fieldOf(body: string, field: string | undefined): string | undefined {
  if (field === undefined) return undefined;
  try {
    const value = JSON.parse(body)[field];
    return value === undefined ? undefined : String(value);
  } catch {
    return undefined;
  }
}
