import { CallTime } from "../live/call-time";
import type { Action } from "./decide";
import { guardedIn } from "./guarded-file";
import { runGuard } from "./run";

/** What Lambda says of an invocation. */
interface Invocation {
  /** `arn:aws:lambda:<region>:<account>:function:<name>` */
  readonly invokedFunctionArn: string;
}

/**
 * The guard's function. Events only wake it: what it does depends on what it then finds in AWS, so events may come
 * twice, late, and in any order.
 */
export async function handler(_event: unknown, { invokedFunctionArn }: Invocation): Promise<Action> {
  const { AWS_REGION: region = "", API_ID: api } = process.env;
  const [, , , , accountId = ""] = invokedFunctionArn.split(":");
  const account = { accountId, region, time: new CallTime() };
  const watched = guardedIn(__dirname, api);
  const action = await runGuard(account, watched, {
    now: () => new Date(),
    onUnrecorded: (error) => console.error(String(error)),
  });
  console.log(JSON.stringify(action));
  return action;
}
