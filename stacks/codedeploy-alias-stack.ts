import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { ApiStage } from "../constructs/api-stage";
import { aliasOf, CodedeployRollout } from "../constructs/codedeploy-rollout";
import { type Asks, addRolloutHooks } from "../constructs/rollout-hook";
import type { VersionAlias } from "../constructs/version-alias";
import { constructIds } from "../src/release/construct-ids";
import type { HookMoment } from "../src/release/hooks";
import { liveAlias } from "../src/release/pointer";
import type { CodedeployAliasRelease } from "../src/release/strategies/codedeploy-alias";
import { LambdaVersionsStack } from "./lambda-versions-stack";

/**
 * One alias, `live`, which is made at the stable version, and which CodeDeploy moves from then on: what the file says
 * of stable and canary changes nothing here.
 *
 * Outputs beside those of one function: `codedeploy` (application and deployment group), `hooks` (names in AWS).
 */
export class CodedeployAliasStack extends LambdaVersionsStack {
  /** The alias that serves the users of whoever invokes it. */
  readonly live: VersionAlias;
  private readonly servingStage?: ApiStage;

  constructor(scope: Construct, release: CodedeployAliasRelease) {
    super(scope, release, release.preview && { ...release.preview, name: "preview" });
    const { lambda, target } = this;
    const { name, environment, rollout } = release;
    const deployments = this.definitionDeployments();
    const lives = this.liveAliases({ movedByCodeDeploy: true });
    this.live = [...lives.values()][0] as VersionAlias;
    const stage = this.aliasStage(lives, deployments);
    this.servingStage = stage;
    this.addTriggers(lives, release.triggers);
    const asks: Readonly<Partial<Record<HookMoment, Asks>>> = {
      beforeTraffic: { invokes: lambda.arn },
      afterTraffic:
        stage === undefined ? { invokes: lambda.arn } : { environment: { API_ENDPOINT: stage.url } },
    };
    const hookArns = addRolloutHooks(this, {
      name,
      target,
      hooks: release.hooks,
      asks: (moment) => asks[moment] ?? {},
    });
    const alarms = this.watchAliases(lives);
    this.showAlias(liveAlias, alarms);
    const { applicationName, deploymentGroupName } = new CodedeployRollout(this, constructIds.rollout, {
      name,
      environment,
      target,
      subject: aliasOf(lambda.arn),
      rollout,
      alarms,
      hookArns,
    });
    this.addOutputs({ api: this.servingApi, stage, temporary: this.temporaryStage() });
    new TerraformOutput(this, "codedeploy", {
      value: { application: applicationName, deployment_group: deploymentGroupName },
    });
  }

  /** The stage that users call. @throws where the service has no API */
  get stage(): ApiStage {
    return this.served(this.servingStage);
  }
}
