import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isZip } from "../../synth/built-code";
import { filesBelow } from "../../synth/folder-digest";
import { zipEntries } from "../../synth/zip";
import { guardFolder } from "../../terminal/guard";
import type { PackagedCode } from "../terraform/published-versions";

/** Keeps the code of each apply, as Lambda does: the next synth overwrites the folders that it came from. */
export class CodeStore {
  private readonly root = mkdtempSync(join(tmpdir(), "rehearsal-"));
  private readonly release = guardFolder(this.root);
  private readonly kept = new Map<string, string>();

  private readonly onExit = () => this.close();

  constructor() {
    process.once("exit", this.onExit);
  }

  /**
   * A copy of a package's content, one for each content.
   *
   * @param folder what its path is relative to
   */
  keep(folder: string, code: PackagedCode): string {
    return this.once(code.digest, (copy) => unpack(folder, code, copy));
  }

  /** What Lambda makes of layers: one folder, in which later layers go over those before. */
  keepLayers(folder: string, layers: readonly PackagedCode[]): string {
    const digest = layers.map((one) => one.digest).join("+layers+");
    return this.once(`layers-${digest}`, (copy) => {
      for (const layer of layers) unpack(folder, layer, copy);
    });
  }

  private once(digest: string, make: (copy: string) => void): string {
    const before = this.kept.get(digest);
    if (before !== undefined) return before;
    const copy = join(this.root, String(this.kept.size));
    make(copy);
    this.kept.set(digest, copy);
    return copy;
  }

  close(): void {
    process.off("exit", this.onExit);
    rmSync(this.root, { recursive: true, force: true });
    this.release();
  }
}

function unpack(folder: string, { sourceDir, isExecutable }: PackagedCode, copy: string): void {
  const source = join(folder, sourceDir);
  if (!existsSync(source))
    throw new Error(`${sourceDir} must be beside the stack's JSON: it is a function's code`);
  if (isZip(source)) {
    for (const { path, mode = 0o644, content } of zipEntries(readFileSync(source))) {
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      writeFileSync(join(copy, path), content());
      chmodSync(join(copy, path), mode & 0o777);
    }
    return;
  }
  cpSync(source, copy, { recursive: true });
  if (!isExecutable) return;
  for (const file of filesBelow(copy)) chmodSync(file, 0o755);
}
