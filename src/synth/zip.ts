import { inflateRawSync } from "node:zlib";

/** One file of a zip file. */
export interface ZipEntry {
  readonly path: string;
  /** Bytes of its content, as the zip file tells. */
  readonly bytes: number;
  /** Unix mode bits. @default - the zip file was made where files have none */
  readonly mode?: number;
  /** @throws where the content is damaged */
  readonly content: () => Uint8Array;
}

const signatures = { end: 0x06054b50, central: 0x02014b50, local: 0x04034b50 } as const;
const endBytes = 22;
const mostCommentBytes = 0xffff;
const unix = 3;
/** Of the mode, the bits that say what it is: a folder or a link is no file. */
const kindMask = 0o170000;
const linkKind = 0o120000;

/**
 * The files of a zip file, without folders and links.
 *
 * @throws where it cannot be read
 */
export function zipEntries(zip: Buffer): ZipEntry[] {
  const end = endOf(zip);
  const count = zip.readUInt16LE(end + 10);
  const entries: ZipEntry[] = [];
  let at = zip.readUInt32LE(end + 16);
  if (count === 0xffff || at === 0xffffffff) throw new Error("it is in the zip64 format");
  for (let index = 0; index < count; index++) {
    if (zip.readUInt32LE(at) !== signatures.central) throw new Error("its list of files is damaged");
    const nameBytes = zip.readUInt16LE(at + 28);
    const path = zip.toString("utf8", at + 46, at + 46 + nameBytes);
    const mode = zip[at + 5] === unix ? zip.readUInt16LE(at + 40) : undefined;
    const isFile = !path.endsWith("/") && ((mode ?? 0) & kindMask) !== linkKind;
    checkPath(path);
    if (isFile) entries.push({ path, mode, bytes: zip.readUInt32LE(at + 24), content: contentAt(zip, at) });
    at += 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

function endOf(zip: Buffer): number {
  const first = Math.max(0, zip.length - endBytes - mostCommentBytes);
  for (let at = zip.length - endBytes; at >= first; at--)
    if (zip.readUInt32LE(at) === signatures.end) return at;
  throw new Error("it has no list of files");
}

function checkPath(path: string): void {
  if (path.startsWith("/") || path.includes("\\") || path.split("/").includes(".."))
    throw new Error(`its file ${JSON.stringify(path)} would be unpacked elsewhere`);
}

function contentAt(zip: Buffer, central: number): () => Uint8Array {
  const method = zip.readUInt16LE(central + 10);
  const compressedBytes = zip.readUInt32LE(central + 20);
  const bytes = zip.readUInt32LE(central + 24);
  const local = zip.readUInt32LE(central + 42);
  return () => {
    if (zip.readUInt32LE(local) !== signatures.local) throw new Error("a file's header is damaged");
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const stored = zip.subarray(start, start + compressedBytes);
    if (method === 0) return stored;
    if (method !== 8) throw new Error(`it is compressed by method ${method}`);
    return inflateRawSync(stored, { maxOutputLength: Math.max(1, bytes) });
  };
}
