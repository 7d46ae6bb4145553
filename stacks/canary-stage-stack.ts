import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { ApiStage } from "../constructs/api-stage";
import { PublishedVersion } from "../constructs/published-version";
import { ServiceApi } from "../constructs/service-api";
import { stageVariableUri } from "../constructs/stage-variable-uri";
import { TemporaryStage } from "../constructs/temporary-stage";
import { constructIds } from "../src/release/construct-ids";
import { routingRuleOf } from "../src/release/environment/routing-rule";
import type { CanaryStageRelease } from "../src/release/strategies/canary-stage";
import type { Version } from "../src/release/version";
import { versionId } from "../src/release/version-id";
import { addVersionAlarmsOutput } from "./alarms-output";
import { measureStage } from "./measured-stage";
import { ServiceStack } from "./service-stack";

/**
 * A function per version behind one API Gateway stage, whose canary settings split the requests.
 *
 * Outputs beside those of every service: `functions` (names in AWS by version and function).
 */
export class CanaryStageStack extends ServiceStack {
  /** The API whose deployments the stage serves. */
  readonly api: ServiceApi;
  /** The stage that users call. */
  readonly stage: ApiStage;
  /** What each version brings, by its name: its functions, their names and its deployment. */
  readonly versions: ReadonlyMap<string, PublishedVersion>;

  constructor(scope: Construct, release: CanaryStageRelease) {
    super(scope, release);
    const { name, canary, preview, adopted } = release;
    const { protect } = release.environment;
    const api = new ServiceApi(this, constructIds.api, {
      name,
      definition: release.definition,
      integrationUri: (stageVariable) => stageVariableUri(this.target, stageVariable),
      closedStage: preview && { name: "preview", sources: preview.sources },
      security: release.environment.api,
      adoptedId: adopted.api,
      protect,
    });
    const scopeOfVersions = new Construct(this, constructIds.version);
    const versions = new Map(
      release.versions.map((version) => [
        version,
        new PublishedVersion(scopeOfVersions, versionId(version.name), {
          version,
          api,
          alarms: release.alarms,
        }),
      ]),
    );
    const published = (version: Version) => versions.get(version) as PublishedVersion;
    const stage = new ApiStage(this, constructIds.canaryStage, {
      name,
      api,
      stage: release.stage,
      stable: published(release.stable),
      canary: canary && { ...canary, version: published(canary.version) },
      ...this.guarded(api),
      hasCanaryLogs: true,
      adopted: adopted.stage,
      protect,
    });
    const temporary =
      preview &&
      new TemporaryStage(this, constructIds.preview, {
        name,
        api,
        stageName: "preview",
        settings: release.stage,
        fingerprint: preview.version.fingerprint,
        target: published(preview.version),
        usersStage: stage,
        sources: preview.sources,
        rule: routingRuleOf(release, preview.header),
      });
    this.api = api;
    this.stage = stage;
    this.versions = new Map([...versions.values()].map((version) => [version.name, version]));
    const measured = measureStage(this, release, { stage });
    this.addDashboard(addVersionAlarmsOutput(this, release, versions, measured));
    this.addOutputs({ api, stage, temporary });
    new TerraformOutput(this, "functions", {
      value: Object.fromEntries(
        [...versions.values()].map((version) => [version.name, version.functionNames]),
      ),
    });
  }
}
