import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { ApiStage } from "../constructs/api-stage";
import { DefinitionDeployments } from "../constructs/definition-deployments";
import { MetricAlarms } from "../constructs/metric-alarms";
import { ServiceApi } from "../constructs/service-api";
import { ServiceFunction } from "../constructs/service-function";
import { ServiceTriggers } from "../constructs/service-triggers";
import { aliasVariableUri } from "../constructs/stage-variable-uri";
import { TemporaryStage } from "../constructs/temporary-stage";
import { failureStatements, pollStatements } from "../constructs/trigger-permissions";
import { VersionAlias } from "../constructs/version-alias";
import { alarmsId, constructIds, stageAliasId } from "../src/release/construct-ids";
import { versionAlias } from "../src/release/pointer";
import { isServedByApi } from "../src/release/release";
import type { AliasCanaryStageRelease } from "../src/release/strategies/alias-canary-stage";
import type { BlueGreenStageRelease } from "../src/release/strategies/blue-green-stage";
import type { CodedeployAliasRelease } from "../src/release/strategies/codedeploy-alias";
import type { WeightedAliasRelease } from "../src/release/strategies/weighted-alias";
import type { Trigger } from "../src/release/triggers";
import type { LambdaVersion, TemporaryStageSettings } from "../src/release/version";
import { watchedScope, watchedVersion } from "../src/release/watched";
import { addAlarmsOutput } from "./alarms-output";
import { measureStage } from "./measured-stage";
import { ServiceStack } from "./service-stack";

type LambdaVersionsRelease =
  | AliasCanaryStageRelease
  | WeightedAliasRelease
  | BlueGreenStageRelease
  | CodedeployAliasRelease;

/** The alias of one version, which never moves, and the names of the alarms that look at it. */
export interface PublishedAlias {
  /** It never moves. */
  readonly alias: VersionAlias;
  /** Names in CloudWatch. */
  readonly alarms: readonly string[];
}

/**
 * One function, of which Lambda keeps numbered versions, behind an API whose stage variable `alias` names the one
 * that answers, or without an API. Deploying new code publishes a version and moves no pointer.
 *
 * Outputs beside those of every service: `function_name` and `latest_version` (what was published
 * last); `alias_arn` where there are triggers, or no API.
 */
export abstract class LambdaVersionsStack extends ServiceStack<LambdaVersionsRelease> {
  /** The function, of which Lambda keeps the versions. */
  readonly lambda: ServiceFunction;
  /** The API whose deployments the stage serves. @default - the service has none */
  protected readonly servingApi?: ServiceApi;
  /** The stage that users call. */
  abstract readonly stage: ApiStage;

  constructor(
    scope: Construct,
    release: LambdaVersionsRelease,
    private readonly temporary:
      | (TemporaryStageSettings<LambdaVersion> & { readonly name: string })
      | undefined,
  ) {
    super(scope, release);
    const { name, definition, environment } = release;
    const triggers = "triggers" in release ? release.triggers : [];
    this.lambda = new ServiceFunction(this, constructIds.function, release.function, {
      publish: true,
      statements: [...pollStatements(triggers), ...failureStatements(triggers)],
    });
    const { functionName, latestVersion } = this.lambda;
    if (definition !== undefined) {
      this.servingApi = new ServiceApi(this, constructIds.api, {
        name,
        definition,
        integrationUri: () => aliasVariableUri(this.target, functionName),
        closedStage: temporary,
        protect: environment.protect,
      });
    }
    new TerraformOutput(this, "function_name", { value: functionName });
    new TerraformOutput(this, "latest_version", { value: latestVersion });
  }

  /** The API whose deployments the stage serves. @throws where the service has none */
  get api(): ServiceApi {
    return this.served(this.servingApi);
  }

  /** @throws where the service has no API */
  protected served<T>(ofApi: T | undefined): T {
    if (ofApi !== undefined) return ofApi;
    throw new Error(`the stack ${this.release.name} has no API, because 'api' of its file is false`);
  }

