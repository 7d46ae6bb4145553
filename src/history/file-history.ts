import { type PastRelease, pastRelease } from "../release/files/past-text";
import type { ReadRelease } from "../release/files/project";
import type { Traffic } from "../release/split";
import { logOfFile } from "../review/git-log";
import { holdSteps } from "../review/hold-steps";
import { moveOf } from "../review/move";
import { versionText } from "../review/step";
import type { HistoryEntry } from "./entry";

export interface FileHistory {
  /** The oldest first. */
  readonly entries: readonly HistoryEntry[];
  /** Whether the clone is shallow: older entries may be missing. */
  readonly isShallow: boolean;
}

/** A text of the file, with where it comes from. */
type Told = Pick<HistoryEntry, "at" | "by" | "commit" | "pullRequest" | "why"> & { readonly text?: string };

/**
 * Every change of who serves what that git records of a release file, and the one that is not committed yet.
 *
 * @throws {CannotReview} where git cannot tell
 */
export function fileHistory({ project, path, text, files, release, name }: ReadRelease): FileHistory {
  const { commits, isShallow } = logOfFile(project, path);
  const committed = commits.map(({ id, subject, author, ...commit }): Told => {
    return { ...commit, commit: id, by: author, why: subject };
  });
  const last = committed.at(-1);
  const all = last?.text === text ? committed : [...committed, { text, why: "not committed" }];
  const [environment, service] = [release.environment.name, release.service];
  const entries: HistoryEntry[] = [];
  let before: PastRelease | "removed" | "not readable" = "removed";
  for (const { text: then, ...told } of all) {
    const after =
      then === undefined ? "removed" : (pastRelease(files, environment, service, then) ?? "not readable");
    const change = changeOf(before, after, name);
    if (change !== undefined) entries.push({ source: "file", ...told, ...change });
    before = after;
  }
  return { entries, isShallow };
}

const nobody: Traffic = new Map();

/** @returns nothing where the same versions serve the same shares */
function changeOf(
  before: PastRelease | "removed" | "not readable",
  after: PastRelease | "removed" | "not readable",
  name: string,
): Pick<HistoryEntry, "move" | "shares"> | undefined {
  if (after === "removed") return before === "removed" ? undefined : { move: `remove ${name}` };
  if (after === "not readable")
    return before === "not readable" ? undefined : { move: "a file that is not valid" };
  const from = typeof before === "string" ? nobody : before.traffic;
  const shares = { from, to: after.traffic };
  if (before === "removed") return { move: `deploy with ${versionText(after.stable)} as stable`, shares };
  if (before === "not readable") return { move: "a file that is valid again", shares };
  const moves = [...moveOf(before, after), ...holdSteps(before, after)].map(({ text }) => text);
  if (before.strategy !== after.strategy) moves.unshift(`change the strategy to ${after.strategy}`);
  return moves.length === 0 ? undefined : { move: moves.join(", "), shares };
}
