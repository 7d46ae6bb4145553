/** A line of a file of the repository, as a commit has it. */
export interface FilePlace {
  /** A commit's id. */
  readonly commit: string;
  /** From the root of the repository. */
  readonly path: string;
  /** @default - the whole file */
  readonly line?: number;
}

/** GitHub's pages for the repository of a run, on GitHub or on a company's own server. */
export function repositoryPage(): string {
  const { GITHUB_SERVER_URL = "https://github.com", GITHUB_REPOSITORY = "" } = process.env;
  return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`;
}

/** @returns nothing outside of a run */
export function runPage(): string | undefined {
  const run = process.env["GITHUB_RUN_ID"];
  return run === undefined || run === "" ? undefined : `${repositoryPage()}/actions/runs/${run}`;
}

export function commitPage(commit: string): string {
  return `${repositoryPage()}/commit/${commit}`;
}

export function linePage({ commit, path, line }: FilePlace): string {
  // Parentheses would end a link of Markdown.
  const escaped = path.split("/").map(encodeURIComponent).join("/").replace(/[()]/g, percentEncoded);
  return `${repositoryPage()}/blob/${commit}/${escaped}${line === undefined ? "" : `#L${line}`}`;
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16)}`;
}
