import type { RequestRecord } from "../api-gateway/gateway";
import type { Clock } from "../codedeploy/clock";
import type { LifecycleEventName } from "../codedeploy/lifecycle";
import type { GivenEvents } from "../events/given-events";
import type { LambdaOptions, OnLog } from "../lambda/lambda-service";
import type { ApplySummary } from "../terraform/applied-state";
import type { Block, Configuration } from "../terraform/configuration";
import type { PresentFaults } from "./faults";
import type { LambdaServer } from "./lambda-server";
import type { Metrics } from "./metrics";
import type { PlannedShift } from "./planned-shift";
import type { Endpoints } from "./subject";
import type { Users } from "./traffic";

/** A compute platform whose shifts are rehearsed. */
export interface ShiftPlatform {
  /** What CodeDeploy moves there, in a word. */
  readonly moved: string;
  /** What a stack leaves to CodeDeploy. */
  movedIn(configuration: Configuration): readonly Block[];
  scene(options: SceneOptions): Scene;
}

/** A request that was answered. */
export interface ServedRequest extends RequestRecord {
  /** The version that answered, or was meant to. @default - it did not get as far */
  readonly version?: string;
  /** Whether it failed, and no alarm on errors sees it. */
  readonly isUnseen: boolean;
}

export interface SceneOptions {
  /** The folder of the project that is rehearsed. */
  readonly project: string;
  /** Requests per second of the shift's time. */
  readonly rate: number;
  readonly seed: number;
  /** Events to play, where there is no API. @default - a sample of each trigger */
  readonly events?: GivenEvents;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Is told of each request, also of hooks' own. */
  readonly onRequest: (record: ServedRequest) => void;
  /** Gets each line that a function prints. */
  readonly onLog: OnLog;
  /** What functions have beside their own variables. */
  readonly variables: NonNullable<LambdaOptions["variables"]>;
  /** Is called before users are moved, and waited for. */
  readonly beforeMove: () => Promise<void>;
  /** Is told the new version's share in percent when it has it. */
  readonly onMove: (percent: number) => void;
  /** Is told what happens to versions beside. */
  readonly onEvent: (event: SceneEvent) => void;
}

/** What happened to a version, without moving users. */
export interface SceneEvent {
  readonly event: string;
  readonly isBad?: boolean;
  /** What CodeDeploy is at. */
  readonly during: LifecycleEventName | "termination" | "rollback";
}

/** Users who are told of each request that was answered. */
export interface SceneUsers extends Users {
  tally(record: ServedRequest): void;
  close(): Promise<void>;
}

export interface Opened {
  /** The address of users, without a path; or users who need none. */
  readonly users: string | SceneUsers;
  /** What CodeDeploy reaches beside the functions. */
  readonly endpoints: Endpoints;
}

/** What is moved and all that it needs, on this machine. */
export interface Scene {
  /** Its functions, hooks among them. */
  readonly functions: LambdaServer;
  /**
   * Applies a stack to what is there.
   *
   * @param project the folder that it was synthesized of
   */
  apply(configuration: Configuration, project: string): ApplySummary;
  /** What CodeDeploy is to do with what was applied last. */
  plan(configuration: Configuration): PlannedShift;
  /** Whether both versions run the same. @throws where one cannot be run */
  isSameCode(planned: PlannedShift): boolean;
  /** How the new version is run here, where that is news. @default - as everything else of the rehearsal is */
  runs?(): readonly [what: string, text: string] | undefined;
  /** What may be requested by everybody. @throws where there is nothing */
  openPath(): string;
  /** Lets requests in. @throws where what is there before does not run */
  open(planned: PlannedShift, faults: PresentFaults): Promise<Opened>;
  /** Addresses here for those that the variables of a function name. */
  localAddresses(variables: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  close(): Promise<void>;
}
