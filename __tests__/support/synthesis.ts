import "./testing-cdktf";
import { App } from "cdktf";
import { readReleases } from "../../src/release/file";
import { formatProblem } from "../../src/release/problem";
import { filesOnDisk } from "../../src/release/project-files";
import { addReleases } from "../../stacks/releases";

/** Synthesizes a project into a folder as `main.ts` does. */
export async function synthesize(project: string, outdir: string): Promise<void> {
  const { problems } = readReleases(filesOnDisk(project));
  if (problems.length > 0) throw new Error(problems.map(formatProblem).join("\n"));
  const app = new App({ outdir });
  await addReleases(app, project);
  app.synth();
}