  /** The stage by which users call an alias that serves all of them. @returns nothing without an API */
  protected aliasStage(
    alias: VersionAlias,
    deployments: DefinitionDeployments | undefined,
  ): ApiStage | undefined {
    const { servingApi: api, release } = this;
    const { name, stage, stable, environment } = release;
    if (api === undefined || stage === undefined || deployments === undefined) return undefined;
    return new ApiStage(this, constructIds.liveStage, {
      name,
      api,
      stage,
      stable: alias.behind(deployments.idOf(stable)),
      protect: environment.protect,
    });
  }

  /** A deployment for each definition. @returns nothing without an API */
  protected definitionDeployments(): DefinitionDeployments | undefined {
    const { servingApi: api, release } = this;
    if (api === undefined) return undefined;
    return new DefinitionDeployments(this, constructIds.definition, { api, versions: release.versions });
  }

  /** By which Lambda's metrics tell the invocations of an alias. */
  private dimensionsOf(alias: string): Readonly<Record<string, string>> {
    const { functionName } = this.lambda;
    return { FunctionName: functionName, Resource: `${functionName}:${alias}` };
  }

  /** The alias of one version, with its alarms. */
  protected publishAlias(scope: Construct, version: LambdaVersion): PublishedAlias {
    const { lambda, api, release } = this;
    const { provisionedConcurrency } = version;
    const name = versionAlias(version.name);
    const alias = new VersionAlias(scope, "alias", { name, lambda, api, version, provisionedConcurrency });
    const { alarms } = release;
    if (alarms === undefined) return { alias, alarms: [] };
    const watched = watchedVersion(release.name, version.name);
    const dimensions = this.dimensionsOf(name);
    return { alias, alarms: new MetricAlarms(scope, "alarms", { alarms, watched, dimensions }).names };
  }

  /**
   * The alarms that stop each shift: on an alias that serves everybody, and on what it serves of the version that
   * was published last. API Gateway does not tell whose answers it passes on, so those of the stage count while that
   * version is invoked.
   */
  protected watchAlias(name: string): readonly string[] {
    const { alarms } = this.release;
    if (alarms === undefined) return [];
    const alias = this.dimensionsOf(name);
    const latest = { ...alias, ExecutedVersion: this.lambda.latestVersion };
    const made = (
      [
        ["version", latest],
        ["alias", alias],
      ] as const
    ).flatMap(([scope, dimensions]) => {
      const watched = watchedScope(this.release.name, scope);
      return new MetricAlarms(this, alarmsId(scope), { alarms, watched, dimensions }).names;
    });
    const trial = { namespace: "AWS/Lambda", metricName: "Invocations", dimensions: latest };
    const onAnswers = isServedByApi(this.release)
      ? measureStage(this, this.release, { stage: this.stage, trial })
      : [];
    return addAlarmsOutput(this, this.release, [...made, ...onAnswers]);
  }

  /** The dashboard, with the invocations of an alias that serves everybody. */
  protected showAlias(name: string, alarms: readonly string[]): void {
    this.addDashboard(alarms, { functionName: this.lambda.functionName, name });
  }

  /** What invokes an alias besides the API. Buckets and other callers need its ARN. */
  protected addTriggers(alias: VersionAlias, triggers: readonly Trigger[]): void {
    const { lambda, target, release } = this;
    if (triggers.length > 0)
      new ServiceTriggers(this, constructIds.triggers, {
        name: release.name,
        target,
        lambda,
        alias,
        triggers,
      });
    if (triggers.length === 0 && this.servingApi !== undefined) return;
    new TerraformOutput(this, "alias_arn", { value: alias.arn });
  }

  /**
   * A stage for previewing a version, for a while.
   *
   * @param alias the version's own. @default - one with the name of the stage
   */
  protected temporaryStage(alias?: VersionAlias): TemporaryStage | undefined {
    const { lambda, servingApi: api, release, temporary } = this;
    const { stage: settings } = release;
    if (temporary === undefined || api === undefined || settings === undefined) return undefined;
    const { name: stageName, version, sources } = temporary;
    const target =
      alias ?? new VersionAlias(this, stageAliasId(stageName), { name: stageName, lambda, api, version });
    return new TemporaryStage(this, stageName, {
      name: release.name,
      api,
      stageName,
      settings,
      fingerprint: version.fingerprint,
      target,
      usersStage: this.stage,
      sources,
    });
  }
}
