import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { packageHandlers } from "./packaging/handler-files";
import { outputSetting } from "./packaging/output-folder";
import { lockProviders, type StackProviders } from "./packaging/provider-lock";
import { readReleases } from "./release/file";
import { formatProblem, type Problem } from "./release/problem";
import { filesOnDisk } from "./release/project-files";
import { addStacks, attachPackages } from "./stacks/release-stacks";
import { guardOutput } from "./terminal/output";

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
