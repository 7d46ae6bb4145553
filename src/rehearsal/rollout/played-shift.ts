import { CodeDeploy as CodeDeployClient } from "@aws-sdk/client-codedeploy";
import type { SentRequest } from "../../traffic/sent-request";
import { CodeDeploy } from "../codedeploy/codedeploy";
import { LambdaEndpoint } from "../codedeploy/lambda-endpoint";
import { localSettings } from "../codedeploy/local-endpoint";
import type { GivenEvents } from "../events/given-events";
import type { FunctionVersion } from "../lambda/function";
import { seededRandom } from "../random";
import { Callers } from "./callers";
import { type Faults, PresentFaults } from "./faults";
import { MetricAlarms } from "./metric-alarms";
import { Metrics } from "./metrics";
import type { Operator } from "./operator";
import type { PlannedShift } from "./planned-shift";
import type { Scene, SceneEvent, SceneUsers, ServedRequest, ShiftPlatform } from "./scene";
import { type AlarmChange, type EndedShift, playShift } from "./shift";
import { ShiftClock } from "./shift-clock";
import { minute } from "./time";
import { Traffic } from "./traffic";

const afterMs = 5 * minute;
const stepMs = minute;
/** Clients need one. */
const region = "us-east-1";

export interface PlayedShiftOptions {
  /** The folder of the project that is rehearsed. */
  readonly project: string;
  /** Requests per second. */
  readonly rate: number;
  readonly seed: number;
  /** Events to play, where there is no API. @default - a sample of each trigger */
  readonly events?: GivenEvents;
  /** How many minutes metrics come late. */
  readonly lateMinutes: number;
  /** Where the deployment waits for it. */
  readonly operator: Operator;
  /** Is told of each request as it is answered. @default - nobody is */
  readonly onRequest?: (record: ServedRequest) => void;
}

/** A shift as it was played. */
export interface PlayedShift extends EndedShift {
  /** The new version's share in percent, from when on. */
  readonly shares: readonly { readonly at: Date; readonly percent: number }[];
  readonly alarmChanges: readonly AlarmChange[];
  /** What happened beside. */
  readonly sceneEvents: readonly (SceneEvent & { readonly at: Date })[];
  /** What the hooks' functions printed, by their names. */
  readonly hookLogs: ReadonlyMap<string, readonly string[]>;
  /** What was wrong on purpose. */
  readonly faults: Faults;
}

/** What users send amid a shift. */
interface ShiftTraffic {
  readonly request: SentRequest;
  /** How long before the shift they begin. */
  readonly leadMs: number;
  readonly onProgress?: (atMs: number) => void;
}

/** A rehearsal in which CodeDeploy moves users on this machine: real code, requests and hooks, in virtual time. */
export class ShiftRehearsal {
  readonly scene: Scene;
  private readonly clock: ShiftClock;
  private readonly metrics = new Metrics();
  private readonly shares: { at: Date; percent: number }[] = [];
  private readonly sceneEvents: (SceneEvent & { at: Date })[] = [];
  private readonly hookLogs = new Map<string, string[]>();
  private traffic?: Traffic;
  /** What functions speak with beside what they call. */
  private addresses: { codeDeploy: string; lambda: string } | undefined;
  private users?: SceneUsers;

  constructor(
    platform: ShiftPlatform,
    private readonly options: PlayedShiftOptions,
  ) {
    const { project, rate, seed, events, onRequest } = options;
    const clock = new ShiftClock(() => this.scene.functions.idle());
    this.clock = clock;
    this.scene = platform.scene({
      project,
      rate,
      seed,
      events,
      clock,
      metrics: this.metrics,
      onRequest: (record) => {
        this.users?.tally(record);
        onRequest?.(record);
      },
      onLog: (functionName, line) => this.hookLogs.get(functionName)?.push(line),
      variables: (version) => this.variables(version),
      beforeMove: async () => this.traffic?.catchUp(),
      onMove: (percent) => this.shares.push({ at: clock.now(), percent }),
      onEvent: (event) => this.sceneEvents.push({ ...event, at: clock.now() }),
    });
  }

  /**
   * Plays a shift of what the scene has applied.
   *
   * @param request what is requested
   */
  async play(
    planned: PlannedShift,
    faults: Faults,
    { request, leadMs, onProgress }: ShiftTraffic,
  ): Promise<PlayedShift> {
    const { clock, scene, metrics, options } = this;
    const { rate, seed, lateMinutes, operator } = options;
    for (const hook of Object.values(planned.hooks)) this.hookLogs.set(hook, []);
    const alarmChanges: AlarmChange[] = [];
    const alarms = new MetricAlarms({
      alarms: planned.alarms,
      metrics,
      lateMinutes,
      onChange: (alarm, state, before) => alarmChanges.push({ at: clock.now(), alarm, state, before }),
    });
    const startsAt = clock.now().getTime() + leadMs;
    const present = new PresentFaults(faults, () => clock.now().getTime() - startsAt);
    const { users, endpoints } = await scene.open(planned, present);
    const lambda = await scene.functions.listen();
    const codeDeploy = new CodeDeploy({
      lambda: new LambdaEndpoint(lambda, region),
      ...endpoints,
      alarms,
      clock,
    });
    const url = await codeDeploy.listen();
    this.addresses = { codeDeploy: url, lambda };
    const api = new CodeDeployClient(localSettings(url, region));
    try {
      this.users = typeof users === "string" ? new Callers(users + request.path, request) : users;
      this.traffic = new Traffic(clock, rate, this.users);
      const ended = await playShift({
        planned,
        clock,
        api,
        traffic: this.traffic,
        alarms,
        operator,
        phaseMs: Math.floor(seededRandom(seed ^ 0x2545f491)() * minute),
        leadMs,
        faults,
        afterMs,
        stepMs,
        onProgress,
      });
      const { shares, sceneEvents, hookLogs } = this;
      return { ...ended, shares, sceneEvents, alarmChanges, hookLogs, faults };
    } finally {
      api.destroy();
      await codeDeploy.close();
    }
  }

  async close(): Promise<void> {
    await this.scene.functions.close();
    await this.users?.close();
    await this.scene.close();
  }

  /** Hooks speak with CodeDeploy and Lambda on this machine, and call what is served here. */
  private variables({ environment }: FunctionVersion): Record<string, string> {
    if (this.addresses === undefined) return {};
    const { codeDeploy, lambda } = this.addresses;
    return {
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL_CODEDEPLOY: codeDeploy,
      AWS_ENDPOINT_URL_LAMBDA: lambda,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      ...this.scene.localAddresses(environment),
    };
  }
}
