import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Paths of the files in a folder, in an order that no machine changes. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Names the content of a folder: the paths and bytes of its files. */
export function folderDigest(folder: string): string {
  const hash = createHash("sha256");
  for (const file of filesBelow(folder))
    hash.update(file.slice(folder.length)).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex").slice(0, 16);
}
