import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { ApiStage } from "../constructs/api-stage";
import { DefinitionDeployments } from "../constructs/definition-deployments";
import { MetricAlarms } from "../constructs/metric-alarms";
import {
  type Aliases,
  aliasDimensions,
  ServiceAliases,
  type StackFunction,
  scopeIn,
} from "../constructs/service-aliases";
import { ServiceApi } from "../constructs/service-api";
import { ServiceFunction } from "../constructs/service-function";
import { ServiceTriggers } from "../constructs/service-triggers";
import { aliasVariableUri, stageVariableUri } from "../constructs/stage-variable-uri";
import { TemporaryStage } from "../constructs/temporary-stage";
import { failureStatements, pollStatements } from "../constructs/trigger-permissions";
import { watchedScope } from "../src/release/alarms/watched";
import { alarmsId, constructIds, stageAliasesId, stageAliasId } from "../src/release/construct-ids";
import { routingRuleOf } from "../src/release/environment/routing-rule";
import { holdsAliasAlone } from "../src/release/functions/alias-variable";
import { type Trigger, triggersOfFunction } from "../src/release/functions/triggers";
import { liveAlias } from "../src/release/pointer";
import type { LambdaVersionsRelease } from "../src/release/release";
import { isServedByApi } from "../src/release/release";
import type { LambdaVersion, ReleaseFunction, TemporaryStageSettings } from "../src/release/version";
import { addAlarmsOutput } from "./alarms-output";
import { measureStage } from "./measured-stage";
import { ServiceStack } from "./service-stack";

/**
 * Functions of which Lambda keeps numbered versions, behind an API whose stage variables name the aliases that answer,
 * or without an API. Deploying new code publishes versions and moves no pointer.
 *
 * Outputs beside those of every service: of the first function `function_name` and `latest_version` (what was
 * published last). Where there are others, `latest_versions` by function, and `functions` (names by version and
 * function, as what answers is invoked). `alias_arn` where there are triggers or no API, and `alias_arns` by function
 * where there are several functions.
 */
