import { Construct } from "constructs";
import { ApiStage } from "../constructs/api-stage";
import { DefinitionDeployments } from "../constructs/definition-deployments";
import { type Aliases, firstOfEach, type PublishedAliases } from "../constructs/service-aliases";
import type { VersionAlias } from "../constructs/version-alias";
import { constructIds } from "../src/release/construct-ids";
import { greenAlias, versionAlias } from "../src/release/pointer";
import type { BlueGreenStageRelease } from "../src/release/strategies/blue-green-stage";
import type { LambdaVersion } from "../src/release/version";
import { addVersionAlarmsOutput } from "./alarms-output";
import { LambdaVersionsStack } from "./lambda-versions-stack";
import { measureStage } from "./measured-stage";

/**
 * An alias of each function for each version and a deployment for each API definition, none of which ever moves. The stage `green`
 * names one of each, so a switch is one change of it, also to another definition. For a while there is a stage
 * `blue` for previewing the next version.
 */
export class BlueGreenStageStack extends LambdaVersionsStack {
  /** The stage that users call. */
  readonly stage: ApiStage;
  /** The alias of each version's first function, by the version's number. */
  readonly aliases: ReadonlyMap<string, VersionAlias>;
  /** The aliases of each version, by its number and the function's name. */
  readonly versionAliases: ReadonlyMap<string, Aliases>;

  constructor(scope: Construct, release: BlueGreenStageRelease) {
    super(scope, release, release.blue && { ...release.blue, name: "blue" });
    const { api } = this;
    const { name, versions, stable, blue } = release;
    const deployments = new DefinitionDeployments(this, constructIds.definition, { api, versions });
    const scopeOfVersions = new Construct(this, constructIds.version);
    const published = new Map(
      versions.map((version) => [
        version,
        this.serviceAliases.publish(new Construct(scopeOfVersions, version.name), version),
      ]),
    );
    this.versionAliases = new Map([...published].map(([{ name }, { aliases }]) => [name, aliases]));
    this.aliases = firstOfEach(this.versionAliases);
    const aliasesOf = (version: LambdaVersion) => (published.get(version) as PublishedAliases).aliases;
    this.stage = new ApiStage(this, constructIds.greenStage, {
      name,
      api,
      stage: release.stage,
      ...this.guarded(api),
      stable: {
        ...this.serviceAliases.behind(aliasesOf(stable), stable),
        deploymentId: deployments.idOf(stable),
      },
      protect: release.environment.protect,
    });
    if (release.greenAlias)
      this.serviceAliases.follow(greenAlias, [constructIds.greenAlias, constructIds.greenAliases], stable);
    const measured = measureStage(this, release, { stage: this.stage });
    this.addDashboard(addVersionAlarmsOutput(this, release, published, measured));
    this.addServedOutput(({ name }) => versionAlias(name));
    this.addOutputs({
      api,
      stage: this.stage,
      temporary: this.temporaryStage(blue && aliasesOf(blue.version)),
    });
  }
}
