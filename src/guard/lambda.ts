import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CallTime } from "../live/call-time";
import type { Guarded } from "../release/guarded";
import type { Action } from "./decide";
import { look } from "./guard";
import { recordShare } from "./record-share";

/** The file beside the code that says what is guarded. */
export const guardedFile = "release.json";

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
  const { release, ...guarded } = JSON.parse(readFileSync(join(__dirname, guardedFile), "utf8")) as Guarded;
  // The API has no name of its own in an account: Terraform says which one it is.
  const known = (api === undefined ? release : { ...release, adopted: { api } }) as Guarded["release"];
  const [, , , , accountId = ""] = invokedFunctionArn.split(":");
  const account = { accountId, region, time: new CallTime() };
  const watched = { ...guarded, release: known };
  const action = await look(account, watched, new Date());
  console.log(JSON.stringify(action));
  // Without the record a bake time counts from the file's time: no reason to fail, or to look again.
  await recordShare(account, watched, new Date()).catch((error) => console.error(String(error)));
  return action;
}
