import "./testing-cdktf";
import { rmSync } from "node:fs";
import { ArchiveProvider } from "@cdktf/provider-archive/lib/provider";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type App, TerraformStack, Testing } from "cdktf";
import { AwsTarget } from "../../constructs/aws-target";
import { PublishedVersion } from "../../constructs/published-version";
import { ServiceApi } from "../../constructs/service-api";
import { stageVariableUri } from "../../constructs/stage-variable-uri";
import { definitionOf } from "../../src/release/definition/definition";
import type { Environment } from "../../src/release/environment/environment";
import { readReleases } from "../../src/release/files/file";
import { filesOnDisk } from "../../src/release/files/project-files";
import { formatProblem } from "../../src/release/problem";
import type { CanaryStageRelease } from "../../src/release/strategies/canary-stage";
import type { Version } from "../../src/release/version";
import { createProject, type Files, shop } from "./project";

/** The JSON of a stack, validated, that `build` fills. */
export function synth(build: (stack: TerraformStack) => void): string {
  const app = Testing.app();
  try {
    const stack = stackWithProviders(app);
    build(stack);
    return Testing.synth(stack, true);
  } finally {
    rmSync(app.outdir, { recursive: true, force: true });
  }
}

export function stackWithProviders(app: App): TerraformStack {
  const stack = new TerraformStack(app, "test");
  new AwsProvider(stack, "aws", { region: "eu-central-1" });
  new ArchiveProvider(stack, "archive");
  return stack;
}

/** The release of a shop whose file has these fields beside the usual ones. */
export function releaseOf(release: object, files: Files = {}): CanaryStageRelease {
  const { releases, problems } = readReleases(filesOnDisk(createProject(shop(release, files))));
  const [first] = releases;
  if (first?.strategy !== "canary-stage") throw new Error(problems.map(formatProblem).join("\n"));
  return first;
}

export const dev: Environment = releaseOf({}).environment;

export function api(stack: TerraformStack): ServiceApi {
  const target = new AwsTarget(stack, "target");
  return new ServiceApi(stack, "api", {
    name: "shop-dev",
    definition: definitionOf(undefined, "shop"),
    integrationUri: (stageVariable) => stageVariableUri(target, stageVariable),
  });
}

export function published(stack: TerraformStack, serviceApi: ServiceApi, version: Version): PublishedVersion {
  return new PublishedVersion(stack, version.name, { version, api: serviceApi });
}
