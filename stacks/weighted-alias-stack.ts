import type { Construct } from "constructs";
import { ApiStage } from "../constructs/api-stage";
import { DefinitionDeployments } from "../constructs/definition-deployments";
import { VersionAlias } from "../constructs/version-alias";
import type { WeightedAliasRelease } from "../release/release";
import { LambdaVersionsStack } from "./lambda-versions-stack";

/** One alias, `live`, which splits its invocations between two versions, whoever invokes it. */
export class WeightedAliasStack extends LambdaVersionsStack {
  constructor(scope: Construct, release: WeightedAliasRelease) {
    super(scope, release, release.preview && { ...release.preview, name: "preview" });
    const { lambda, api } = this;
    const { name, versions, stable, canary } = release;
    const deployments = new DefinitionDeployments(this, "definition", { api, versions });
    const live = new VersionAlias(this, "live", { name: "live", lambda, api, version: stable, canary });
    const stage = new ApiStage(this, "live-stage", {
      name,
      api,
      stage: release.stage,
      stable: live.behind(deployments.idOf(stable)),
      protect: release.environment.protect,
    });
    this.watchAlias("live");
    this.addOutputs({ api, stage, temporary: this.temporaryStage() });
  }
}
