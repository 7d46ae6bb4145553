import { join } from "node:path";
import type { RequestRecord } from "../../rehearsal/api-gateway/gateway";
import { seededRandom } from "../../rehearsal/random";
import { Rehearsal } from "../../rehearsal/rehearsal";
import type { ApplySummary } from "../../rehearsal/terraform/applied-state";
import { readConfiguration } from "../../rehearsal/terraform/configuration";
import { createProject, type Files, synthesizeProject } from "./project";

const running: Rehearsal[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});

/** A rehearsal that ends with the test, and what it said. */
export class RehearsedShop {
  readonly records: RequestRecord[] = [];
  readonly logs: string[] = [];
  readonly rehearsal: Rehearsal;
  private url = "";

  static of(files: Files): Promise<RehearsedShop> {
    return RehearsedShop.ofProject(createProject(files));
  }

  static async ofProject(project: string): Promise<RehearsedShop> {
    const shop = new RehearsedShop();
    await shop.applyProject(project);
    shop.url = await shop.rehearsal.listen();
    return shop;
  }

  private constructor() {
    this.rehearsal = new Rehearsal({
      random: seededRandom(1),
      onRequest: (record) => this.records.push(record),
      onLog: (functionName, line) => this.logs.push(`${functionName}: ${line}`),
    });
    running.push(this.rehearsal);
  }

  apply(files: Files): Promise<ApplySummary> {
    return this.applyProject(createProject(files));
  }

  /** The port that it listens on. */
  get port(): number {
    return Number(new URL(this.url).port);
  }

  private async applyProject(project: string): Promise<ApplySummary> {
    const outdir = await synthesizeProject(project);
    return this.rehearsal.apply(readConfiguration(join(outdir, "stacks/shop-dev/cdk.tf.json")));
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
