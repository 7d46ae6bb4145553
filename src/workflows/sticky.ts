import type { GitHub } from "./github";

/** Something that a workflow wrote, and finds again by a mark that nobody sees. */
interface Written {
  readonly id: number;
  readonly number: number;
  readonly body: string | null;
  readonly user: { readonly type: string } | null;
  readonly pull_request?: object;
}

/** GitHub refuses a text of more characters. A text's `length` counts UTF-16 units, which are never fewer. */
const maxLength = 65_536;

/** What marks the comment with the review. */
const reviewMark = "review";

/** The longest text that `writeComment` takes whole. */
export const longestComment = maxLength - markLine(reviewMark).length - 1;

/**
 * Writes a pull request's comment, or writes it anew in its place.
 *
 * @param text `undefined` where there is nothing to say: a comment that is there says `otherwise` then
 */
export async function writeComment(
  github: GitHub,
  pullRequest: number,
  text: string | undefined,
  otherwise: string,
): Promise<void> {
  const comments = await github.all<Written>(`/issues/${pullRequest}/comments`);
  const known = comments.find(isMarked(reviewMark));
  if (known !== undefined) {
    await github.send("PATCH", `/issues/comments/${known.id}`, {
      body: marked(reviewMark, text ?? otherwise),
    });
  } else if (text !== undefined) {
    await github.send("POST", `/issues/${pullRequest}/comments`, { body: marked(reviewMark, text) });
  }
}

/** The open issue with a mark, so that there is one at most. */
export async function openIssue(github: GitHub, mark: string): Promise<number | undefined> {
  const issues = await github.all<Written>("/issues?state=open");
  return issues.filter((one) => one.pull_request === undefined).find(isMarked(mark))?.number;
}

export async function writeIssue(github: GitHub, mark: string, title: string, text: string): Promise<void> {
  const body = marked(mark, text);
  const known = await openIssue(github, mark);
  if (known === undefined) await github.send("POST", "/issues", { title, body });
  else await github.send("PATCH", `/issues/${known}`, { title, body });
}

/** @param text the last words */
export async function closeIssue(github: GitHub, mark: string, text: string): Promise<void> {
  const known = await openIssue(github, mark);
  if (known === undefined) return;
  await github.send("POST", `/issues/${known}/comments`, { body: text });
  await github.send("PATCH", `/issues/${known}`, { state: "closed", state_reason: "completed" });
}

/** A person who copies the mark does not take the place of what a workflow wrote. */
export function isMarked(mark: string) {
  return ({ body, user }: Pick<Written, "body" | "user">) =>
    user?.type === "Bot" && body?.startsWith(markLine(mark)) === true;
}

export function marked(mark: string, text: string): string {
  const body = `${markLine(mark)}\n${text}`;
  if (body.length <= maxLength) return body;
  const note = "\n\n(The rest is too long for GitHub; the run's summary has it.)";
  const room = body.slice(0, maxLength - note.length);
  // A line in part may be half a character, a name or a link.
  return `${room.slice(0, Math.max(room.lastIndexOf("\n"), markLine(mark).length))}${note}`;
}

function markLine(mark: string): string {
  return `<!-- lambda-release ${mark} -->`;
}
