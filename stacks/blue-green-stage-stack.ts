import { Construct } from "constructs";
import { ApiStage } from "../constructs/api-stage";
import { DefinitionDeployments } from "../constructs/definition-deployments";
import { VersionAlias } from "../constructs/version-alias";
import { constructIds } from "../src/release/construct-ids";
import { greenAlias } from "../src/release/pointer";
import type { BlueGreenStageRelease } from "../src/release/strategies/blue-green-stage";
import type { LambdaVersion } from "../src/release/version";
import { addVersionAlarmsOutput } from "./alarms-output";
import { LambdaVersionsStack, type PublishedAlias } from "./lambda-versions-stack";
import { measureStage } from "./measured-stage";

/**
 * An alias for each version and a deployment for each API definition, none of which ever moves. The stage `green`
 * names one of each, so a switch is one change of it, also to another definition. For a while there is a stage
 * `blue` for previewing the next version.
 */
export class BlueGreenStageStack extends LambdaVersionsStack {
  /** The stage that users call. */
  readonly stage: ApiStage;
  /** The alias of each version, by its number. */
  readonly aliases: ReadonlyMap<string, VersionAlias>;

  constructor(scope: Construct, release: BlueGreenStageRelease) {
    super(scope, release, release.blue && { ...release.blue, name: "blue" });
    const { lambda, api } = this;
    const { name, versions, stable, blue } = release;
    const deployments = new DefinitionDeployments(this, constructIds.definition, { api, versions });
    const scopeOfVersions = new Construct(this, constructIds.version);
    const published = new Map(
      versions.map((version) => [
        version,
        this.publishAlias(new Construct(scopeOfVersions, version.name), version),
      ]),
    );
    this.aliases = new Map([...published].map(([{ name }, { alias }]) => [name, alias]));
    const aliasOf = (version: LambdaVersion) => (published.get(version) as PublishedAlias).alias;
    this.stage = new ApiStage(this, constructIds.greenStage, {
      name,
      api,
      stage: release.stage,
      ...this.guarded(api),
      stable: aliasOf(stable).behind(deployments.idOf(stable)),
      protect: release.environment.protect,
    });
    if (release.greenAlias)
      new VersionAlias(this, constructIds.greenAlias, { name: greenAlias, lambda, api, version: stable });
    const measured = measureStage(this, release, { stage: this.stage });
    this.addDashboard(addVersionAlarmsOutput(this, release, published, measured));
    this.addOutputs({
      api,
      stage: this.stage,
      temporary: this.temporaryStage(blue && aliasOf(blue.version)),
    });
  }
}
