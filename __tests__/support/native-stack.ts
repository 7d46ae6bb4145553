import { join } from "node:path";
import { App } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import { readReleases } from "../../src/release/files/file";
import { filesOnDisk } from "../../src/release/files/project-files";
import { formatProblem } from "../../src/release/problem";
import { packageHandlers } from "../../src/synth/handler-files";
import { writePackages } from "../../src/synth/output";
import { EcsNativeStack } from "../../stacks/ecs-native-stack";

/**
 * Synthesizes the `ecs-native` releases of a project with the classes that are installed here, which `addReleases`
 * refuses because their provider is older: their JSON is that of newer ones.
 *
 * @returns the output folder
 */
export async function synthesizeNative(project: string): Promise<string> {
  const { releases, problems } = readReleases(filesOnDisk(project));
  if (problems.length > 0) throw new Error(problems.map(formatProblem).join("\n"));
  const { packages, zips } = await packageHandlers(project, releases);
  const output = join(project, "cdktf.out");
  const app = new App({ outdir: output });
  for (const release of releases) {
    if (release.strategy !== "ecs-native") throw new Error(`${release.name} must be of ecs-native`);
    const stack = new EcsNativeStack(app, release);
    addCustomSynthesis(stack, {
      onSynthesize: ({ outdir }) =>
        writePackages(join(outdir, "stacks", stack.node.id), release, packages, zips),
    });
  }
  app.synth();
  return output;
}
