import { CodeDeploy as CodeDeployClient } from "@aws-sdk/client-codedeploy";
import type { RequestRecord } from "../api-gateway/gateway";
import { CodeDeploy } from "../codedeploy/codedeploy";
import { type AliasRouting, LambdaEndpoint } from "../codedeploy/lambda-api";
import type { FunctionVersion } from "../lambda/function";
import type { Invocations } from "../lambda/invocation";
import { seededRandom } from "../random";
import { Rehearsal } from "../rehearsal";
import { TrafficClient } from "../traffic";
import type { Faults } from "./faults";
import { LambdaMetrics } from "./lambda-metrics";
import { LambdaServer } from "./lambda-server";
import { MetricAlarms } from "./metric-alarms";
import { Metrics } from "./metrics";
import type { PlannedShift } from "./planned-shift";
import { type AlarmChange, type EndedShift, playShift } from "./shift";
import { ShiftClock } from "./shift-clock";
import { type Answered, Traffic, type Users } from "./traffic";

const minute = 60_000;
const afterMs = 5 * minute;
const stepMs = minute;

// What the client says of this machine's Node is no news of a shift.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

/** What an invocation fails with that fails on purpose. */
export const onPurpose = "failed on purpose (--fail)";

export interface PlayedShiftOptions {
  /** Requests per second. */
  readonly rate: number;
  readonly seed: number;
  /** How many minutes metrics come late. */
  readonly lateMinutes: number;
  /** Is told of each request as it is answered. @default - nobody is */
  readonly onRequest?: (record: RequestRecord) => void;
}

/** A shift as it was played. */
export interface PlayedShift extends EndedShift {
  /** The new version's share in percent, from when on. */
  readonly shares: readonly { readonly at: Date; readonly percent: number }[];
  readonly alarmChanges: readonly AlarmChange[];
  /** What the hooks' functions printed, by their names. */
  readonly hookLogs: ReadonlyMap<string, readonly string[]>;
}

/** A rehearsal whose alias CodeDeploy moves on this machine: real functions, requests and hooks, in virtual time. */
export class ShiftRehearsal {
  readonly rehearsal: Rehearsal;
  private readonly clock: ShiftClock;
  private readonly metrics = new Metrics();
  private readonly lambdaMetrics = new LambdaMetrics(this.metrics);
  private readonly lambda: LambdaServer;
  private readonly shares: { at: Date; percent: number }[] = [];
  private readonly hookLogs = new Map<string, string[]>();
  private readonly failureRandom: () => number;
  private planned?: PlannedShift;
  private faults: Faults = { failing: new Map(), slow: new Map() };
  private traffic?: Traffic;
  /** What functions have beside their own variables. */
  private addresses: { codeDeploy: string; lambda: string; api: string } | undefined;
  private users?: Callers;
  private arrived = 0;

  constructor(private readonly options: PlayedShiftOptions) {
    this.failureRandom = seededRandom(options.seed ^ 0x5f356495);
    this.rehearsal = new Rehearsal({
      random: seededRandom(options.seed),
      onRequest: (record) => {
        this.users?.tally(record);
        options.onRequest?.(record);
      },
      onLog: (functionName, line) => this.hookLogs.get(functionName)?.push(line),
      now: () => (this.arrived++ * 1000) / options.rate,
      invocations: this.invocations(),
      variables: (version) => this.variables(version),
    });
    this.lambda = new LambdaServer({
      lambda: this.rehearsal.lambda,
      beforeMove: async () => this.traffic?.catchUp(),
      onMove: (routing) => this.shares.push({ at: this.clock.now(), percent: this.percentIn(routing) }),
    });
    this.clock = new ShiftClock(() => this.lambda.idle());
  }

