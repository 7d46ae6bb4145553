import type { Construct } from "constructs";
import { ApiStage } from "../constructs/api-stage";
import { DefinitionDeployments } from "../constructs/definition-deployments";
import { VersionAlias } from "../constructs/version-alias";
import type { BlueGreenStageRelease } from "../release/release";
import { LambdaVersionsStack } from "./lambda-versions-stack";

/** The alias and stage `green` for users, and for a while `blue` for those who look at the next version. */
export class BlueGreenStageStack extends LambdaVersionsStack {
  constructor(scope: Construct, release: BlueGreenStageRelease) {
    super(scope, release, release.blue && { ...release.blue, name: "blue" });
    const { lambda, api } = this;
    const { name, versions, stable, provisionedConcurrency } = release;
    const deployments = new DefinitionDeployments(this, "definition", { api, versions });
    const green = new VersionAlias(this, "green-alias", {
      name: "green",
      lambda,
      api,
      version: stable,
      provisionedConcurrency,
    });
    const stage = new ApiStage(this, "green-stage", {
      name,
      api,
      stage: release.stage,
      stable: green.behind(deployments.idOf(stable)),
      protect: release.environment.protect,
    });
    this.watch(this.dimensionsOf("blue"), this.dimensionsOf("green"));
    this.addOutputs({ api, stage, temporary: this.temporaryStage() });
  }
}
