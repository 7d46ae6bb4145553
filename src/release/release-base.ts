import type { AlarmSettings } from "./alarms/alarm-settings";
import type { VerdictSettings } from "./alarms/verdict";
import type { Definition } from "./definition/definition";
import type { Environment } from "./environment/environment";
import type { GuardSettings } from "./guard";
import type { RequestInFile } from "./schema/release";
import type { StageInFile } from "./schema/stage";
import type { Strategy } from "./strategies/names";
import type { LambdaVersion, ReleaseFunction } from "./version";

/**
 * What a version of a service is: functions of its own, numbers that Lambda gave the code and settings of functions, or
 * a container behind a load balancer.
 */
export type VersionKind = "functions" | "lambda" | "container";

export interface StageSettings extends Omit<StageInFile, "name" | "throttling"> {
  /** Part of the address. */
  readonly name: string;
  /** Requests per second in the long run, 0 to 10000, and at once, 0 to 5000. */
  readonly throttling: { readonly rateLimit: number; readonly burstLimit: number };
}

/** What every release has, before its strategy has a word. */
export interface ReleasedService {
  /** Name of the release file. */
  readonly service: string;
  /** Name of its folder, with its settings. */
  readonly environment: Environment;
  /** `<service>-<environment>`: names the stack and, as a beginning, what is in it. */
  readonly name: string;
  /** @default - none */
  readonly alarms?: AlarmSettings;
  /** What takes a bad version back by itself. @default - none */
  readonly guard?: GuardSettings;
  /** How the version on trial is compared with stable. */
  readonly verdict: VerdictSettings;
  /** Whether CloudWatch has a dashboard of it. */
  readonly dashboard: boolean;
}

export interface ReleaseOf<S extends Strategy, K extends VersionKind, V> extends ReleasedService {
  /** As the file has it. */
  readonly strategy: S;
  /** What a version of it is. */
  readonly versionKind: K;
  /** The published versions, in the order of the file. */
  readonly versions: readonly V[];
  /** The version that serves most users. */
  readonly stable: V;
  /** When it was decided that it serves most users, in UTC. @default - the file does not say */
  readonly stableSince?: string;
  /** The version that was stable before, to which a rollback returns. @default - none */
  readonly former?: V;
}

/** What a release of functions behind API Gateway has. */
export interface ServedByApi {
  /** Every function of the service, for all versions. */
  readonly functions: readonly ReleaseFunction[];
  /** The definition that the next published version snapshots. */
  readonly definition: Definition;
  /** The stage that users call. */
  readonly stage: StageSettings;
  /** Requests that a version must answer before users reach it. @default - none */
  readonly requests?: readonly RequestInFile[];
}

/** The same, for functions that other services may invoke without an API. */
export type InvokedFunctions = Pick<ServedByApi, "functions"> & Partial<ServedByApi>;

/** A release of functions behind API Gateway. */
export interface ApiReleaseOf<S extends Strategy, K extends VersionKind, V>
  extends ReleaseOf<S, K, V>,
    ServedByApi {}

/** A release of functions whose aliases serve everybody who invokes them: an API, triggers, others. */
export interface AliasReleaseOf<S extends Strategy>
  extends ReleaseOf<S, "lambda", LambdaVersion>,
    InvokedFunctions {}

/** A release of functions whose versions Lambda keeps. */
export interface LambdaVersionsReleaseOf<S extends Strategy>
  extends ApiReleaseOf<S, "lambda", LambdaVersion> {}
