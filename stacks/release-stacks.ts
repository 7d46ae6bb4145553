import { join } from "node:path";
import type { App } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import type { Packages } from "../packaging/handler-files";
import { writePackages } from "../packaging/output";
import type { Environment } from "../release/environment";
import type { Release } from "../release/release";
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

function addStack(app: App, release: Release): void {
  switch (release.strategy) {
    case "canary-stage":
      new CanaryStageStack(app, release);
      break;
    case "alias-canary-stage":
      new AliasCanaryStageStack(app, release);
      break;
    case "weighted-alias":
      new WeightedAliasStack(app, release);
      break;
    case "blue-green-stage":
      new BlueGreenStageStack(app, release);
      break;
    case "codedeploy-alias":
      new CodedeployAliasStack(app, release);
      break;
    case "ecs-blue-green":
      new EcsBlueGreenStack(app, release);
  }
}

/** Has each stack write its packages when it is synthesized: after it was found valid, before the manifest. */
export function attachPackages(app: App, releases: readonly Release[], packages: Packages): void {
  for (const release of releases) {
    addCustomSynthesis(app.node.findChild(release.name), {
      onSynthesize: ({ outdir }) => writePackages(join(outdir, "stacks", release.name), release, packages),
    });
  }
}
