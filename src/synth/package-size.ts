import { promisify } from "node:util";
import { deflateRaw } from "node:zlib";
import type { Problem } from "../release/problem";
import type { PackageFiles } from "./handler-files";

/** Bytes of a package. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const most = { unzipped: 262_144_000, zipped: 52_428_800 } as const;

/** So many files are named. */
const namedFiles = 3;

/** Bytes of files by their paths. */
type Sizes = ReadonlyMap<string, number>;

export interface PackageSizeOptions {
  /** The zip file that is deployed as it is. @default - Terraform makes it */
  readonly zip?: Uint8Array;
  /** Bytes of the function's layers that are part of the project, unzipped. @default 0 */
  readonly layerBytes?: number;
}

/**
 * What Lambda refuses of a package's size. That of the files is exact, and so is that of a zip file of the project. That
 * of a zip file that Terraform makes is what zlib makes of the files: they may differ by a few percent. Layers that are
 * given by ARN count too, and are not known here.
 *
 * @param place the file or folder that a problem names
 * @returns nothing where it is small enough
 */
export async function sizeProblems(
  place: string,
  files: PackageFiles,
  { zip, layerBytes = 0 }: PackageSizeOptions = {},
): Promise<Problem[]> {
  const sizes = new Map([...files].map(([path, content]) => [path, content.byteLength]));
  const unzipped = unzippedProblems(place, sizes, layerBytes);
  if (unzipped.length > 0) return unzipped;
  const refused = (bytes: number, about: string) =>
    bytes <= most.zipped ? [] : tooLarge(place, sizes, "50 MB zipped", `one of ${about}${inMb(bytes)}`);
  if (zip !== undefined) return refused(zip.byteLength, "");
  // Files that are not compressed at all are hardly larger in a zip file.
  return sum([...sizes.values()]) <= most.zipped ? [] : refused(await zippedBytes(files), "about ");
}

/** The part of it that is known before a zip file is unpacked. */
export function unzippedProblems(place: string, sizes: Sizes, layerBytes = 0): Problem[] {
  const bytes = sum([...sizes.values()]);
  if (bytes + layerBytes <= most.unzipped) return [];
  const beside = layerBytes === 0 ? "" : ` beside layers of ${inMb(layerBytes)}`;
  return tooLarge(place, sizes, "250 MB unzipped", `one of ${inMb(bytes)}${beside}`);
}

function tooLarge(place: string, sizes: Sizes, allowed: string, found: string): Problem[] {
  const message = `must make a package of at most ${allowed}, but makes ${found}: ${largest(sizes)}`;
  return [{ file: place, field: [], message }];
}

/** The content, and the two headers of each file in a zip file: 76 bytes and two times its path. */
async function zippedBytes(files: PackageFiles): Promise<number> {
  let bytes = 0;
  for (const [path, content] of files)
    bytes += (await promisify(deflateRaw)(content)).byteLength + 76 + 2 * Buffer.byteLength(path);
  return bytes;
}

function largest(sizes: Sizes): string {
  const bySize = [...sizes].sort(([, one], [, other]) => other - one);
  const named = bySize.slice(0, namedFiles).map(([path, bytes]) => `${path} has ${inMb(bytes)}`);
  return `${named.join(", ")}; leave out what the function does not need, or put it into a container image`;
}

function inMb(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