export abstract class LambdaVersionsStack extends ServiceStack<LambdaVersionsRelease> {
  /** The first function, and often the only one. */
  readonly lambda: ServiceFunction;
  /** Every function, by its name in the file. */
  readonly lambdas: ReadonlyMap<string, ServiceFunction>;
  /** The API whose deployments the stage serves. @default - the service has none */
  protected readonly servingApi?: ServiceApi;
  /** The stage that users call. */
  abstract readonly stage: ApiStage;
  /** What makes the aliases of the functions. */
  protected readonly serviceAliases: ServiceAliases;
  private readonly functions: readonly StackFunction[];

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
    this.functions = release.functions.map((inFile) => ({
      inFile,
      lambda: this.addFunction(inFile, triggersOfFunction(triggers, inFile, release.functions)),
      isOfService: holdsAliasAlone(inFile.aliasVariable),
    }));
    this.lambdas = new Map(this.functions.map(({ inFile, lambda }) => [inFile.name, lambda]));
    const [first] = this.functions;
    if (first === undefined) throw new Error(`${release.service} has no function`);
    this.lambda = first.lambda;
    const { functionName, latestVersion } = this.lambda;
    if (definition !== undefined) {
      this.servingApi = new ServiceApi(this, constructIds.api, {
        name,
        definition,
        integrationUri: (stageVariable) => this.integrationUri(stageVariable),
        security: environment.api,
        closedStage: temporary,
        protect: environment.protect,
      });
    }
    this.serviceAliases = new ServiceAliases(this, {
      release,
      functions: this.functions,
      api: this.servingApi,
    });
    new TerraformOutput(this, "function_name", { value: functionName });
    new TerraformOutput(this, "latest_version", { value: latestVersion });
    if (this.functions.every(({ isOfService }) => isOfService)) return;
    this.addFunctionsOutput("latest_versions", ({ lambda }) => lambda.latestVersion);
  }

  private addFunction(inFile: ReleaseFunction, triggers: readonly Trigger[]): ServiceFunction {
    const isOfService = holdsAliasAlone(inFile.aliasVariable);
    const scope = isOfService ? this : scopeIn(this, constructIds.functions);
    return new ServiceFunction(
      scope,
      isOfService ? constructIds.function : `${inFile.name}-function`,
      inFile,
      {
        publish: true,
        statements: [...pollStatements(triggers), ...failureStatements(triggers)],
      },
    );
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

  /** The stage by which users call aliases that serve all of them. @returns nothing without an API */
  protected aliasStage(
    aliases: Aliases,
    deployments: DefinitionDeployments | undefined,
  ): ApiStage | undefined {
    const { servingApi: api, release } = this;
    const { name, stage, stable, environment } = release;
    if (api === undefined || stage === undefined || deployments === undefined) return undefined;
    return new ApiStage(this, constructIds.liveStage, {
      name,
      api,
      stage,
      stable: { ...this.serviceAliases.behind(aliases, stable), deploymentId: deployments.idOf(stable) },
      protect: environment.protect,
    });
  }

  /** A deployment for each definition. @returns nothing without an API */
  protected definitionDeployments(): DefinitionDeployments | undefined {
    const { servingApi: api, release } = this;
    if (api === undefined) return undefined;
    return new DefinitionDeployments(this, constructIds.definition, { api, versions: release.versions });
  }

  /** A function of the service is fixed, and its alias a variable; of another one a variable holds both. */
  private integrationUri(stageVariable: string): string {
    const one = this.functions.find(({ inFile }) => inFile.stageVariable === stageVariable);
    return one?.isOfService === true
      ? aliasVariableUri(this.target, one.lambda.functionName)
      : stageVariableUri(this.target, stageVariable);
  }

  private addFunctionsOutput(name: string, outputOf: (one: StackFunction) => string): void {
    const values = this.functions.map((one) => [one.inFile.name, outputOf(one)]);
    new TerraformOutput(this, name, { value: Object.fromEntries(values) });
  }

  /**
   * What serves a version by its functions' names, as they are invoked: `shop-dev-admin:v2`. Left out where the service
   * has the one function that is named as it is, and a version the number that Lambda gave.
   *
   * @param qualifierOf what of a function serves a version: its alias or number
   */
  protected addServedOutput(qualifierOf: (version: LambdaVersion, name: string) => string): void {
    const { release, functions } = this;
    const isPlain = ({ name, numbers }: LambdaVersion) =>
      functions.every(({ inFile, isOfService }) => isOfService && numbers[inFile.name] === name);
    if (release.versions.every(isPlain)) return;
    const value = release.versions.map((version) => [
      version.name,
      Object.fromEntries(
        this.serviceAliases
          .functionsOf(version)
          .map(({ inFile, lambda }) => [
            inFile.name,
            `${lambda.functionName}:${qualifierOf(version, inFile.name)}`,
          ]),
      ),
    ]);
    new TerraformOutput(this, "functions", { value: Object.fromEntries(value) });
  }

  /**
   * The alarms that stop each shift: on each alias that serves everybody, and on what it serves of the version that
   * was published last. API Gateway does not tell whose answers it passes on, so those of the stage count while that
   * version is invoked.
   */
  protected watchAliases(aliases: Aliases): readonly string[] {
    const { alarms } = this.release;
    if (alarms === undefined) return [];
    const latestOf = (lambda: ServiceFunction) => ({
      ...aliasDimensions(lambda, liveAlias),
      ExecutedVersion: lambda.latestVersion,
    });
    const made = this.functions.flatMap(({ inFile, lambda, isOfService }) => {
      if (!aliases.has(inFile.name)) return [];
      const alias = aliasDimensions(lambda, liveAlias);
      const scopes = [
        ["version", latestOf(lambda)],
        ["alias", alias],
      ] as const;
      return scopes.flatMap(([scope, dimensions]) => {
        const watched = watchedScope(inFile.ownName, scope);
        const place = isOfService ? this : scopeIn(this, constructIds.functionAlarms);
        const id = alarmsId(isOfService ? scope : `${inFile.name}-${scope}`);
        return new MetricAlarms(place, id, { alarms, watched, dimensions }).names;
      });
    });
    const trial = this.functions
      .filter(({ inFile }) => aliases.has(inFile.name))
      .map(({ lambda }) => ({
        namespace: "AWS/Lambda",
        metricName: "Invocations",
        dimensions: latestOf(lambda),
      }));
    const onAnswers = isServedByApi(this.release)
      ? measureStage(this, this.release, { stage: this.stage, trial })
      : [];
    return addAlarmsOutput(this, this.release, [...made, ...onAnswers]);
  }

  /** The dashboard, with the invocations of the alias of each function that serves everybody. */
  protected showAlias(name: string, alarms: readonly string[]): void {
    this.addDashboard(
      alarms,
      this.functions.map(({ lambda }) => ({ functionName: lambda.functionName, name })),
    );
  }

  /** What invokes aliases besides the API. Buckets and other callers need their ARNs. */
  protected addTriggers(aliases: Aliases, triggers: readonly Trigger[]): void {
    const { target, release } = this;
    const invoked = this.functions.flatMap(({ inFile, lambda }) => {
      const alias = aliases.get(inFile.name);
      const own = triggersOfFunction(triggers, inFile, release.functions);
      return alias === undefined ? [] : [{ lambda, alias, triggers: own }];
    });
    if (triggers.length > 0)
      new ServiceTriggers(this, constructIds.triggers, { name: release.name, target, invoked });
    if (triggers.length === 0 && this.servingApi !== undefined) return;
    const [first] = aliases.values();
    new TerraformOutput(this, "alias_arn", { value: first?.arn });
    if (this.functions.every(({ isOfService }) => isOfService)) return;
    this.addFunctionsOutput("alias_arns", ({ inFile }) => aliases.get(inFile.name)?.arn ?? "");
  }

  /**
   * A stage for previewing a version, for a while.
   *
   * @param aliases the version's own. @default - those with the name of the stage
   */
  protected temporaryStage(aliases?: Aliases): TemporaryStage | undefined {
    const { servingApi: api, release, temporary } = this;
    const { stage: settings } = release;
    if (temporary === undefined || api === undefined || settings === undefined) return undefined;
    const { name: stageName, version, sources, header } = temporary;
    const ids = [stageAliasId(stageName), stageAliasesId(stageName)] as const;
    const target = this.serviceAliases.behind(
      aliases ?? this.serviceAliases.follow(stageName, ids, version),
      version,
    );
    return new TemporaryStage(this, stageName, {
      name: release.name,
      api,
      stageName,
      settings,
      fingerprint: version.fingerprint,
      target,
      usersStage: this.stage,
      sources,
      rule: routingRuleOf(release, header),
    });
  }
}
