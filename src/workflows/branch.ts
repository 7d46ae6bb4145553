import type { GitHub } from "./github";

/** Begins a branch at the tip of another one. A run that ended early may have left it. */
export async function beginBranch(github: GitHub, branch: string, from: string): Promise<void> {
  const { object } = await github.get<{ object: { sha: string } }>(`/git/ref/heads/${from}`);
  const left = await github.get<{ ref: string }[]>(`/git/matching-refs/heads/${branch}`);
  if (left.some(({ ref }) => ref === `refs/heads/${branch}`))
    await github.send("PATCH", `/git/refs/heads/${branch}`, { sha: object.sha, force: true });
  else await github.send("POST", "/git/refs", { ref: `refs/heads/${branch}`, sha: object.sha });
}
