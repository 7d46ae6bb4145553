import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { type ReleasesOptions, tryReleases } from "../../stacks/releases";

/**
 * The JSON of each stack of a project, by the stack's name, for cdktf's matchers (`toHaveResourceWithProperties`).
 * Nothing is written to the project.
 *
 * @param project the project's folder
 * @param options what the project's `main.ts` gives to `addReleases`
 * @throws with a line for each problem of a release file
 */
export async function synthesized(
  project: string,
  options: ReleasesOptions = {},
): Promise<ReadonlyMap<string, string>> {
  const outdir = mkdtempSync(join(tmpdir(), "lambda-release-testing-"));
  try {
    const app = await synthesizeTo(outdir, project, options);
    const stacks = app.node.children.filter(TerraformStack.isStack).map(({ node }) => node.id);
    return new Map(
      stacks.map((name) => [name, readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8")]),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Synthesizes a project into a folder. @throws with a line for each problem of a release file */
export async function synthesizeTo(
  outdir: string,
  project: string,
  options: ReleasesOptions = {},
): Promise<App> {
  const app = new App({ outdir });
  const problems = await tryReleases(app, project, options);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  app.synth();
  return app;
}
