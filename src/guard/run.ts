import type { Account } from "../live/clients";
import type { Guarded } from "../release/guarded";
import type { Action } from "./decide";
import { look } from "./guard";
import { recordShare } from "./record-share";

export interface RunOptions {
  /** Gives the time. */
  readonly now: () => Date;
  /** Is told why the time of a share is not recorded. */
  readonly onUnrecorded: (error: Error) => void;
}

/**
 * All that the guard does when something wakes it, in Lambda and in a rehearsal: it looks, and then records since when
 * the share is live.
 *
 * @throws {AwsError} where AWS does not answer while it looks
 */
export async function runGuard(
  account: Account,
  guarded: Guarded,
  { now, onUnrecorded }: RunOptions,
): Promise<Action> {
  const action = await look(account, guarded, now());
  // Without the record a bake time counts from the file's time: no reason to fail, or to look again.
  await recordShare(account, guarded, now()).catch(onUnrecorded);
  return action;
}
