import type { Construct } from "constructs";
import { ApiStage } from "../../constructs/api-stage";
import { DefinitionDeployments } from "../../constructs/definition-deployments";
import { behindAliases, VersionAlias } from "../../constructs/version-alias";
import type { BlueGreenStageRelease } from "../../src/release/strategies/blue-green-stage";
import { LambdaVersionsStack } from "../../stacks/lambda-versions-stack";

/** The stack of a blue/green stage as it was before each version had an alias: what is deployed has its resources. */
export class BlueGreenStageStack extends LambdaVersionsStack {
  readonly stage: ApiStage;

  constructor(scope: Construct, release: BlueGreenStageRelease) {
    super(scope, release, release.blue && { ...release.blue, name: "blue" });
    const { lambda, api } = this;
    const { name, versions, stable } = release;
    const { provisionedConcurrency } = stable;
    const deployments = new DefinitionDeployments(this, "definition", { api, versions });
    const green = new VersionAlias(this, "green-alias", {
      name: "green",
      lambda,
      variable: "alias",
      api,
      version: stable.name,
      provisionedConcurrency,
    });
    this.stage = new ApiStage(this, "green-stage", {
      name,
      api,
      stage: release.stage,
      stable: { ...behindAliases([green]), deploymentId: deployments.idOf(stable) },
      protect: release.environment.protect,
    });
    this.addOutputs({ api, stage: this.stage, temporary: this.temporaryStage() });
  }
}
