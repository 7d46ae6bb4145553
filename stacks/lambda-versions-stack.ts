import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { ApiStage } from "../constructs/api-stage";
import { DefinitionDeployments } from "../constructs/definition-deployments";
import { MetricAlarms } from "../constructs/metric-alarms";
import { ServiceApi } from "../constructs/service-api";
import { ServiceFunction } from "../constructs/service-function";
import { ServiceTriggers } from "../constructs/service-triggers";
import { aliasVariableUri, stageVariableUri } from "../constructs/stage-variable-uri";
import { TemporaryStage } from "../constructs/temporary-stage";
import { failureStatements, pollStatements } from "../constructs/trigger-permissions";
import { behindAliases, VersionAlias, type VersionAliasProps } from "../constructs/version-alias";
import { holdsAliasAlone } from "../src/release/alias-variable";
import { alarmsId, constructIds, stageAliasesId, stageAliasId } from "../src/release/construct-ids";
import {
  functionsOfVersion,
  liveAlias,
  liveNumbers,
  type SplitByAliases,
  versionAlias,
} from "../src/release/pointer";
import { isServedByApi } from "../src/release/release";
import type { AliasCanaryStageRelease } from "../src/release/strategies/alias-canary-stage";
import type { BlueGreenStageRelease } from "../src/release/strategies/blue-green-stage";
import type { CodedeployAliasRelease } from "../src/release/strategies/codedeploy-alias";
import type { WeightedAliasRelease } from "../src/release/strategies/weighted-alias";
import { type Trigger, triggersOfFunction } from "../src/release/triggers";
import type { LambdaVersion, ReleaseFunction, TemporaryStageSettings } from "../src/release/version";
import { watchedScope, watchedVersion } from "../src/release/watched";
import { addAlarmsOutput } from "./alarms-output";
import { measureStage } from "./measured-stage";
import { ServiceStack } from "./service-stack";

type LambdaVersionsRelease =
  | AliasCanaryStageRelease
  | WeightedAliasRelease
  | BlueGreenStageRelease
  | CodedeployAliasRelease;

/** An alias of each function, by the function's name. */
export type Aliases = ReadonlyMap<string, VersionAlias>;

/** The aliases of one version, which never move, and the names of the alarms that look at them. */
export interface PublishedAliases {
  /** They never move. */
  readonly aliases: Aliases;
  /** Names in CloudWatch. */
  readonly alarms: readonly string[];
}

