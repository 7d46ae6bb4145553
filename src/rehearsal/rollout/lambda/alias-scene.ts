import { openPathOf } from "../../callable-routes";
import type { GivenEvents } from "../../events/given-events";
import { feedsIn } from "../../events/rehearse-events";
import { seededRandom } from "../../random";
import { Rehearsal } from "../../rehearsal";
import { seldom } from "../../terminal";
import type { ApplySummary } from "../../terraform/applied-state";
import type { Configuration } from "../../terraform/configuration";
import { noFaults, onPurpose, PresentFaults } from "../faults";
import { LambdaServer } from "../lambda-server";
import { type PlannedShift, plannedShift } from "../planned-shift";
import type { Opened, Scene, SceneOptions } from "../scene";
import { AliasSubject, type MovedAlias, percentIn } from "./alias-subject";
import { ApiMetrics, type MeteredStage, meteredStage, playedApiMetrics } from "./api-metrics";
import { EventUsers } from "./event-users";
import { FaultyInvocations } from "./faulty-invocations";
import { LambdaMetrics, playedMetrics } from "./lambda-metrics";
import { applyWithVersions, movedBy } from "./versions";

/** An API in front of functions whose alias is moved. */
export class AliasScene implements Scene {
  readonly functions: LambdaServer;
  private readonly rehearsal: Rehearsal;
  private readonly apiMetrics: ApiMetrics;
  private readonly events?: GivenEvents;
  private moved?: MovedAlias;
  private metered?: MeteredStage;
  private faults = new PresentFaults(noFaults);
  private address = "";
  private arrived = 0;

  constructor({ rate, seed, events, metrics, beforeMove, onMove, onRequest, ...options }: SceneOptions) {
    this.events = events;
    this.apiMetrics = new ApiMetrics(metrics);
    this.rehearsal = new Rehearsal({
      ...options,
      random: seededRandom(seed),
      onRequest: (record) => {
        const { functionVersion: version, status, reason } = record;
        if (this.metered !== undefined) this.apiMetrics.record(this.metered, status);
        onRequest({ ...record, version, isUnseen: status >= 400 && reason === undefined });
      },
      now: () => (this.arrived++ * 1000) / rate,
      invocations: new FaultyInvocations({
        random: seededRandom(seed ^ 0x5f356495),
        faults: () => this.faults,
        versionOf: ({ functionName, version }) =>
          functionName === this.moved?.functionName ? version : undefined,
        metrics: new LambdaMetrics(metrics),
      }),
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
    const metered = this.rehearsal.isWithoutApi ? undefined : meteredStage(this.rehearsal);
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

  /** How many milliseconds each version of a function has. */
  private timeouts({ functionName }: MovedAlias): Map<string, number> {
    const versions = [...(this.rehearsal.functions.get(functionName)?.versions.values() ?? [])];
    return new Map(versions.map(({ version, timeoutSeconds }) => [version, timeoutSeconds * 1000]));
  }
}
