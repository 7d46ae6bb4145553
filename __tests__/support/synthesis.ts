import "./testing-cdktf";
import { App } from "cdktf";
import { tryReleases } from "../../stacks/releases";

/** Synthesizes a project into a folder as `main.ts` does. */
export async function synthesize(project: string, outdir: string): Promise<void> {
  const app = new App({ outdir });
  const problems = await tryReleases(app, project);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  app.synth();
}
