import type { RequestHeaders } from "./headers";
import { type ExpectedShare, type Observation, runReport } from "./report";
import { callEvery } from "./traffic";

export interface CallOptions {
  readonly url: string;
  /** Seconds from one request to the next. */
  readonly interval: number;
  /** Requests to send. */
  readonly count: number;
  /** Sent with each request. @default - none */
  readonly headers?: RequestHeaders;
  /** The response header with the version. @default "x-version" */
  readonly header?: string;
  /** The field of the JSON body with the version, where no header has it. @default - none */
  readonly field?: string;
  /** The share that each version should have. Empty: any. */
  readonly expect: readonly ExpectedShare[];
}

/**
 * Calls a deployed API at an interval, and prints each response, and at the end, or at Ctrl+C, who answered how often.
 *
 * @returns whether no request failed and the split is as it should be
 */
export async function callDeployed(options: CallOptions): Promise<boolean> {
  const { url, interval, count, headers = {}, header = "x-version", field, expect } = options;
  const observations: Observation[] = [];
  const finish = () => {
    const { ok, text } = runReport(observations, expect);
    console.log(`\n${text}`);
    return ok;
  };
  const interrupted = () => process.exit(finish() ? 0 : 1);
  process.once("SIGINT", interrupted);
  await callEvery(url, interval, count, headers, ({ status, body, headers: answered, latencyMs }) => {
    const version = answered?.get(header) ?? fieldOf(body, field);
    observations.push({ version, latencyMs, failed: status === undefined || status >= 400 });
    console.log([new Date().toISOString(), status ?? "---", version ?? "-", oneLine(body)].join("  "));
  });
  process.off("SIGINT", interrupted);
  return finish();
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

/** What a response said, printable and short. */
function oneLine(body: string): string {
  const text = body.replace(/[\p{C}\s]+/gu, " ");
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}
