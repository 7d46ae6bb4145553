import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Guarded } from "../release/guarded";

/** The file beside the guard's code that says what is guarded. */
export const guardedFile = "release.json";

/**
 * What a guard's function is given of its release.
 *
 * @param folder where its code stands
 * @param api id of the API, which has no name of its own in an account: Terraform says which one it is. @default - the release has none
 */
export function guardedIn(folder: string, api?: string): Guarded {
  const { release, ...guarded } = JSON.parse(readFileSync(join(folder, guardedFile), "utf8")) as Guarded;
  const known = api === undefined ? release : { ...release, adopted: { api } };
  return { ...guarded, release: known as Guarded["release"] };
}
