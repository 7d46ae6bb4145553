import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { temporaryFolder } from "./project";

export interface Pull {
  readonly number: number;
  readonly html_url: string;
  title: string;
  body: string;
  state: "open" | "closed";
  readonly base: string;
  readonly head: string;
  merged: boolean;
  readonly comments: string[];
}

type Body = Readonly<Record<string, unknown>>;
type Handler = (parts: readonly string[], body: Body, query: URLSearchParams) => unknown;

class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const author = ["-c", "user.name=bot", "-c", "user.email=bot@example.com"];

/** GitHub's API of the repository `example/shop` on loopback, with branches and commits in a real git repository. */
export class GitHubRepository {
  readonly folder = temporaryFolder();
  readonly pulls: Pull[] = [];
  /** Who opens pull requests with the token. */
  user = "release-app[bot]";
  mergeableState = "clean";
  checks: { name: string; status: string; conclusion: string | null }[] = [];
  private onRead: (() => void) | undefined;
  private url = "";
  private readonly server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    const sent = await textOf(request);
    const path = decodeURIComponent(pathname.replace("/repos/example/shop", ""));
    try {
      const body = sent === "" ? {} : (JSON.parse(sent) as Body);
      const answer = this.answer(`${request.method} ${path}`, body, searchParams);
      response.writeHead(200).end(JSON.stringify(answer ?? {}));
    } catch (error) {
      const status = error instanceof Refused ? error.status : 500;
      response.writeHead(status).end(JSON.stringify({ message: (error as Error).message }));
    }
  });

  static async start(): Promise<GitHubRepository> {
    const repository = new GitHubRepository();
    repository.git("init", "--quiet", "--bare", "--initial-branch", "main");
    await new Promise<void>((resolve) => repository.server.listen(0, "127.0.0.1", resolve));
    repository.url = `http://127.0.0.1:${(repository.server.address() as AddressInfo).port}`;
    return repository;
  }

  /** What a run knows of it. */
  get variables() {
    return { GITHUB_API_URL: this.url, GITHUB_REPOSITORY: "example/shop", GITHUB_TOKEN: "token" };
  }

  stop(): void {
    this.server.close().closeAllConnections();
  }

  /** Does something once, when checks were read. */
  afterRead(act: () => void): void {
    this.onRead = act;
  }

  git(...args: string[]): string {
    return execFileSync("git", [...author, ...args], { cwd: this.folder, encoding: "utf8" }).trim();
  }

  fileAt(ref: string, path: string): string {
    return execFileSync("git", ["show", `${ref}:${path}`], { cwd: this.folder, encoding: "utf8" });
  }

  get open(): Pull[] {
    return this.pulls.filter(({ state }) => state === "open");
  }

  private answer(call: string, body: Body, query: URLSearchParams): unknown {
    const routes: readonly [RegExp, Handler][] = [
      [/^GET $/, () => ({ allow_squash_merge: true, allow_merge_commit: true })],
      [/^GET \/git\/ref\/heads\/(.+)$/, ([branch = ""]) => ({ object: { sha: this.tip(branch) } })],
      [/^GET \/git\/matching-refs\/heads\/(.+)$/, ([start = ""]) => this.refs(start)],
      [
        /^POST \/git\/refs$/,
        () => this.git("update-ref", String(body["ref"]), String(body["sha"]), "0".repeat(40)),
      ],
      [
        /^PATCH \/git\/refs\/(heads\/.+)$/,
        ([ref]) => this.git("update-ref", `refs/${ref}`, String(body["sha"])),
      ],
      [/^PUT \/contents\/(.+)$/, ([path = ""]) => this.write(path, body)],
      [
        /^GET \/contents\/(.+)$/,
        ([path = ""]) => ({
          sha: this.git("rev-parse", `${query.get("ref")}:${path}`),
          content: Buffer.from(this.fileAt(query.get("ref") ?? "main", path)).toString("base64"),
        }),
      ],
      [/^GET \/pulls$/, () => this.listed(query)],
      [/^POST \/pulls$/, () => this.opened(body)],
      [/^PATCH \/pulls\/(\d+)$/, ([number]) => void Object.assign(this.pull(number), body)],
      [/^GET \/pulls\/(\d+)$/, ([number]) => this.told(this.pull(number))],
      [/^GET \/pulls\/(\d+)\/files$/, ([number]) => this.files(this.pull(number))],
      [/^PUT \/pulls\/(\d+)\/merge$/, ([number]) => this.merge(this.pull(number), body)],
      [
        /^POST \/issues\/(\d+)\/comments$/,
        ([number]) => void this.pull(number).comments.push(String(body["body"])),
      ],
      [/^GET \/commits\/[^/]+\/check-runs$/, () => this.checkRuns()],
      [/^GET \/commits\/[^/]+\/status$/, () => ({ state: "pending", total_count: 0 })],
    ];
    for (const [pattern, handler] of routes) {
      const found = pattern.exec(call);
      if (found !== null) return handler(found.slice(1), body, query);
    }
    throw new Refused(404, `Not Found: ${call}`);
  }

  private checkRuns() {
    const act = this.onRead;
    this.onRead = undefined;
    act?.();
    return { check_runs: this.checks };
  }

  private tip(branch: string): string {
    return this.git("rev-parse", `refs/heads/${branch}`);
  }

  private refs(start: string) {
    const names = this.git("for-each-ref", "--format=%(refname)").split("\n");
    return names.filter((ref) => ref.startsWith(`refs/heads/${start}`)).map((ref) => ({ ref }));
  }

  /** As GitHub does, it refuses where the file is another one by now. */
  private write(path: string, { branch, content, sha, message }: Body): void {
    const ref = `refs/heads/${branch}`;
    if (this.git("rev-parse", `${ref}:${path}`) !== sha)
      throw new Refused(409, `${path} does not match ${sha}`);
    const work = temporaryFolder();
    const git = (...args: string[]) =>
      execFileSync("git", [...author, ...args], { cwd: work, encoding: "utf8" });
    git("clone", "--quiet", "--branch", String(branch), this.folder, ".");
    writeFileSync(join(work, path), Buffer.from(String(content), "base64"));
    git("commit", "--quiet", "--all", "--message", String(message));
    git("push", "--quiet", "origin", String(branch));
  }

  private pull(number = ""): Pull {
    const found = this.pulls.find((one) => String(one.number) === number);
    if (found === undefined) throw new Refused(404, `no pull request ${number}`);
    return found;
  }

  private listed(query: URLSearchParams) {
    const [state, head, base] = ["state", "head", "base"].map((name) => query.get(name));
    return this.pulls
      .filter(
        (one) =>
          (state === "all" || one.state === state) &&
          (head ?? `example:${one.head}`) === `example:${one.head}`,
      )
      .filter((one) => (base ?? one.base) === one.base)
      .map((one) => this.told(one));
  }

  private told({ number, html_url, title, body, state, head }: Pull) {
    const sha = this.tip(head);
    const user = { type: "Bot", login: this.user };
    const mergeable = this.mergeableState !== "dirty";
    return {
      number,
      html_url,
      title,
      body,
      state,
      user,
      mergeable,
      mergeable_state: this.mergeableState,
      head: { ref: head, sha },
    };
  }

  private opened({ title, head, base, body }: Body) {
    const number = this.pulls.length + 1;
    const html_url = `https://github.com/example/shop/pull/${number}`;
    const texts = { title: String(title), body: String(body), head: String(head), base: String(base) };
    if (this.open.some((one) => one.head === head)) throw new Refused(422, "a pull request exists already");
    this.pulls.push({ number, html_url, ...texts, state: "open", merged: false, comments: [] });
    return { html_url };
  }

  private files({ base, head }: Pull) {
    const names = this.git("diff", "--name-only", `${base}...${head}`).split("\n");
    return names.map((filename) => ({ filename }));
  }

  /** A squash of a branch whose base has not moved. */
  private merge(pull: Pull, { sha, commit_title }: Body): void {
    if (sha !== this.tip(pull.head)) throw new Refused(409, "Head branch was modified");
    const message = String(commit_title);
    const commit = this.git("commit-tree", `${pull.head}^{tree}`, "-p", pull.base, "-m", message);
    this.git("update-ref", `refs/heads/${pull.base}`, commit);
    Object.assign(pull, { state: "closed", merged: true });
  }
}
