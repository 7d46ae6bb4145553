import { CallTime } from "../live/call-time";
import type { Action } from "./decide";
import { look } from "./guard";
import { guardedIn } from "./guarded-file";
import { recordShare } from "./record-share";

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
  const action = await look(account, watched, new Date());
  console.log(JSON.stringify(action));
  // Without the record a bake time counts from the file's time: no reason to fail, or to look again.
  await recordShare(account, watched, new Date()).catch((error) => console.error(String(error)));
  return action;
}
