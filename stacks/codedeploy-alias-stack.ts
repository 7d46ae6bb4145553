import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { ApiStage } from "../constructs/api-stage";
import { aliasOf, CodedeployRollout } from "../constructs/codedeploy-rollout";
import { DefinitionDeployments } from "../constructs/definition-deployments";
import { type Asks, addRolloutHooks } from "../constructs/rollout-hook";
import type { VersionAlias } from "../constructs/version-alias";
import { constructIds } from "../src/release/construct-ids";
import type { HookMoment } from "../src/release/hooks";
import type { CodedeployAliasRelease } from "../src/release/strategies/codedeploy-alias";
import { LambdaVersionsStack } from "./lambda-versions-stack";

/**
 * One alias, `live`, which is made at the stable version, and which CodeDeploy moves from then on: what the file says
 * of stable and canary changes nothing here.
 *
 * Outputs beside those of one function: `codedeploy` (application and deployment group), `hooks` (names in AWS).
 */
export class CodedeployAliasStack extends LambdaVersionsStack {
  /** The stage that users call. */
  readonly stage: ApiStage;
  /** The alias that serves the users of whoever invokes it. */
  readonly live: VersionAlias;

  constructor(scope: Construct, release: CodedeployAliasRelease) {
    super(scope, release, release.preview && { ...release.preview, name: "preview" });
    const { lambda, api, target } = this;
    const { name, environment, versions, stable, rollout } = release;
    const deployments = new DefinitionDeployments(this, constructIds.definition, { api, versions });
    const lives = this.liveAliases({ movedByCodeDeploy: true });
    this.live = [...lives.values()][0] as VersionAlias;
    this.stage = new ApiStage(this, constructIds.liveStage, {
      name,
      api,
      stage: release.stage,
      stable: { ...this.behind(lives, stable), deploymentId: deployments.idOf(stable) },
      protect: environment.protect,
    });
    this.addTriggers(lives, release.triggers);
    const asks: Readonly<Partial<Record<HookMoment, Asks>>> = {
      beforeTraffic: { invokes: lambda.arn },
      afterTraffic: { environment: { API_ENDPOINT: this.stage.url } },
    };
    const hookArns = addRolloutHooks(this, {
      name,
      target,
      hooks: release.hooks,
      asks: (moment) => asks[moment] ?? {},
    });
    const { applicationName, deploymentGroupName } = new CodedeployRollout(this, constructIds.rollout, {
      name,
      environment,
      target,
      subject: aliasOf(lambda.arn),
      rollout,
      alarms: this.watchAliases(lives),
      hookArns,
    });
    this.addOutputs({ api, stage: this.stage, temporary: this.temporaryStage() });
    new TerraformOutput(this, "codedeploy", {
      value: { application: applicationName, deployment_group: deploymentGroupName },
    });
  }
}
