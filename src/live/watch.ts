import { setTimeout as pause } from "node:timers/promises";
import type { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { AwsError } from "./aws-error";
import type { CallTime } from "./call-time";
import { type ShiftProgress, type ShiftReader, type Sight, sightOnce } from "./sight";

/** A failed poll; polling continues. */
export interface Trouble {
  readonly trouble: string;
}

export interface WatchOptions {
  readonly intervalMs: number;
  readonly signal: AbortSignal;
}

/** The watch lasts as long as the deployment; only each poll is bounded. */
interface PollOptions extends WatchOptions {
  readonly time: CallTime;
}

/** CodeDeploy may name the rollback a moment after it has ended what is rolled back. */
const looksForRollback = 3;

/** Follows a deployment, and what rolls it back, to the end: each change, and each trouble once. */
export async function* watch(
  client: CodeDeployClient,
  id: string,
  shiftOf: ShiftReader,
  options: PollOptions,
): AsyncGenerator<Sight | Trouble> {
  let last: Sight | undefined;
  for await (const seen of watchOne(client, id, shiftOf, options)) {
    yield seen;
    if (!("trouble" in seen)) last = seen;
  }
  if (last?.rollbackId !== undefined)
    yield* watchOne(client, last.rollbackId, shiftOf, { ...options, rolledBack: last.target });
}

async function* watchOne(
  client: CodeDeployClient,
  id: string,
  shiftOf: ShiftReader,
  { intervalMs, signal, time, rolledBack }: PollOptions & { readonly rolledBack?: ShiftProgress },
): AsyncGenerator<Sight | Trouble> {
  let told = "";
  let isTroubled = false;
  let patience = looksForRollback;
  for (;;) {
    time.renew();
    const seen = await sightOnce(client, id, shiftOf, { signal, rolledBack }).catch(troubleOf);
    if ("trouble" in seen) {
      if (!isTroubled) yield seen;
      isTroubled = true;
    } else {
      isTroubled = false;
      if (JSON.stringify(seen) !== told) yield seen;
      told = JSON.stringify(seen);
      if (seen.isOver && (!seen.awaitsRollback || patience-- === 0)) return;
    }
    await pause(intervalMs, undefined, { signal });
  }
}

/** @throws what does not pass by itself */
function troubleOf(error: unknown): Trouble {
  if (!(error instanceof AwsError && error.passing !== undefined)) throw error;
  return { trouble: error.message };
}
