import { CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { accessLogGroup, canaryLogGroup } from "../release/alarms/access-log";
import type { ApiRelease } from "../release/release";
import { AwsError } from "./aws-error";
import { type Aws, clientOf } from "./clients";
import { Missing } from "./live-state";
import { pages } from "./pages";
import type { Patience } from "./who-answered";

/** This machine's clock may be off by so much. */
const clockMs = 60_000;

/**
 * Waits for the lines of requests in the access log of a service's API.
 *
 * @param ids API Gateway's ids of the requests
 * @returns by id, whether the canary answered; what did not arrive in time is not in it
 * @throws {Missing} where there is no such log
 */
export async function canaryRequests(
  aws: Aws,
  { name }: Pick<ApiRelease, "name">,
  ids: readonly string[],
  from: Date,
  patience: Patience,
): Promise<ReadonlyMap<string, boolean>> {
  const client = clientOf(CloudWatchLogsClient, aws, "logs");
  const group = accessLogGroup(name);
  const wanted = new Set(ids);
  const found = new Map<string, boolean>();
  const read = async (logGroupName: string) => {
    const startTime = from.getTime() - clockMs;
    const all = paginateFilterLogEvents({ client }, { logGroupName, startTime });
    for await (const { events = [] } of pages("logs:FilterLogEvents", all, ({ nextToken }) => nextToken)) {
      for (const { message = "" } of events) {
        const line = lineOf(message);
        if (line !== undefined && wanted.has(line.requestId)) found.set(line.requestId, line.isCanary);
      }
      if (found.size === wanted.size) return;
    }
  };
  try {
    await patience(async () => {
      aws.time.renew();
      await read(group);
      // AWS writes the canary's requests to both groups.
      if (found.size < wanted.size) await read(canaryLogGroup(group)).catch(ignoreMissing);
      return found.size === wanted.size;
    });
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new Missing(`there is no log group ${group}: deploy to create it`);
  } finally {
    client.destroy();
  }
  return found;
}

/** A line as the stack has API Gateway write it. */
function lineOf(message: string): { readonly requestId: string; readonly isCanary: boolean } | undefined {
  try {
    const { requestId, isCanaryRequest } = JSON.parse(message) as Record<string, unknown>;
    return { requestId: String(requestId), isCanary: isCanaryRequest === "true" };
  } catch {
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof AwsError && error.code === "ResourceNotFoundException";
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
