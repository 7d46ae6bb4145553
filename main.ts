import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { readReleases } from "./src/release/file";
import { formatProblem, type Problem } from "./src/release/problem";
import { filesOnDisk } from "./src/release/project-files";
import { packageHandlers } from "./src/synth/handler-files";
import { outputSetting } from "./src/synth/output-folder";
import { lockProviders, type StackProviders } from "./src/synth/provider-lock";
import { guardOutput } from "./src/terminal/output";
import { addStacks, attachPackages } from "./stacks/release-stacks";

async function main(): Promise<void> {
  const { environments, releases, problems } = readReleases(filesOnDisk(__dirname));
  if (problems.length > 0) return refuse(problems);

  // Handlers are bundled by another process while the stacks are built.
  const packaging = packageHandlers(__dirname, releases);
  const app = new App({ outdir: outputSetting(__dirname) });
  addStacks(app, environments, releases);
  const { packages, problems: packagingProblems } = await packaging;
  if (packagingProblems.length > 0) return refuse(packagingProblems);

  attachPackages(app, releases, packages);
  app.synth();
  lockProviders(__dirname, providersOf(app));
  console.log(`synthesized ${app.node.children.map((stack) => stack.node.id).join(", ")}`);
}

function providersOf(app: App): StackProviders[] {
  return app.node.children.filter(TerraformStack.isStack).map((stack) => ({
    folder: join(app.outdir, "stacks", stack.node.id),
    sources: stack.allProviders().map(({ terraformProviderSource: source = "" }) => source),
  }));
}

/** The output of the last good synth stays as it is. */
function refuse(problems: readonly Problem[]): void {
  for (const problem of problems) console.error(formatProblem(problem));
  process.exitCode = 1;
}

/** Of what cdktf calls invalid the lines alone: how to leave its validations out is no help. */
function messageOf({ message }: Error): string {
  const invalid = [...message.matchAll(/^ {2}\[[\w-]+\] (.*)$/gm)].map(([, line]) => line);
  return invalid.length > 0 ? invalid.join("\n") : `error: ${message}`;
}

guardOutput(1);
main().catch((error: Error) => {
  console.error(process.env["DEBUG"] === undefined ? messageOf(error) : error);
  process.exitCode = 1;
});
