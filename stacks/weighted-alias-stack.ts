import type { Construct } from "constructs";
import type { ApiStage } from "../constructs/api-stage";
import { VersionAlias } from "../constructs/version-alias";
import { constructIds } from "../src/release/construct-ids";
import { liveAlias } from "../src/release/pointer";
import type { WeightedAliasRelease } from "../src/release/strategies/weighted-alias";
import { LambdaVersionsStack } from "./lambda-versions-stack";

/** One alias, `live`, which splits its invocations between two versions, whoever invokes it. */
export class WeightedAliasStack extends LambdaVersionsStack {
  /** The alias that serves the users of whoever invokes it. */
  readonly live: VersionAlias;
  private readonly servingStage?: ApiStage;

  constructor(scope: Construct, release: WeightedAliasRelease) {
    super(scope, release, release.preview && { ...release.preview, name: "preview" });
    const { lambda, servingApi: api } = this;
    const { stable, canary } = release;
    const deployments = this.definitionDeployments();
    this.live = new VersionAlias(this, constructIds.live, {
      name: liveAlias,
      lambda,
      api,
      ...this.guarded(api),
      version: stable,
      canary,
    });
    this.servingStage = this.aliasStage(this.live, deployments);
    this.addTriggers(this.live, release.triggers);
    this.showAlias(liveAlias, this.watchAlias(liveAlias));
    this.addOutputs({ api, stage: this.servingStage, temporary: this.temporaryStage() });
  }

  /** The stage that users call. @throws where the service has no API */
  get stage(): ApiStage {
    return this.served(this.servingStage);
  }
}
