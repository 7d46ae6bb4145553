import { join } from "node:path";
import type { App, TerraformStack } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import type { Environment } from "../src/release/environment";
import type { Release } from "../src/release/release";
import type { Packages } from "../src/synth/handler-files";
import { writePackages } from "../src/synth/output";
import { AliasCanaryStageStack } from "./alias-canary-stage-stack";
import { ApiGatewayAccountStack } from "./api-gateway-account-stack";
import { BlueGreenStageStack } from "./blue-green-stage-stack";
import { BootstrapStack, isDeployedByGitHub } from "./bootstrap-stack";
import { CanaryStageStack } from "./canary-stage-stack";
import { CodedeployAliasStack } from "./codedeploy-alias-stack";
import { EcsBlueGreenStack } from "./ecs-blue-green-stack";
import { ImageRepositoriesStack } from "./image-repositories-stack";
import { WeightedAliasStack } from "./weighted-alias-stack";

/** A stack for each release, by its strategy, and the account's for each environment that asks for it. */
export function addStacks(
  app: App,
  environments: readonly Environment[],
  releases: readonly Release[],
): void {
  for (const environment of environments) {
    if (isDeployedByGitHub(environment)) {
      new BootstrapStack(app, environment, adoptedFunctions(environment, releases));
    }
    if (environment.apiGatewayAccount) new ApiGatewayAccountStack(app, environment);
    if (environment.imageRepositories.length > 0) new ImageRepositoriesStack(app, environment);
  }
  for (const release of releases) addStack(app, release);
}

/** Names in AWS that are not of this project. */
function adoptedFunctions(environment: Environment, releases: readonly Release[]): string[] {
  return releases
    .filter((release) => release.environment === environment)
    .flatMap((release) =>
      ("functions" in release ? release.functions : []).filter(({ awsName, ownName }) => awsName !== ownName),
    )
    .map(({ awsName }) => awsName);
}

/** By strategy the stack that deploys its releases. */
const stacks: { readonly [R in Release as R["strategy"]]: new (app: App, release: R) => TerraformStack } = {
  "canary-stage": CanaryStageStack,
  "alias-canary-stage": AliasCanaryStageStack,
  "weighted-alias": WeightedAliasStack,
  "blue-green-stage": BlueGreenStageStack,
  "codedeploy-alias": CodedeployAliasStack,
  "ecs-blue-green": EcsBlueGreenStack,
};

function addStack(app: App, release: Release): void {
  const Stack = stacks[release.strategy] as new (app: App, release: Release) => TerraformStack;
  new Stack(app, release);
}

/** Has each stack write its packages when it is synthesized: after it was found valid, before the manifest. */
export function attachPackages(app: App, releases: readonly Release[], packages: Packages): void {
  for (const release of releases) {
    addCustomSynthesis(app.node.findChild(release.name), {
      onSynthesize: ({ outdir }) => writePackages(join(outdir, "stacks", release.name), release, packages),
    });
  }
}
