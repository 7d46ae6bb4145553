import type { AlarmScope, AnswersScope } from "../alarms/alarm-scopes";
import type { Watched } from "../alarms/watched";
import type { Pointer } from "../pointer";
import type { InvokedFunctions, ReleasedService, ReleaseOf, ServedByApi, VersionKind } from "../release-base";
import type { ReleaseContext } from "../release-context";
import type { FileAsGiven, VersionInFile } from "../schema/release";
import type { ReleaseFunction } from "../version";
import type { Strategy } from "./names";

/** What a file says, in the parts that several strategies resolve alike. */
export interface ReleaseParts {
  /** The file, and where it stands. */
  readonly context: ReleaseContext;
  /** Of every release. */
  readonly service: ReleasedService;
  /** Of a release behind API Gateway. */
  behindApi(): ServedByApi;
  /** The same of a release whose file may say that there is no API. */
  invoked(): InvokedFunctions;
  /** The functions whose code stands in a version's folder. */
  functionsOf(version: string): readonly ReleaseFunction[];
}

type AnyRelease = ReleaseOf<Strategy, VersionKind, { readonly name: string }>;

/** Everything that is specific to a strategy, besides its stack. All other code reads it here. */
export interface StrategyModel<R extends AnyRelease = AnyRelease> {
  /** What a version of it is. */
  readonly versionKind: R["versionKind"];
  /**
   * What a step of a release changes: a stage, an alias behind it, or nothing, where CodeDeploy moves users. Where it
   * is ECS, an apply changes the service, and ECS then moves users by itself.
   */
  readonly movedBy: "stage" | "alias" | "codedeploy" | "ecs";
  /** The version of Terraform's AWS provider that first has all that its stack uses. @default - every one that this package works with */
  readonly providerSince?: string;
  /** What has an alias: each version one of its own, or all versions one together. @default - no alias serves users */
  readonly aliasOf?: "version" | "all";
  /** What has an API Gateway deployment: each version, or each definition. @default - there is no API */
  readonly deploymentOf?: "version" | "definition";
  /** What the file calls the version on trial. */
  readonly trial: "canary" | "blue";
  /** Name of the stage that users call. @default - the environment's */
  readonly stageName?: string;
  /** Fields of the file that not every strategy has, and this one has. */
  readonly fields: readonly (keyof FileAsGiven & string)[];
  /** The same of a version's fields. */
  readonly versionFields: readonly (keyof VersionInFile & string)[];
  /** By field that it does not have, why. @default - the field belongs to other strategies */
  readonly whyNot?: Readonly<Record<string, string>>;
  /** What an alarm may look at. */
  readonly alarmScopes: readonly AlarmScope[];
  /**
   * Whose answers an alarm may count: first those of the version on trial, where the strategy tells them apart. None
   * where the alarm on errors counts answers.
   */
  readonly answersScopes: readonly AnswersScope[];
  /** What the alarms that tell of these versions look at. */
  watched(release: R, versions: readonly string[]): readonly Watched[];
  /** The release of a file that passed every check. */
  resolve(parts: ReleaseParts): R;
  /** What serves users. Left out where there are no functions. */
  pointer?(release: R): Pointer;
}
