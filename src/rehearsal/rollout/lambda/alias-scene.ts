import { openPathOf } from "../../callable-routes";
import type { GivenEvents } from "../../events/given-events";
import { feedsIn } from "../../events/rehearse-events";
import type { Invoked, Outcome } from "../../lambda/invocation";
import { seededRandom } from "../../random";
import { Rehearsal } from "../../rehearsal";
import { seldom } from "../../terminal";
import type { ApplySummary } from "../../terraform/applied-state";
import type { Configuration } from "../../terraform/configuration";
import { type FailureKind, noFaults, onPurpose, PresentFaults } from "../faults";
import { LambdaServer } from "../lambda-server";
import { type PlannedShift, plannedShift } from "../planned-shift";
import type { Opened, Scene, SceneOptions } from "../scene";
import { AliasSubject, type MovedAlias, percentIn } from "./alias-subject";
import { ApiMetrics, type MeteredStage, playedApiMetrics } from "./api-metrics";
import { EventUsers } from "./event-users";
import { LambdaMetrics, playedMetrics } from "./lambda-metrics";
import { applyWithVersions, movedBy } from "./versions";

/** An API in front of functions whose alias is moved. */
export class AliasScene implements Scene {
  readonly functions: LambdaServer;
  private readonly rehearsal: Rehearsal;
  private readonly lambdaMetrics: LambdaMetrics;
  private readonly apiMetrics: ApiMetrics;
  private readonly failureRandom: () => number;
  private readonly events?: GivenEvents;
  private moved?: MovedAlias;
  private metered?: MeteredStage;
  private faults = new PresentFaults(noFaults);
  private address = "";
  private arrived = 0;

  constructor({ rate, seed, events, metrics, beforeMove, onMove, onRequest, ...options }: SceneOptions) {
    this.events = events;
    this.lambdaMetrics = new LambdaMetrics(metrics);
    this.apiMetrics = new ApiMetrics(metrics);
    this.failureRandom = seededRandom(seed ^ 0x5f356495);
    this.rehearsal = new Rehearsal({
      ...options,
      random: seededRandom(seed),
      onRequest: (record) => {
        const { functionVersion: version, status, reason } = record;
        if (this.metered !== undefined) this.apiMetrics.record(this.metered, status);
        onRequest({ ...record, version, isUnseen: status >= 400 && reason === undefined });
      },
      now: () => (this.arrived++ * 1000) / rate,
      invocations: { invoke: (...of) => this.invoke(...of) },
      needsEvery: true,
    });
    this.functions = new LambdaServer({
      lambda: this.rehearsal.lambda,
      beforeMove,
      onMove: (routing) => onMove(percentIn(routing, this.moved?.to ?? "")),
    });
  }

  apply(configuration: Configuration): ApplySummary {
    return applyWithVersions(this.rehearsal, configuration);
  }

  plan(configuration: Configuration): PlannedShift {
    // This may publish a version, at which the alarms are aimed.
    const moved = movedBy(this.rehearsal, configuration);
    this.moved = moved;
    const { from, to } = moved;
    const metered = this.meteredStage();
    this.metered = metered;
    return plannedShift(this.rehearsal.blocks, {
      subject: new AliasSubject(moved, metered, this.timeouts(moved)),
      from,
      to,
      metrics: { ...playedMetrics, ...playedApiMetrics },
    });
  }

  isSameCode({ from, to }: PlannedShift): boolean {
    const versions = this.rehearsal.functions.get(this.moved?.functionName ?? "")?.versions;
    return versions?.get(from)?.code?.digest === versions?.get(to)?.code?.digest;
  }

  openPath(): string {
    return this.rehearsal.isWithoutApi ? "" : openPathOf(this.rehearsal.api);
  }

  /** Without an API events are played. */
  runs(): readonly [string, string] | undefined {
    if (!this.rehearsal.isWithoutApi) return undefined;
    const feeds = feedsIn(this.rehearsal, this.events);
    const names = feeds.map(({ name }) => name).join(", ");
    const how = [...new Set(feeds.map(({ from }) => from))].join("; ");
    return ["playing", `${names} (${how}): each invocation counts as a request`];
  }

