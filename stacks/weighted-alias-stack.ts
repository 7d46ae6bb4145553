import type { Construct } from "constructs";
import { ApiStage } from "../constructs/api-stage";
import { DefinitionDeployments } from "../constructs/definition-deployments";
import type { VersionAlias } from "../constructs/version-alias";
import { constructIds } from "../src/release/construct-ids";
import type { WeightedAliasRelease } from "../src/release/strategies/weighted-alias";
import { type Aliases, LambdaVersionsStack } from "./lambda-versions-stack";

/** One alias of each function, `live`, which splits its invocations between two versions, whoever invokes it. */
export class WeightedAliasStack extends LambdaVersionsStack {
  /** The stage that users call. */
  readonly stage: ApiStage;
  /** The alias of the first function that serves the users of whoever invokes it. */
  readonly live: VersionAlias;
  /** The alias of each function, by the function's name. */
  readonly lives: Aliases;

  constructor(scope: Construct, release: WeightedAliasRelease) {
    super(scope, release, release.preview && { ...release.preview, name: "preview" });
    const { api } = this;
    const { name, versions, stable } = release;
    const deployments = new DefinitionDeployments(this, constructIds.definition, { api, versions });
    this.lives = this.liveAliases();
    this.live = [...this.lives.values()][0] as VersionAlias;
    this.stage = new ApiStage(this, constructIds.liveStage, {
      name,
      api,
      stage: release.stage,
      stable: { ...this.behind(this.lives, stable), deploymentId: deployments.idOf(stable) },
      protect: release.environment.protect,
    });
    this.addTriggers(this.lives, release.triggers);
    this.watchAliases(this.lives);
    this.addServedOutput(({ numbers }, name) => numbers[name] ?? "");
    this.addOutputs({ api, stage: this.stage, temporary: this.temporaryStage() });
  }
}
