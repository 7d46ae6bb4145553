import "./testing-cdktf";
import { App } from "cdktf";
import { packageHandlers } from "../../packaging/handler-files";
import { readReleases } from "../../release/file";
import { formatProblem } from "../../release/problem";
import { filesOnDisk } from "../../release/project-files";
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
