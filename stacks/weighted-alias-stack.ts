import type { Construct } from "constructs";
import { ApiStage } from "../constructs/api-stage";
import { DefinitionDeployments } from "../constructs/definition-deployments";
import { VersionAlias } from "../constructs/version-alias";
import { constructIds } from "../src/release/construct-ids";
import { liveAlias } from "../src/release/pointer";
import type { WeightedAliasRelease } from "../src/release/strategies/weighted-alias";
import { LambdaVersionsStack } from "./lambda-versions-stack";

/** One alias, `live`, which splits its invocations between two versions, whoever invokes it. */
export class WeightedAliasStack extends LambdaVersionsStack {
  /** The stage that users call. */
  readonly stage: ApiStage;
  /** The alias that serves the users of whoever invokes it. */
  readonly live: VersionAlias;

  constructor(scope: Construct, release: WeightedAliasRelease) {
    super(scope, release, release.preview && { ...release.preview, name: "preview" });
    const { lambda, api } = this;
    const { name, versions, stable, canary } = release;
    const deployments = new DefinitionDeployments(this, constructIds.definition, { api, versions });
    this.live = new VersionAlias(this, constructIds.live, {
      name: liveAlias,
      lambda,
      api,
      version: stable,
      canary,
    });
    this.stage = new ApiStage(this, constructIds.liveStage, {
      name,
      api,
      stage: release.stage,
      stable: this.live.behind(deployments.idOf(stable)),
      protect: release.environment.protect,
    });
    this.addTriggers(this.live, release.triggers);
    this.showAlias(liveAlias, this.watchAlias(liveAlias));
    this.addOutputs({ api, stage: this.stage, temporary: this.temporaryStage() });
  }
}
