import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { guardFolder } from "../../terminal/guard";

/** Keeps the code of each apply, as Lambda does: the next synth overwrites the folders that it came from. */
export class CodeStore {
  private readonly root = mkdtempSync(join(tmpdir(), "rehearsal-"));
  private readonly release = guardFolder(this.root);
  private readonly kept = new Map<string, string>();

  private readonly onExit = () => this.close();

  constructor() {
    process.once("exit", this.onExit);
  }

  /** A copy of the folder's content, one for each content that `digest` names. */
  keep(folder: string, digest: string): string {
    const before = this.kept.get(digest);
    if (before !== undefined) return before;
    const copy = join(this.root, digest);
    cpSync(folder, copy, { recursive: true });
    this.kept.set(digest, copy);
    return copy;
  }

  close(): void {
    process.off("exit", this.onExit);
    rmSync(this.root, { recursive: true, force: true });
    this.release();
  }
}
