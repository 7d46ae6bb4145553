import "./testing-cdktf";
import { App } from "cdktf";
import { readReleases } from "../../src/release/file";
import { formatProblem } from "../../src/release/problem";
import { filesOnDisk } from "../../src/release/project-files";
import { packageHandlers } from "../../src/synth/handler-files";
import { addStacks, attachPackages } from "../../stacks/release-stacks";

/** Synthesizes a project into a folder as `main.ts` does. */
export async function synthesize(project: string, outdir: string): Promise<void> {
  const { environments, releases, problems } = readReleases(filesOnDisk(project));
  const { packages, problems: packaging } = await packageHandlers(project, releases);
  const all = [...problems, ...packaging];
  if (all.length > 0) throw new Error(all.map(formatProblem).join("\n"));
  const app = new App({ outdir });
  addStacks(app, environments, releases);
  attachPackages(app, releases, packages);
  app.synth();
}
