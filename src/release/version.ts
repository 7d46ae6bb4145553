import type { PreviewHeader } from "./environment/routing-rule";
import type { DeployedFunction } from "./functions/deployed-function";
import type { Percent } from "./percent";
import type { Hold } from "./steps/held";

/** A function of a service. */
export interface ReleaseFunction extends DeployedFunction {
  /** Its name within the service, the same in every version. */
  readonly name: string;
  /** The API Gateway stage variable that names it, where each version has functions of its own. */
  readonly stageVariable: string;
  /** The same of its aliases, where Lambda keeps the versions. */
  readonly aliasVariable: string;
}

/** A version is immutable: its functions, their settings and its API definition are fixed once published. */
export interface Version {
  /** As the file has it. */
  readonly name: string;
  /** Fingerprint of the API definition that it was published with. */
  readonly fingerprint: string;
  /** Every function of the service, as this version has it. */
  readonly functions: readonly ReleaseFunction[];
}

/** A version whose functions Lambda keeps: one that Lambda numbered of each, with its code and settings. */
export interface LambdaVersion {
  /** Its number, from 1; of a service with one function usually the number that Lambda gave. */
  readonly name: string;
  /** By function of the service, the number that Lambda gave. A function that this version lacks is not there. */
  readonly numbers: Readonly<Record<string, string>>;
  /** Fingerprint of the API definition that it was published with; without an API that of the default, which is not called. */
  readonly fingerprint: string;
  /** Executions that Lambda keeps ready for each of its functions. @default - none */
  readonly provisionedConcurrency?: number;
}

/** A version on trial and its share. */
export interface Canary<V> {
  /** The version on trial. */
  readonly version: V;
  /** Its share of the traffic, 0 to 100. */
  readonly percent: Percent;
  /** Since when it has that share, in UTC. @default - the file does not say */
  readonly since?: string;
  /** Why it keeps that share. @default - no hold */
  readonly hold?: Hold;
}

/** A version behind a stage of its own, for the callers that are named, until the file drops it. */
export interface TemporaryStageSettings<V> {
  /** The version that the stage serves. */
  readonly version: V;
  /** Ranges of addresses that may call it. */
  readonly sources: readonly string[];
  /** What requests on the domain have that go there. @default - none go there */
  readonly header?: PreviewHeader;
  /** Since when it is there, in UTC. @default - the file does not say */
  readonly since?: string;
}