  async open(_planned: PlannedShift, faults: PresentFaults): Promise<Opened> {
    this.faults = faults;
    if (this.rehearsal.isWithoutApi) {
      const feeds = feedsIn(this.rehearsal, this.events);
      const tell = seldom();
      const users = new EventUsers(this.rehearsal.lambda, feeds, (line) => {
        if (!line.includes(onPurpose)) tell(line);
      });
      return { users, endpoints: {} };
    }
    const [stage] = this.rehearsal.api.stages;
    if (stage === undefined) throw new Error("the stack has no stage to send requests to");
    this.address = await this.rehearsal.listen();
    return { users: `${this.address}/${stage.name}`, endpoints: {} };
  }

  /** Of the stages that are served here. */
  localAddresses(variables: Readonly<Record<string, string>>): Record<string, string> {
    if (this.address === "" || this.rehearsal.isWithoutApi) return {};
    const inAws = new RegExp(`^https://${this.rehearsal.api.id}\\.execute-api\\.[^/]+`);
    const local = Object.entries(variables)
      .filter(([, value]) => inAws.test(value))
      .map(([name, value]) => [name, value.replace(inAws, this.address)]);
    return Object.fromEntries(local);
  }

  async close(): Promise<void> {
    await this.rehearsal.close();
  }

  /** The stage that users call: its metrics are those that alarms watch. @returns nothing without an API */
  private meteredStage(): MeteredStage | undefined {
    if (this.rehearsal.isWithoutApi) return undefined;
    const { api, blocks } = this.rehearsal;
    const [name = ""] = blocks
      .ofType("aws_api_gateway_rest_api")
      .map(({ attributes }) => String(attributes["name"]));
    return { api: name, stage: api.stages[0]?.name ?? "" };
  }

  /** How many milliseconds each version of a function has. */
  private timeouts({ functionName }: MovedAlias): Map<string, number> {
    const versions = [...(this.rehearsal.functions.get(functionName)?.versions.values() ?? [])];
    return new Map(versions.map(({ version, timeoutSeconds }) => [version, timeoutSeconds * 1000]));
  }

  private async invoke(invoked: Invoked, timeoutMs: number, run: () => Promise<Outcome>): Promise<Outcome> {
    const ended = this.failed(invoked, timeoutMs) ?? (await run());
    const outcome = this.slowed(invoked, timeoutMs, ended);
    this.lambdaMetrics.record(invoked, !outcome.ok, outcome.tookMs ?? 0);
    return outcome;
  }

  /** @returns nothing where the handler decides */
  private failed({ functionName, version }: Invoked, timeoutMs: number): Outcome | undefined {
    if (functionName !== this.moved?.functionName) return undefined;
    const failing = this.faults.failing(version);
    if (failing === undefined || this.failureRandom() >= failing.share) return undefined;
    return failedOutcome(failing.kind, timeoutMs);
  }

  private slowed({ functionName, version }: Invoked, timeoutMs: number, outcome: Outcome): Outcome {
    const slowMs = functionName === this.moved?.functionName ? this.faults.slowMs(version) : 0;
    if (slowMs === 0) return outcome;
    const tookMs = (outcome.tookMs ?? 0) + slowMs;
    return tookMs < timeoutMs ? { ...outcome, tookMs } : failedOutcome("timeout", timeoutMs);
  }
}

/** How an invocation ends that fails on purpose. */
function failedOutcome(kind: FailureKind, timeoutMs: number): Outcome {
  if (kind === "throw") return { ok: false, error: onPurpose, tookMs: 0 };
  if (kind === "timeout") {
    const error = `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds: ${onPurpose}`;
    return { ok: false, error, tookMs: timeoutMs };
  }
  const answer = { statusCode: 500, body: JSON.stringify({ message: onPurpose }) };
  return { ok: true, answer, bytes: Buffer.byteLength(JSON.stringify(answer)), tookMs: 0 };
}