  /**
   * Plays a shift of what the rehearsal has applied.
   *
   * @param path what is requested
   */
  async play(
    planned: PlannedShift,
    faults: Faults,
    { path, leadMs, onProgress }: { path: string; leadMs: number; onProgress?: (atMs: number) => void },
  ): Promise<PlayedShift> {
    const { rate, seed } = this.options;
    this.planned = planned;
    this.faults = faults;
    for (const hook of Object.values(planned.hooks)) this.hookLogs.set(hook, []);
    const alarmChanges: AlarmChange[] = [];
    const alarms = new MetricAlarms({
      alarms: planned.alarms,
      metrics: this.metrics,
      lateMinutes: this.options.lateMinutes,
      onChange: (alarm, state, before) => alarmChanges.push({ at: this.clock.now(), alarm, state, before }),
    });
    const lambdaUrl = await this.lambda.listen();
    const codeDeploy = new CodeDeploy({
      lambda: new LambdaEndpoint(lambdaUrl, "us-east-1"),
      alarms,
      clock: this.clock,
    });
    const { url: codeDeployUrl } = await codeDeploy.listen();
    const address = await this.rehearsal.listen();
    const [stage] = this.rehearsal.api.stages;
    if (stage === undefined) throw new Error("the stack has no stage to send requests to");
    this.addresses = { codeDeploy: codeDeployUrl, lambda: lambdaUrl, api: address };
    this.users = new Callers(`${address}/${stage.name}${path}`);
    this.traffic = new Traffic(this.clock, rate, this.users);
    const api = new CodeDeployClient({
      endpoint: codeDeployUrl,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    try {
      const ended = await playShift({
        planned,
        clock: this.clock,
        api,
        traffic: this.traffic,
        alarms,
        phaseMs: Math.floor(seededRandom(seed ^ 0x2545f491)() * minute),
        leadMs,
        afterMs,
        stepMs,
        onProgress,
      });
      return { ...ended, shares: this.shares, alarmChanges, hookLogs: this.hookLogs };
    } finally {
      api.destroy();
      codeDeploy.close();
    }
  }

  async close(): Promise<void> {
    this.lambda.close();
    await this.users?.close();
    await this.rehearsal.close();
  }

  private invocations(): Invocations {
    return {
      failure: ({ functionName, version }) => {
        if (functionName !== this.planned?.functionName) return undefined;
        const share = this.faults.failing.get(version) ?? 0;
        return share > 0 && this.failureRandom() < share ? onPurpose : undefined;
      },
      ended: (invoked, outcome) => {
        const slowMs = this.faults.slow.get(invoked.version) ?? 0;
        const isMoved = invoked.functionName === this.planned?.functionName;
        const tookMs = outcome.ok ? outcome.tookMs : 0;
        this.lambdaMetrics.record(invoked, !outcome.ok, tookMs + (isMoved ? slowMs : 0));
      },
    };
  }

  private percentIn({ version, weights }: AliasRouting): number {
    const to = this.planned?.to ?? "";
    return version === to ? 100 : Math.round((weights[to] ?? 0) * 1e8) / 1e6;
  }

  /** Hooks speak with CodeDeploy and Lambda on this machine, and call the stage that is served here. */
  private variables({ environment }: FunctionVersion): Record<string, string> {
    if (this.addresses === undefined) return {};
    const { codeDeploy, lambda, api } = this.addresses;
    const { id } = this.rehearsal.api;
    const inAws = new RegExp(`^https://${id}\\.execute-api\\.[^/]+`);
    const stages = Object.entries(environment)
      .filter(([, value]) => inAws.test(value))
      .map(([name, value]) => [name, value.replace(inAws, api)]);
    return {
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL_CODEDEPLOY: codeDeploy,
      AWS_ENDPOINT_URL_LAMBDA: lambda,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      ...Object.fromEntries(stages),
    };
  }
}

/** Requests whose responses are kept at the same time. */
const mostAtOnce = 5_000;

/** Requests over HTTP, and what the gateway says of them. */
class Callers implements Users {
  private readonly client: TrafficClient;
  private byVersion?: Map<string, { requests: number; failed: number }>;

  constructor(url: string) {
    this.client = new TrafficClient(url);
  }

  /** Counts a request, unless it is somebody else's, such as a hook's. */
  tally({ functionVersion = "(none)", status }: RequestRecord): void {
    if (this.byVersion === undefined) return;
    const before = this.byVersion.get(functionVersion) ?? { requests: 0, failed: 0 };
    const failed = before.failed + (status >= 400 ? 1 : 0);
    this.byVersion.set(functionVersion, { requests: before.requests + 1, failed });
  }

  async send(requests: number): Promise<Answered> {
    const byVersion = new Map();
    this.byVersion = byVersion;
    let failed = 0;
    for (let left = requests; left > 0; left -= mostAtOnce) {
      const responses = await this.client.send(Math.min(left, mostAtOnce));
      failed += responses.filter(({ status }) => status === undefined || status >= 400).length;
    }
    this.byVersion = undefined;
    return { requests, failed, byVersion };
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
