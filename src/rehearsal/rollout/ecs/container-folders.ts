import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { folderDigest } from "../../../synth/folder-digest";
import { CodeStore } from "../../lambda/code-store";

/** The folders that images are built of. */
export class ContainerFolders {
  private readonly store = new CodeStore();

  /** @param project the folder of the project that is rehearsed */
  constructor(private readonly project: string) {}

  /**
   * The folder of a container: the project's own, or a copy of that of an earlier commit, which has the packages that
   * are installed now.
   *
   * @param project where the stack was synthesized
   */
  find(project: string, containerName: string): string {
    const path = join("containers", containerName);
    const folder = join(project, path);
    if (project === this.project || !existsSync(folder)) return folder;
    const copy = this.store.keep(folder, { sourceDir: ".", digest: folderDigest(folder) });
    const packages = join(this.project, path, "node_modules");
    if (existsSync(packages) && !existsSync(join(copy, "node_modules"))) {
      symlinkSync(packages, join(copy, "node_modules"));
    }
    return copy;
  }

  close(): void {
    this.store.close();
  }
}
