import { byText } from "../release/environment/train";
import type { Change } from "../release/files/change";
import { standingOf } from "../release/steps/standing";
import { holdSteps } from "./hold-steps";
import { moveOf } from "./move";
import { versionText } from "./step";

/**
 * The commit message that a verb proposes, in the words of a review: `dev/shop: shift v2 to 25 %`. `history` reads it
 * back.
 *
 * @param why as a person wrote it. @default - no reason is given
 */
export function commitMessage(change: Change, why?: string): string {
  return withReason(`${change.read.name}: ${whatOf(change)}`, why);
}

/**
 * The message for the change of several services: `dev/checkout: promote v2 (orders), promote v7 (billing)`.
 *
 * @param title what they are called together
 * @param why as a person wrote it. @default - no reason is given
 */
export function commonMessage(changes: readonly Change[], title: string, why?: string): string {
  const said = changes.map((change) => ({ service: change.after.service, text: whatOf(change) }));
  const parts = [...byText(said)].map(([text, services]) => `${text} (${services.join(", ")})`);
  return withReason(`${title}: ${parts.join(", ")}`, why);
}

function withReason(what: string, why: string | undefined): string {
  return why === undefined ? what : `${what}: ${why.replace(/\s+/g, " ").trim()}`;
}

function whatOf({ read, after, from, to }: Change): string {
  const before = read.context.file;
  const standing = standingOf(after);
  const moves = moveOf(
    { ...before, versions: [...from.keys()] },
    { strategy: after.strategy, ...standing, versions: [...to.keys()] },
  );
  const moved = [...moves, ...holdSteps(before, standing)].map(({ text }) => text);
  if (moved.length > 0) return moved.join(", ");
  if (before.blue?.version !== standing.blue?.version)
    return standing.blue === undefined
      ? `drop ${versionText(before.blue?.version ?? "")} behind blue`
      : `try ${versionText(standing.blue.version)} behind blue`;
  const listed = (one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>) =>
    [...one.keys()].filter((version) => !other.has(version)).map(versionText);
  const [added, removed] = [listed(to, from), listed(from, to)];
  if (added.length > 0) return `publish ${added.join(" and ")}`;
  return removed.length > 0 ? `prune ${removed.join(" and ")}` : "change the release";
}
