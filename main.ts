import { join } from "node:path";
import { App } from "cdktf";
import { packageHandlers } from "./packaging/handler-files";
import { lockProviders } from "./packaging/provider-lock";
import { readReleases } from "./release/file";
import { formatProblem, type Problem } from "./release/problem";
import { ApiGatewayAccountStack } from "./stacks/api-gateway-account-stack";
import { CanaryStageStack } from "./stacks/canary-stage-stack";

const stackOf = { "canary-stage": CanaryStageStack };

async function main(): Promise<void> {
  const { environments, releases, problems } = readReleases(__dirname);
  if (problems.length > 0) return refuse(problems);
  const { packages, problems: packagingProblems } = await packageHandlers(__dirname, releases);
  if (packagingProblems.length > 0) return refuse(packagingProblems);

  const app = new App();
  for (const environment of environments) {
    if (environment.apiGatewayAccount) new ApiGatewayAccountStack(app, environment);
  }
  for (const release of releases) new stackOf[release.strategy](app, { release, packages });
  app.synth();
  const stacks = Object.values(app.manifest.stacks);
  lockProviders(
    __dirname,
    stacks.map((stack) => join(app.outdir, stack.synthesizedStackPath)),
  );
  console.log(`synthesized ${app.node.children.map((stack) => stack.node.id).join(", ")}`);
}

/** Nothing was written: the output of the last good synth stays as it is. */
function refuse(problems: readonly Problem[]): void {
  for (const problem of problems) console.error(formatProblem(problem));
  process.exitCode = 1;
}

main().catch((error: Error) => {
  console.error(process.env["DEBUG"] === undefined ? `error: ${error.message}` : error);
  process.exitCode = 1;
});
