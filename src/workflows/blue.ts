import { fingerprint } from "../release/definition/fingerprint";
import { changeOf, editsOf, writeChange } from "../release/files/change";
import type { Edit } from "../release/files/edit";
import { type ReadRelease, Unable } from "../release/files/project";
import type { ServedNumbers } from "../release/served-numbers";
import { standingOf } from "../release/steps/standing";
import { publish } from "../release/verbs/publish";
import { Refusal } from "../release/verbs/transitions";
import type { LambdaVersion } from "../release/version";

/**
 * Records the versions that Lambda published last of the functions, unless the file names them already.
 *
 * @param latest their numbers by function, or that of the only one
 * @returns the version's name
 * @throws {Refusal} where users have it
 */
export function recordVersion(read: ReadRelease, latest: ServedNumbers | string): string {
  const { release } = read;
  if (release.versionKind !== "lambda") throw new Refusal(`Lambda keeps no versions of ${release.strategy}`);
  const { stable, versions, functions, definition } = release;
  const all =
    typeof latest === "string"
      ? functions.map(({ name }): [string, string] => [name, latest])
      : Object.entries(latest);
  const hasAll = ({ numbers, fingerprint: recorded }: LambdaVersion) =>
    Object.keys(numbers).length === all.length &&
    all.every(([name, number]) => numbers[name] === number) &&
    (functions.length === 1 || definition === undefined || recorded === fingerprint(definition));
  const there = versions.findLast(hasAll);
  if (there?.name === stable.name)
    throw new Refusal(`${stable.name} is the stable version already: the deploy published no new one`);
  if (there !== undefined) return there.name;
  const version = nextName(versions, Math.max(...all.map(([, number]) => Number(number))));
  const lambdaVersions = Object.fromEntries(all.map(([name, number]) => [name, Number(number)]));
  edit(
    read,
    editsOf(read, (state) => publish(state, version, { lambdaVersions })),
  );
  return version;
}

/** The highest number that Lambda gave, unless an earlier version has a higher one. */
function nextName(versions: readonly LambdaVersion[], highest: number): string {
  return String(Math.max(highest, ...versions.map(({ name }) => Number(name) + 1)));
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
