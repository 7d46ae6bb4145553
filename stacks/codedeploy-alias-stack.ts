import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { ApiStage } from "../constructs/api-stage";
import { aliasesOf, CodedeployRollout } from "../constructs/codedeploy-rollout";
import { type Asks, addRolloutHooks } from "../constructs/rollout-hook";
import type { Aliases } from "../constructs/service-aliases";
import type { ServiceFunction } from "../constructs/service-function";
import type { VersionAlias } from "../constructs/version-alias";
import { constructIds } from "../src/release/construct-ids";
import { holdsAliasAlone } from "../src/release/functions/alias-variable";
import type { HookMoment } from "../src/release/functions/hooks";
import { liveAlias } from "../src/release/pointer";
import { deploymentGroupName } from "../src/release/shifts/rollout";
import type { CodedeployAliasRelease } from "../src/release/strategies/codedeploy-alias";
import { LambdaVersionsStack } from "./lambda-versions-stack";

/**
 * One alias of each function, `live`, which is made at the stable version, and which CodeDeploy moves from then on:
 * what the file says of stable and canary changes nothing here. A CodeDeploy deployment moves one function, so each
 * has a deployment group; they share the application, the role, the configuration, the alarms and the hooks.
 *
 * Outputs beside those of the functions: `codedeploy` (application and deployment group, or the groups by function),
 * `hooks` (names in AWS).
 */
export class CodedeployAliasStack extends LambdaVersionsStack {
  /** The alias `live` of the first function, which serves all callers. */
  readonly live: VersionAlias;
  /** The alias of each function, by the function's name. */
  readonly lives: Aliases;
  private readonly servingStage?: ApiStage;

  constructor(scope: Construct, release: CodedeployAliasRelease) {
    super(scope, release, release.preview && { ...release.preview, name: "preview" });
    const { target } = this;
    const { name, environment, rollout } = release;
    const deployments = this.definitionDeployments();
    const lives = this.serviceAliases.live({ movedByCodeDeploy: true });
    this.lives = lives;
    this.live = [...lives.values()][0] as VersionAlias;
    const stage = this.aliasStage(lives, deployments);
    this.servingStage = stage;
    this.addTriggers(lives, release.triggers);
    const groups = movedFunctions(release, lives);
    const invokes = groups.map((one) => (this.lambdas.get(one.function) as ServiceFunction).arn);
    const asks: Readonly<Partial<Record<HookMoment, Asks>>> = {
      beforeTraffic: { invokes },
      afterTraffic: stage === undefined ? { invokes } : { environment: { API_ENDPOINT: stage.url } },
    };
    const hooks = addRolloutHooks(this, {
      name,
      groups: groups.map((group) => group.name),
      target,
      hooks: release.hooks,
      asks: (moment) => asks[moment] ?? {},
    });
    const alarms = this.watchAliases(lives);
    this.showAlias(liveAlias, alarms);
    const { applicationName, deploymentGroupNames } = new CodedeployRollout(this, constructIds.rollout, {
      name,
      groups,
      environment,
      target,
      subject: aliasesOf(invokes),
      rollout,
      alarms,
      hookArns: hooks.map(({ arn }) => arn),
    });
    this.addOutputs({ api: this.servingApi, stage, temporary: this.temporaryStage() });
    const byFunction = groups.map((one, index) => [one.function, deploymentGroupNames[index]]);
    const named = groups.every((group) => group.name === name)
      ? { deployment_group: deploymentGroupNames[0] }
      : { deployment_groups: Object.fromEntries(byFunction) };
    new TerraformOutput(this, "codedeploy", { value: { application: applicationName, ...named } });
  }

  /** The stage that users call. @throws where the service has no API */
  get stage(): ApiStage {
    return this.served(this.servingStage);
  }
}

/** The functions that CodeDeploy moves, each with its deployment group. One that no version has yet has no alias. */
function movedFunctions({ name, functions }: CodedeployAliasRelease, lives: Aliases) {
  return functions
    .filter((one) => lives.has(one.name))
    .map((one) => ({
      function: one.name,
      id: holdsAliasAlone(one.aliasVariable) ? "Resource" : `${one.name}-group`,
      name: deploymentGroupName(name, one),
    }));
}
