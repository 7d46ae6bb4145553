import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Keeps the code of each apply, as Lambda does: the next synth overwrites the folders that it came from. */
export class CodeStore {
  private readonly root = mkdtempSync(join(tmpdir(), "rehearsal-"));
  private readonly kept = new Map<string, string>();

  /** A copy of the folder's content, one for each content. */
  keep(folder: string): string {
    const digest = digestOf(folder);
    const before = this.kept.get(digest);
    if (before !== undefined) return before;
    const copy = join(this.root, digest);
    cpSync(folder, copy, { recursive: true });
    this.kept.set(digest, copy);
    return copy;
  }

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

function digestOf(folder: string): string {
  const hash = createHash("sha256");
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath ?? one.path, one.name))
    .sort()) {
    hash.update(entry.slice(folder.length)).update("\0").update(readFileSync(entry)).update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}
