import { gitIn } from "./git";
import type { FilePlace } from "./pages";

/**
 * Where findings are in commits that GitHub shows. A run of a pull request has its merge checked out: `HEAD^2` is the
 * pull request's own head. A file that the base has changed too has other lines there, so its place is in the merge.
 */
export class Places {
  /** The commit that is reviewed. */
  readonly head: string;
  private readonly commits: readonly string[];
  private readonly folder: string;
  private readonly found = new Map<string, string | undefined>();

  constructor(private readonly project: string) {
    const merge = this.git("rev-parse", "HEAD") ?? "";
    const own = this.git("rev-parse", "--verify", "--quiet", "HEAD^2");
    this.commits = own === undefined ? [merge] : [own, merge];
    this.head = own ?? merge;
    this.folder = this.git("rev-parse", "--show-prefix") ?? "";
  }

  /** @param place as a finding has it: `releases/dev/shop.json:6`. @returns nothing where it is no file of a commit */
  of(place: string): FilePlace | undefined {
    const [, path = "", line] = /^(.+?)(?::(\d+))?$/.exec(place) ?? [];
    const commit = this.commitWith(path);
    if (commit === undefined) return undefined;
    return {
      commit,
      path: `${this.folder}${path}`,
      ...(line !== undefined && { line: Number(line) }),
    };
  }

  /** The first commit that has the file as it stands here. */
  private commitWith(path: string): string | undefined {
    if (!this.found.has(path)) {
      const here = this.git("hash-object", "--", path);
      const isHere = (commit: string) =>
        here !== undefined && this.git("rev-parse", "--verify", "--quiet", `${commit}:./${path}`) === here;
      this.found.set(path, this.commits.find(isHere));
    }
    return this.found.get(path);
  }

  private git(...args: string[]): string | undefined {
    try {
      return gitIn(this.project)(...args);
    } catch {
      // A resource of a plan is no file.
      return undefined;
    }
  }
}