/** One function of the service, as the file and as the stack have it. */
interface StackFunction {
  readonly inFile: ReleaseFunction;
  readonly lambda: ServiceFunction;
  /** Whether it is named as the service: what belongs to it has no function's name in its id. */
  readonly isOfService: boolean;
}

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
        closedStage: temporary,
        protect: environment.protect,
      });
    }
    new TerraformOutput(this, "function_name", { value: functionName });
    new TerraformOutput(this, "latest_version", { value: latestVersion });
    if (this.functions.every(({ isOfService }) => isOfService)) return;
    this.addFunctionsOutput("latest_versions", ({ lambda }) => lambda.latestVersion);
  }

  private addFunction(inFile: ReleaseFunction, triggers: readonly Trigger[]): ServiceFunction {
    const isOfService = holdsAliasAlone(inFile.aliasVariable);
    const scope = isOfService ? this : this.scopeOf(constructIds.functions);
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
      stable: { ...this.behind(aliases, stable), deploymentId: deployments.idOf(stable) },
      protect: environment.protect,
    });
  }

  /** A deployment for each definition. @returns nothing without an API */
  protected definitionDeployments(): DefinitionDeployments | undefined {
    const { servingApi: api, release } = this;
    if (api === undefined) return undefined;
    return new DefinitionDeployments(this, constructIds.definition, { api, versions: release.versions });
  }

  private scopeOf(id: string): Construct {
    return (this.node.tryFindChild(id) as Construct | undefined) ?? new Construct(this, id);
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
        this.functionsOf(version).map(({ inFile, lambda }) => [
          inFile.name,
          `${lambda.functionName}:${qualifierOf(version, inFile.name)}`,
        ]),
      ),
    ]);
    new TerraformOutput(this, "functions", { value: Object.fromEntries(value) });
  }

  private functionsOf(version: LambdaVersion): readonly StackFunction[] {
    const names = functionsOfVersion(version, this.release.functions).map(({ name }) => name);
    return this.functions.filter(({ inFile }) => names.includes(inFile.name));
  }

  /** By which Lambda's metrics tell the invocations of an alias. */
  private dimensionsOf({ functionName }: ServiceFunction, alias: string): Readonly<Record<string, string>> {
    return { FunctionName: functionName, Resource: `${functionName}:${alias}` };
  }

  /** The aliases of one version, with their alarms. */
  protected publishAliases(scope: Construct, version: LambdaVersion): PublishedAliases {
    const { alarms } = this.release;
    const { provisionedConcurrency } = version;
    const name = versionAlias(version.name);
    const made = this.functionsOf(version).map((one) => {
      const { inFile, lambda, isOfService } = one;
      const ofFunction = (id: string) => (isOfService ? id : `${inFile.name}-${id}`);
      const props = { name, version: version.numbers[inFile.name] ?? "", provisionedConcurrency };
      const alias = this.addAlias(scope, ofFunction("alias"), one, props);
      if (alarms === undefined) return { entry: [inFile.name, alias] as const, alarms: [] };
      const watched = watchedVersion(inFile.ownName, version.name);
      const dimensions = this.dimensionsOf(lambda, name);
      const { names } = new MetricAlarms(scope, ofFunction("alarms"), { alarms, watched, dimensions });
      return { entry: [inFile.name, alias] as const, alarms: names };
    });
    return { aliases: new Map(made.map(({ entry }) => entry)), alarms: made.flatMap((one) => one.alarms) };
  }

  private addAlias(
    scope: Construct,
    id: string,
    { inFile, lambda }: StackFunction,
    props: Omit<VersionAliasProps, "lambda" | "variable" | "api">,
  ): VersionAlias {
    return new VersionAlias(scope, id, {
      ...props,
      lambda,
      variable: inFile.aliasVariable,
      api: this.servingApi,
    });
  }

  /** @param ids of the alias of the service's own function, and of the scope of the others */
  private addAliases(
    functions: readonly StackFunction[],
    ids: readonly [own: string, others: string],
    propsOf: (name: string) => Parameters<LambdaVersionsStack["addAlias"]>[3] | undefined,
  ): Aliases {
    const [own, others] = ids;
    return new Map(
      functions.flatMap((one): [string, VersionAlias][] => {
        const { name } = one.inFile;
        const props = propsOf(name);
        if (props === undefined) return [];
        const scope = one.isOfService ? this : this.scopeOf(others);
        return [[name, this.addAlias(scope, one.isOfService ? own : `${name}-alias`, one, props)]];
      }),
    );
  }

  /** An alias of each function of a version, that follows it. */
  protected followAliases(name: string, ids: readonly [string, string], version: LambdaVersion): Aliases {
    return this.addAliases(this.functionsOf(version), ids, (ofFunction) => ({
      name,
      version: version.numbers[ofFunction] ?? "",
    }));
  }

  /** The alias of each function that serves all its users. */
  protected liveAliases(
    moved: Pick<VersionAliasProps, "movedByCodeDeploy" | "description" | "preconditions"> = {},
  ): Aliases {
    const { release, functions } = this;
    const canary: SplitByAliases["canary"] = "canary" in release ? release.canary : undefined;
    return this.addAliases(functions, [constructIds.live, constructIds.liveAliases], (name) => {
      const numbers = liveNumbers({ ...release, canary }, name);
      if (numbers === undefined) return undefined;
      return {
        name: liveAlias,
        version: numbers.stable,
        canary:
          numbers.canary === undefined ? undefined : { version: numbers.canary, percent: canary?.percent },
        ...moved,
      };
    });
  }

  /** Those of the functions that a version has, as what a deployment leads to. */
  protected behind(aliases: Aliases, version: LambdaVersion) {
    const names = this.functionsOf(version).map(({ inFile }) => inFile.name);
    return behindAliases([...aliases].filter(([name]) => names.includes(name)).map(([, alias]) => alias));
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
      ...this.dimensionsOf(lambda, liveAlias),
      ExecutedVersion: lambda.latestVersion,
    });
    const made = this.functions.flatMap(({ inFile, lambda, isOfService }) => {
      if (!aliases.has(inFile.name)) return [];
      const alias = this.dimensionsOf(lambda, liveAlias);
      const scopes = [
        ["version", latestOf(lambda)],
        ["alias", alias],
      ] as const;
      return scopes.flatMap(([scope, dimensions]) => {
        const watched = watchedScope(inFile.ownName, scope);
        const place = isOfService ? this : this.scopeOf(constructIds.functionAlarms);
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
    const { name: stageName, version, sources } = temporary;
    const ids = [stageAliasId(stageName), stageAliasesId(stageName)] as const;
    const target = this.behind(aliases ?? this.followAliases(stageName, ids, version), version);
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

/** By version, the alias of its first function. */
export function firstOfEach(versions: ReadonlyMap<string, Aliases>): ReadonlyMap<string, VersionAlias> {
  return new Map(
    [...versions].flatMap(([name, aliases]) => {
      const [first] = aliases.values();
      return first === undefined ? [] : [[name, first] as const];
    }),
  );
}
