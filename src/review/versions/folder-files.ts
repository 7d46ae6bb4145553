import { lstatSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { cannotReview } from "../cannot-review";
import { firstLine, gitIn } from "../git";

/** A file that two folders do not have alike. */
export interface FileDifference {
  /** Relative to both folders: `greeting.ts`. */
  readonly path: string;
  readonly kind: "added" | "removed" | "changed";
  /** Lines that come and go. @default - git takes it for no text */
  readonly lines?: { readonly added: number; readonly removed: number };
}

export interface FolderDifference {
  readonly files: readonly FileDifference[];
  /** How many files either folder has. */
  readonly all: number;
}

/**
 * Compares two folders of a project file by file. What git ignores is left out, and links are compared by what they
 * say.
 *
 * @param before relative to the project; so is `after`
 * @throws {CannotReview} where git cannot list them
 */
export function folderDifference(project: string, before: string, after: string): FolderDifference {
  const git = gitIn(project);
  const listed = (folder: string): string[] => {
    const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", `${folder}/`];
    const { status, stdout, stderr } = git(args);
    if (status !== 0) cannotReview(`git ls-files fails: ${firstLine(stderr)}`);
    const paths = stdout.toString().split("\0").filter(Boolean);
    return paths
      .filter((path) => lstatSync(join(project, path), { throwIfNoEntry: false }) !== undefined)
      .map((path) => posix.relative(folder, path));
  };
  const [old, now] = [new Set(listed(before)), new Set(listed(after))];
  const all = [...new Set([...old, ...now])].sort();
  const files = all.flatMap((path): FileDifference[] => {
    const paths = { before: posix.join(before, path), after: posix.join(after, path) };
    if (!old.has(path)) return [{ path, kind: "added", lines: linesOf(git, "/dev/null", paths.after) }];
    if (!now.has(path)) return [{ path, kind: "removed", lines: linesOf(git, paths.before, "/dev/null") }];
    if (isSame(join(project, paths.before), join(project, paths.after))) return [];
    return [{ path, kind: "changed", lines: linesOf(git, paths.before, paths.after) }];
  });
  return { files, all: all.length };
}

function isSame(one: string, other: string): boolean {
  const isLink = (path: string) => lstatSync(path).isSymbolicLink();
  return isLink(one) === isLink(other) && readFileSync(one).equals(readFileSync(other));
}

/** `--no-index` ends with 1 where the files differ. */
function linesOf(git: ReturnType<typeof gitIn>, before: string, after: string): FileDifference["lines"] {
  const { stdout } = git(["diff", "--no-index", "--no-renames", "--numstat", "--", before, after]);
  const [, added, removed] = /^(\d+)\t(\d+)\t/.exec(stdout.toString()) ?? [];
  return added === undefined ? undefined : { added: Number(added), removed: Number(removed) };
}
