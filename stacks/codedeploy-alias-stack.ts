import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { ApiStage } from "../constructs/api-stage";
import { CodedeployRollout } from "../constructs/codedeploy-rollout";
import { DefinitionDeployments } from "../constructs/definition-deployments";
import { RolloutHook, type RolloutHookProps } from "../constructs/rollout-hook";
import { VersionAlias } from "../constructs/version-alias";
import { type Hook, isDeployed } from "../release/hooks";
import type { CodedeployAliasRelease } from "../release/release";
import { LambdaVersionsStack } from "./lambda-versions-stack";

/**
 * One alias, `live`, which is made at the stable version, and which CodeDeploy moves from then on: what the file says
 * of stable and canary changes nothing here.
 *
 * Outputs beside those of one function: `codedeploy` (application and deployment group), `hooks` (names in AWS).
 */
export class CodedeployAliasStack extends LambdaVersionsStack {
  constructor(scope: Construct, release: CodedeployAliasRelease) {
    super(scope, release, release.preview && { ...release.preview, name: "preview" });
    const { lambda, api, target } = this;
    const { name, environment, versions, stable, canary, rollout } = release;
    const deployments = new DefinitionDeployments(this, "definition", { api, versions });
    const live = new VersionAlias(this, "live", {
      name: "live",
      lambda,
      api,
      version: stable,
      canary,
      movedByCodeDeploy: true,
    });
    const stage = new ApiStage(this, "live-stage", {
      name,
      api,
      stage: release.stage,
      stable: live.behind(deployments.idOf(stable)),
      protect: environment.protect,
    });
    const { beforeTraffic, afterTraffic } = release.hooks;
    const before = this.hook("before-traffic-hook", beforeTraffic, { invokes: lambda.arn });
    const after = this.hook("after-traffic-hook", afterTraffic, { calls: stage.url });
    const { applicationName, deploymentGroupName } = new CodedeployRollout(this, "rollout", {
      name,
      region: environment.region,
      target,
      functionArn: lambda.arn,
      rollout,
      alarms: this.watchAlias("live"),
      hookArns: [before, after].flatMap((hook) => (hook === undefined ? [] : [hook.arn])),
    });
    this.addOutputs({ api, stage, temporary: this.temporaryStage() });
    new TerraformOutput(this, "codedeploy", {
      value: { application: applicationName, deployment_group: deploymentGroupName },
    });
    if (before === undefined && after === undefined) return;
    const hooks = Object.entries({
      before_traffic: before?.name,
      after_traffic: after?.name,
    });
    new TerraformOutput(this, "hooks", {
      value: Object.fromEntries(hooks.filter(([, called]) => called !== undefined)),
    });
  }

  /** The function that is asked: one that is there already stays as it is. */
  private hook(
    id: string,
    hook: Hook | undefined,
    asks: Pick<RolloutHookProps, "invokes" | "calls">,
  ): { readonly name: string; readonly arn: string } | undefined {
    if (hook === undefined) return undefined;
    if (!isDeployed(hook)) return { name: hook.arn, arn: hook.arn };
    const { functionName, arn } = new RolloutHook(this, id, {
      name: this.release.name,
      target: this.target,
      hook,
      ...asks,
    });
    return { name: functionName, arn };
  }
}
