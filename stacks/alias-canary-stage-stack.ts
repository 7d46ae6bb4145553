import { Construct } from "constructs";
import { ApiStage, type StageTarget } from "../constructs/api-stage";
import { type Aliases, firstOfEach } from "../constructs/service-aliases";
import type { VersionAlias } from "../constructs/version-alias";
import { VersionDeployment } from "../constructs/version-deployment";
import { constructIds } from "../src/release/construct-ids";
import { versionAlias, versionDeployment } from "../src/release/pointer";
import type { AliasCanaryStageRelease } from "../src/release/strategies/alias-canary-stage";
import type { LambdaVersion } from "../src/release/version";
import { addVersionAlarmsOutput } from "./alarms-output";
import { LambdaVersionsStack } from "./lambda-versions-stack";
import { measureStage } from "./measured-stage";

/** A version as the stage can point at it, and the names of the alarms that look at it. */
type Published = StageTarget & { readonly aliases: Aliases; readonly alarms: readonly string[] };

/**
 * An alias of each function and a deployment for each version, neither of which ever moves, behind one API Gateway stage, whose
 * canary settings split the requests.
 */
export class AliasCanaryStageStack extends LambdaVersionsStack {
  /** The stage that users call. */
  readonly stage: ApiStage;
  /** The alias of each version's first function, by the version's number. */
  readonly aliases: ReadonlyMap<string, VersionAlias>;
  /** The aliases of each version, by its number and the function's name. */
  readonly versionAliases: ReadonlyMap<string, Aliases>;

  constructor(scope: Construct, release: AliasCanaryStageRelease) {
    super(scope, release, release.preview && { ...release.preview, name: "preview" });
    const { api } = this;
    const { name, stable, canary } = release;
    const scopeOfVersions = new Construct(this, constructIds.version);
    const targets = new Map(
      release.versions.map((version) => [
        version,
        this.publish(new Construct(scopeOfVersions, version.name), version),
      ]),
    );
    this.versionAliases = new Map([...targets].map(([{ name }, { aliases }]) => [name, aliases]));
    this.aliases = firstOfEach(this.versionAliases);
    const published = (version: LambdaVersion) => targets.get(version) as Published;
    this.stage = new ApiStage(this, constructIds.canaryStage, {
      name,
      api,
      stage: release.stage,
      stable: published(stable),
      canary: canary && { ...canary, version: published(canary.version) },
      ...this.guarded(api),
      hasCanaryLogs: true,
      protect: release.environment.protect,
    });
    const measured = measureStage(this, release, { stage: this.stage });
    this.addDashboard(addVersionAlarmsOutput(this, release, targets, measured));
    this.addServedOutput(({ name }) => versionAlias(name));
    this.addOutputs({ api, stage: this.stage, temporary: this.temporaryStage() });
  }

  /** All that a version brings. */
  private publish(scope: Construct, version: LambdaVersion): Published {
    const { name, fingerprint } = version;
    const { aliases, alarms } = this.serviceAliases.publish(scope, version);
    const { id: deploymentId } = new VersionDeployment(scope, "deployment", {
      api: this.api,
      description: versionDeployment(name),
      triggers: { fingerprint },
    });
    return { ...this.serviceAliases.behind(aliases, version), deploymentId, aliases, alarms };
  }
}
