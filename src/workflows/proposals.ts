import { Unable } from "../release/files/project";
import { pullRequestLink } from "./commit";
import type { GitHub } from "./github";
import { isMarked, marked } from "./sticky";

/** A pull request of a workflow's own, as GitHub lists it. */
export interface Proposal {
  readonly number: number;
  readonly html_url: string;
  readonly title: string;
  readonly state: "open" | "closed";
  readonly body: string | null;
  readonly user: { readonly type: string; readonly login: string } | null;
  readonly head: { readonly ref: string; readonly sha: string };
}

/** What a proposal was made of: it holds as long as the file has not changed. */
export interface Origin {
  /** Git's id of the file's text. */
  readonly blob: string;
  /** When it was made, as its edits say. */
  readonly at: Date;
}

/** What is to be proposed. */
export interface Proposed extends Origin {
  readonly branch: string;
  readonly title: string;
  /** In Markdown. */
  readonly text: string;
}

/** Stands in the text of those that the workflow has closed itself. */
const withdrawn = "<!-- lambda-release withdrawn -->";

/** The proposals of one service, found by a mark in their texts. */
export class Proposals {
  private readonly mark: string;

  /**
   * @param name `<environment>/<service>`
   * @param from the branch that they are to be merged into
   * @param all every open pull request of the repository
   */
  constructor(
    private readonly github: GitHub,
    name: string,
    private readonly from: string,
    private readonly all: readonly Proposal[],
  ) {
    this.mark = `advance ${name}`;
  }

  static allOpen(github: GitHub, from: string): Promise<Proposal[]> {
    return github.all<Proposal>(`/pulls?state=open&base=${encodeURIComponent(from)}`);
  }

  get open(): readonly Proposal[] {
    return this.all.filter(isMarked(this.mark));
  }

  /** One that a person closed, or wrote anew: that is an answer. */
  async answered(branch: string): Promise<Proposal | undefined> {
    const [owner = ""] = (process.env["GITHUB_REPOSITORY"] ?? "").split("/");
    const head = encodeURIComponent(`${owner}:${branch}`);
    const all = await this.github.get<Proposal[]>(`/pulls?state=all&head=${head}`);
    return all.find((one) => !isMarked(this.mark)(one) || one.body?.includes(withdrawn) !== true);
  }

  /** Opens the pull request of a branch that is there. */
  async propose(proposed: Proposed): Promise<Proposal> {
    const { branch: head, title } = proposed;
    const body = this.bodyOf(proposed);
    return this.github
      .send<Proposal>("POST", "/pulls", { title, head, base: this.from, body })
      .catch((error: Error) => {
        throw new Unable(
          `${error.message}; let workflows open pull requests in the repository's settings (Actions, General), ` +
            `or open it yourself: ${pullRequestLink(this.from, head)}`,
        );
      });
  }

  /** Says anew what an open one is, after its branch was begun again. */
  async rewrite({ number }: Proposal, proposed: Proposed): Promise<void> {
    const { title } = proposed;
    await this.github.send("PATCH", `/pulls/${number}`, { title, body: this.bodyOf(proposed) });
  }

  /** Closes one that does not hold any more. @param why as a sentence */
  async withdraw({ number, body }: Proposal, why: string): Promise<void> {
    await this.github.send("POST", `/issues/${number}/comments`, { body: why });
    const text = (body ?? "").split("\n").slice(1).join("\n");
    const closed = marked(this.mark, `${withdrawn}\n${text}`);
    await this.github.send("PATCH", `/pulls/${number}`, { state: "closed", body: closed });
  }

  private bodyOf({ blob, at, text }: Proposed): string {
    return marked(this.mark, `<!-- lambda-release of ${blob} at ${at.toISOString()} -->\n${text}`);
  }
}

/** @returns nothing where the text does not say: somebody has changed it */
export function originOf({ body }: Proposal): Origin | undefined {
  const [, blob = "", at = ""] =
    /^<!-- lambda-release of ([0-9a-f]{40}) at (\S+) -->$/m.exec(body ?? "") ?? [];
  const time = new Date(at);
  return blob === "" || Number.isNaN(time.getTime()) ? undefined : { blob, at: time };
}
