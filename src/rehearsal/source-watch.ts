import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** What a build or an installer writes, and no synth reads. */
const ignored = new Set(["node_modules", "dist", "coverage", "cdktf.out", "terraform-state", "__pycache__"]);

const pauseMs = 400;

/**
 * Looks for files of a project that were written, added or removed. It compares times of files instead of asking the
 * system for events, which not every file system has and of which there are few for many folders.
 */
export class SourceWatch {
  private known: ReadonlyMap<string, string>;
  private timer?: NodeJS.Timeout;

  /** @param output where the project is synthesized to: what is written there is no change */
  constructor(
    private readonly project: string,
    private readonly output: string,
  ) {
    this.known = this.scan();
  }

  /**
   * Calls back when files have changed and then rest for a moment. The next look comes after the returned promise.
   *
   * @param onChange gets their paths, relative to the project
   */
  start(onChange: (paths: readonly string[]) => Promise<void>): void {
    let before = this.known;
    const look = async () => {
      const now = this.scan();
      const isAtRest = changed(before, now).length === 0;
      const paths = changed(this.known, now);
      before = now;
      if (isAtRest && paths.length > 0) {
        this.known = now;
        await onChange(paths);
      }
      this.timer = setTimeout(look, pauseMs);
    };
    this.timer = setTimeout(look, pauseMs);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private scan(folder = this.project, found = new Map<string, string>()): ReadonlyMap<string, string> {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.name.startsWith(".") || ignored.has(entry.name) || path === this.output) continue;
      if (entry.isDirectory()) this.scan(path, found);
      else if (entry.isFile()) found.set(relative(this.project, path), stampOf(path));
    }
    return found;
  }
}

/** A folder may go while it is read. */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function stampOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.mtimeMs} ${stats.size}`;
}

function changed(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string[] {
  const written = [...now].filter(([path, stamp]) => before.get(path) !== stamp).map(([path]) => path);
  return [...written, ...[...before.keys()].filter((path) => !now.has(path))];
}
