import { Unable } from "../release/files/project";

/** More than any list that is read here. */
const mostPages = 1_000;

interface Page {
  readonly perPage: number;
}

/** A call that GitHub has refused. */
export class GitHubRefusal extends Unable {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }

  /** Whether the token may not do that: a pull request from a fork has one that only reads. */
  get isForbidden(): boolean {
    return this.status === 403 && /not accessible|permission/i.test(this.message);
  }
}

/** GitHub's API for the repository of a run, with the run's own token. */
export class GitHub {
  /** @throws {Unable} outside of a run */
  static ofRun(): GitHub {
    const { GITHUB_API_URL: url = "https://api.github.com", GITHUB_REPOSITORY, GITHUB_TOKEN } = process.env;
    if (!GITHUB_REPOSITORY || !GITHUB_TOKEN)
      throw new Unable("GITHUB_REPOSITORY and GITHUB_TOKEN must be set, as they are in a workflow's run");
    return new GitHub(`${url}/repos/${GITHUB_REPOSITORY}`, GITHUB_TOKEN);
  }

  constructor(
    private readonly repository: string,
    private readonly token: string,
  ) {}

  get<T>(path: string): Promise<T> {
    return this.call("GET", path).then((bytes) => parsed<T>(bytes, `GET ${path}`));
  }

  send<T>(method: "POST" | "PATCH" | "PUT" | "DELETE", path: string, body?: object): Promise<T> {
    return this.call(method, path, body).then((bytes) => parsed<T>(bytes, `${method} ${path}`));
  }

  async download(path: string): Promise<Uint8Array> {
    return this.call("GET", path);
  }

  /** Every item of a list, page after page. */
  async all<T>(path: string, { perPage }: Page = { perPage: 100 }): Promise<T[]> {
    const items: T[] = [];
    for (let page = 1; page <= mostPages; page++) {
      const more = await this.get<T[]>(
        `${path}${path.includes("?") ? "&" : "?"}per_page=${perPage}&page=${page}`,
      );
      items.push(...more);
      if (more.length < perPage) return items;
    }
    throw new Unable(`GitHub lists more than ${mostPages} pages of ${path}`);
  }

  private async call(method: string, path: string, body?: object): Promise<Uint8Array> {
    const signal = AbortSignal.timeout(30_000);
    const unreached = (error: Error) => {
      const { cause, message } = error;
      const why = signal.aborted ? "no whole answer within 30 seconds" : message;
      throw new Unable(`GitHub cannot be reached: ${cause instanceof Error ? cause.message : why}`);
    };
    const response = await fetch(`${this.repository}${path}`, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${this.token}`,
        "x-github-api-version": "2022-11-28",
      },
      body: body && JSON.stringify(body),
      signal,
    }).catch(unreached);
    // The answer's body may stall too.
    if (response.ok) return new Uint8Array(await response.arrayBuffer().catch(unreached));
    const { message = "" } = (await response.json().catch(() => ({}))) as { message?: string };
    throw new GitHubRefusal(
      response.status,
      `GitHub answers ${response.status} to ${method} ${path}: ${message}`,
    );
  }
}

/** @throws {Unable} where it is no JSON, as the page of a proxy */
function parsed<T>(bytes: Uint8Array, call: string): T {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new Unable(`the answer to ${call} is not GitHub's: does a proxy answer?`);
  }
}
