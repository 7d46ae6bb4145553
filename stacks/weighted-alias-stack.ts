import type { Construct } from "constructs";
import type { ApiStage } from "../constructs/api-stage";
import type { Aliases } from "../constructs/service-aliases";
import type { VersionAlias } from "../constructs/version-alias";
import { liveAlias } from "../src/release/pointer";
import type { WeightedAliasRelease } from "../src/release/strategies/weighted-alias";
import { LambdaVersionsStack } from "./lambda-versions-stack";

/** One alias of each function, `live`, which splits its invocations between two versions, for all callers. */
export class WeightedAliasStack extends LambdaVersionsStack {
  /** The alias `live` of the first function, which serves all callers. */
  readonly live: VersionAlias;
  /** The alias of each function, by the function's name. */
  readonly lives: Aliases;
  private readonly servingStage?: ApiStage;

  constructor(scope: Construct, release: WeightedAliasRelease) {
    super(scope, release, release.preview && { ...release.preview, name: "preview" });
    const deployments = this.definitionDeployments();
    this.lives = this.serviceAliases.live(this.guarded(this.servingApi));
    this.live = [...this.lives.values()][0] as VersionAlias;
    this.servingStage = this.aliasStage(this.lives, deployments);
    this.addTriggers(this.lives, release.triggers);
    this.showAlias(liveAlias, this.watchAliases(this.lives));
    this.addServedOutput(({ numbers }, name) => numbers[name] ?? "");
    this.addOutputs({ api: this.servingApi, stage: this.servingStage, temporary: this.temporaryStage() });
  }

  /** The stage that users call. @throws where the service has no API */
  get stage(): ApiStage {
    return this.served(this.servingStage);
  }
}
