import { ArchiveProvider } from "@cdktf/provider-archive/lib/provider";
import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { AwsTarget } from "../constructs/aws-target";
import { CanaryStage } from "../constructs/canary-stage";
import { PublishedVersion } from "../constructs/published-version";
import { ServiceApi } from "../constructs/service-api";
import type { Release } from "../release/release";
import { EnvironmentStack } from "./environment-stack";

/**
 * A function per version behind one API Gateway stage, whose canary settings split the requests.
 *
 * Outputs: `api_endpoint`, `api_id`, `stage`, `functions` (names in AWS by version and function) and
 * `traffic` (percent by version).
 */
export class CanaryStageStack extends EnvironmentStack {
  constructor(scope: Construct, release: Release) {
    super(scope, release.name, release.environment);
    new ArchiveProvider(this, "archive");

    const { protect } = release.environment;
    const target = new AwsTarget(this, "target");
    const api = new ServiceApi(this, "api", {
      name: release.name,
      definition: release.definition,
      target,
      adoptedId: release.adopted.api,
      protect,
    });
    const scopeOfVersions = new Construct(this, "version");
    const versions = new Map(
      release.versions.map((version) => [
        version,
        new PublishedVersion(scopeOfVersions, version.name, { version, api }),
      ]),
    );
    const published = (version: Release["stable"]) => versions.get(version) as PublishedVersion;
    const stage = new CanaryStage(this, "canary-stage", {
      name: release.name,
      api,
      stage: release.stage,
      stable: published(release.stable),
      canary: release.canary && { ...release.canary, version: published(release.canary.version) },
      adopted: release.adopted.stage,
      protect,
    });

    new TerraformOutput(this, "api_endpoint", { value: stage.url });
    new TerraformOutput(this, "api_id", { value: api.id });
    new TerraformOutput(this, "stage", { value: release.stage.name });
    new TerraformOutput(this, "functions", {
      value: Object.fromEntries(
        [...versions.values()].map(({ name, functionNames }) => [name, functionNames]),
      ),
    });
    new TerraformOutput(this, "traffic", { value: traffic(release) });
  }
}

/** Who serves what percent. */
function traffic({ stable, canary }: Release): Record<string, number> {
  if (canary === undefined) return { [stable.name]: 100 };
  return { [stable.name]: canary.percent.rest.value, [canary.version.name]: canary.percent.value };
}
