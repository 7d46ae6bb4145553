import { promisify } from "node:util";
import { deflateRaw } from "node:zlib";
import type { Problem } from "../release/problem";
import type { PackageFiles } from "./handler-files";

/** Bytes of a package. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const most = { unzipped: 262_144_000, zipped: 52_428_800 } as const;

/** So many files are named. */
const namedFiles = 3;

/**
 * What Lambda refuses of a package's size. That of the files is exact. That of the zip file, which Terraform makes, is
 * what zlib makes of the files: they may differ by a few percent. Layers count too, and are not known here.
 *
 * @param place the file or folder that a problem names
 * @returns nothing where it is small enough
 */
export async function sizeProblems(place: string, files: PackageFiles): Promise<Problem[]> {
  const bytes = sum([...files.values()].map((content) => content.byteLength));
  const tooLarge = (allowed: string, found: string) => [
    {
      file: place,
      field: [],
      message: `must make a package of at most ${allowed}, but makes ${found}: ${largest(files)}`,
    },
  ];
  if (bytes > most.unzipped) return tooLarge("250 MB unzipped", `one of ${inMb(bytes)}`);
  // Files that are not compressed at all are hardly larger in a zip file.
  if (bytes <= most.zipped) return [];
  const zipped = await zippedBytes(files);
  return zipped > most.zipped ? tooLarge("50 MB zipped", `one of about ${inMb(zipped)}`) : [];
}

/** The content, and the two headers of each file in a zip file: 76 bytes and two times its path. */
async function zippedBytes(files: PackageFiles): Promise<number> {
  let bytes = 0;
  for (const [path, content] of files)
    bytes += (await promisify(deflateRaw)(content)).byteLength + 76 + 2 * Buffer.byteLength(path);
  return bytes;
}

function largest(files: PackageFiles): string {
  const bySize = [...files].sort(([, one], [, other]) => other.byteLength - one.byteLength);
  const named = bySize
    .slice(0, namedFiles)
    .map(([path, content]) => `${path} has ${inMb(content.byteLength)}`);
  return `${named.join(", ")}; leave out what the function does not need, or put it into a container image`;
}

function inMb(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
