import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { ServiceApi } from "../constructs/service-api";
import { ServiceFunction } from "../constructs/service-function";
import { aliasVariableUri } from "../constructs/stage-variable-uri";
import { TemporaryStage } from "../constructs/temporary-stage";
import { VersionAlias } from "../constructs/version-alias";
import type {
  AliasCanaryStageRelease,
  BlueGreenStageRelease,
  LambdaVersion,
  TemporaryStageSettings,
  WeightedAliasRelease,
} from "../release/release";
import { ServiceStack } from "./service-stack";

type LambdaVersionsRelease = AliasCanaryStageRelease | WeightedAliasRelease | BlueGreenStageRelease;

/**
 * One function, of which Lambda keeps numbered versions, behind an API whose stage variable `alias` names the one
 * that answers. Deploying new code publishes a version and moves no pointer.
 *
 * Outputs beside those of every service: `function_name` and `latest_version` (what was published
 * last).
 */
export abstract class LambdaVersionsStack extends ServiceStack<LambdaVersionsRelease> {
  protected readonly lambda: ServiceFunction;
  protected readonly api: ServiceApi;

  constructor(
    scope: Construct,
    release: LambdaVersionsRelease,
    private readonly temporary:
      | (TemporaryStageSettings<LambdaVersion> & { readonly name: string })
      | undefined,
  ) {
    super(scope, release);
    const { name, definition, environment } = release;
    this.lambda = new ServiceFunction(this, "function", release.function, { publish: true });
    const { functionName, latestVersion } = this.lambda;
    this.api = new ServiceApi(this, "api", {
      name,
      definition,
      integrationUri: () => aliasVariableUri(this.target, functionName),
      closedStage: temporary,
      protect: environment.protect,
    });
    new TerraformOutput(this, "function_name", { value: functionName });
    new TerraformOutput(this, "latest_version", { value: latestVersion });
  }

  /** A stage and an alias of one name, for a while. */
  protected temporaryStage(): TemporaryStage | undefined {
    const { lambda, api, release, temporary } = this;
    if (temporary === undefined) return undefined;
    const { name: stageName, version, sources } = temporary;
    const target = new VersionAlias(this, `${stageName}-alias`, { name: stageName, lambda, api, version });
    return new TemporaryStage(this, stageName, {
      name: release.name,
      api,
      stageName,
      settings: release.stage,
      fingerprint: version.fingerprint,
      target,
      sources,
    });
  }
}
