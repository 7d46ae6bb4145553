import { changeOf, editsOf, writeChange } from "../release/files/change";
import type { Edit } from "../release/files/edit";
import { type ReadRelease, Unable } from "../release/files/project";
import { standingOf } from "../release/standing";
import { publish, Refusal } from "../release/transitions";

/**
 * Records the version that Lambda published last, unless the file names it already.
 *
 * @throws {Refusal} where users have it
 */
export function recordVersion(read: ReadRelease, latest: string): void {
  const { stable, versions } = read.release;
  if (stable.name === latest)
    throw new Refusal(`${latest} is the stable version already: the deploy published no new one`);
  if (versions.some(({ name }) => name === latest)) return;
  edit(
    read,
    editsOf(read, (state) => publish(state, latest)),
  );
}

/** Takes blue out of the file, if it is there: unlike a rollback it never moves users. @returns whether it was there */
export function dropBlue(read: ReadRelease): boolean {
  if (standingOf(read.release).blue === undefined) return false;
  edit(read, [{ field: ["blue"] }]);
  return true;
}

/** The image that the next version runs, by its digest. */
export function useImage(read: ReadRelease, image: string): void {
  edit(read, [{ field: ["image"], value: image }]);
}

function edit(read: ReadRelease, edits: readonly Edit[]): void {
  writeChange(changeOf(read, edits));
}

/** Where requests from here come from, as blue's `sources` have it. */
export async function ownRange(service = "https://checkip.amazonaws.com"): Promise<string> {
  const response = await fetch(service, { signal: AbortSignal.timeout(10_000) }).catch((error: Error) => {
    throw Unable.causedBy(error, `cannot get this machine's address from ${service}: ${error.message}`);
  });
  const address = (await response.text()).trim();
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(address))
    throw new Unable(`${service} does not return an IPv4 address`);
  return `${address}/32`;
}
