import { join } from "node:path";
import type { RequestRecord } from "../../src/rehearsal/api-gateway/gateway";
import type { Caller } from "../../src/rehearsal/caller";
import { seededRandom } from "../../src/rehearsal/random";
import { Rehearsal, type RehearsalOptions } from "../../src/rehearsal/rehearsal";
import type { ApplySummary } from "../../src/rehearsal/terraform/applied-state";
import { readConfiguration } from "../../src/rehearsal/terraform/configuration";
import { type AliasStack, aliasStack, stackFolder } from "./alias-stack";
import { createProject, type Files, synthesizeProject } from "./project";

const running: Rehearsal[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});

/** A rehearsal that ends with the test, and what it said. */
class Rehearsed {
  readonly records: RequestRecord[] = [];
  readonly logs: string[] = [];
  /** How far the rehearsal's clock is ahead of this machine's, in milliseconds. */
  aheadMs = 0;
  readonly rehearsal: Rehearsal;
  private url = "";

  constructor(options: Pick<RehearsalOptions, "caller" | "callsHttp" | "backends"> = {}) {
    this.rehearsal = new Rehearsal({
      random: seededRandom(1),
      onRequest: (record) => this.records.push(record),
      onLog: (functionName, line) => this.logs.push(`${functionName}: ${line}`),
      now: () => performance.now() + this.aheadMs,
      ...options,
    });
    running.push(this.rehearsal);
  }

  async listen(): Promise<void> {
    this.url = await this.rehearsal.listen();
  }

  /** The port that it listens on. */
  get port(): number {
    return Number(new URL(this.url).port);
  }

  fetch(path: string, options?: RequestInit): Promise<Response> {
    return fetch(this.url + path, options);
  }

  /** The bodies of that many requests, counted. */
  async count(path: string, requests: number): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (let sent = 0; sent < requests; sent++) {
      const response = await this.fetch(path);
      const body = response.ok ? await response.text() : String(response.status);
      counts[body] = (counts[body] ?? 0) + 1;
    }
    return counts;
  }

  get lastReason(): string | undefined {
    return this.records.at(-1)?.reason;
  }
}

/** A project's stack, synthesized and rehearsed. */
export class RehearsedShop extends Rehearsed {
  static of(files: Files, caller?: Caller, callsHttp?: boolean): Promise<RehearsedShop> {
    return RehearsedShop.ofProject(createProject(files), caller, callsHttp);
  }

  static async ofProject(
    project: string,
    caller?: Caller,
    callsHttp?: boolean,
    backends?: RehearsalOptions["backends"],
  ): Promise<RehearsedShop> {
    const shop = new RehearsedShop({ caller, callsHttp, backends });
    await shop.applyProject(project);
    await shop.listen();
    return shop;
  }

  apply(files: Files): Promise<ApplySummary> {
    return this.applyProject(createProject(files));
  }

  async applyProject(project: string): Promise<ApplySummary> {
    const outdir = await synthesizeProject(project);
    return this.rehearsal.apply(readConfiguration(join(outdir, "stacks/shop-dev/cdk.tf.json")));
  }
}

/** A stack with aliases, rehearsed step by step. */
export class RehearsedAliases extends Rehearsed {
  private readonly folder = stackFolder();

  static async of(stack: AliasStack = {}): Promise<RehearsedAliases> {
    const rehearsed = new RehearsedAliases();
    rehearsed.apply(stack);
    await rehearsed.listen();
    return rehearsed;
  }

  apply(stack: AliasStack): ApplySummary {
    return this.rehearsal.apply(aliasStack(this.folder, stack));
  }
}
