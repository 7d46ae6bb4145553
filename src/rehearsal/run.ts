import { watchFile } from "node:fs";
import { join, relative } from "node:path";
import { withSynthesisOf } from "../synth/synthesize";
import type { RequestHeaders } from "../traffic/headers";
import { type Observation, runReport } from "../traffic/report";
import { sendTraffic } from "../traffic/traffic";
import type { RequestRecord } from "./api-gateway/gateway";
import type { Stage } from "./api-gateway/stage";
import type { Caller } from "./caller";
import { skippedLines } from "./lambda/runnable";
import { openPathOf } from "./open-path";
import { seededRandom } from "./random";
import { Rehearsal } from "./rehearsal";
import { expectedShares, type FunctionsOutput, servedShares, type VersionOf, versionNames } from "./split";
import { announce, counts, explainer, passedOverLines, progressLine, say } from "./terminal";
import type { ApplySummary } from "./terraform/applied-state";
import { type Configuration, readStack } from "./terraform/configuration";
import { countTriggers } from "./triggers";

export interface RunOptions {
  /** `<environment>/<service>` */
  readonly service: string;
  readonly stack: string;
  readonly requests: number;
  /** Requests per second. @default - as fast as they are answered */
  readonly rate?: number;
  /** @default - another draw in each run */
  readonly seed?: number;
  /** @default - the first open GET route without variables */
  readonly path?: string;
  /** Sent with each request. @default - none */
  readonly headers?: RequestHeaders;
  /** Who calls routes with Cognito or AWS_IAM. @default - nobody may */
  readonly caller?: Caller;
  /** A commit that is applied first. @default - nothing is */
  readonly from?: string;
  /** Keeps listening instead of sending traffic. */
  readonly serve?: boolean;
  /** 0 takes any that is free. */
  readonly port: number;
}

/** One rehearsal of a project's stack, told on the terminal. */
export class Run {
  private readonly records = new Map<string, RequestRecord>();
  private readonly rehearsal: Rehearsal;
  private triggers = 0;
  private versionOf: VersionOf = (functionName) => functionName;

  constructor(
    private readonly project: string,
    /** Where the project was synthesized to. */
    private readonly output: string,
    private readonly options: RunOptions,
  ) {
    const versionOf: VersionOf = (...version) => this.versionOf(...version);
    const explain = explainer(versionOf);
    this.rehearsal = new Rehearsal({
      caller: options.caller,
      random: options.seed === undefined ? Math.random : seededRandom(options.seed),
      onRequest: (record) => {
        if (!options.serve) this.records.set(record.requestId, record);
        explain(record);
      },
      onLog: (functionName, line, functionVersion) =>
        console.log(`[${versionOf(functionName, functionVersion)}] ${line}`),
    });
  }

  /** @returns whether the split was as the stage says and no request failed; with `serve` it does not return */
  async start(): Promise<boolean> {
    try {
      this.prepare();
      const address = await this.rehearsal.listen(this.options.port);
      this.announce(address);
      return this.options.serve ? await this.serve(address) : await this.sendTraffic(address);
    } finally {
      await this.rehearsal.close();
    }
  }

  /** Applies what was synthesized, and the earlier commit before it. */
  private prepare(): void {
    const { from, stack } = this.options;
    if (from !== undefined) {
      const summary = withSynthesisOf(this.project, from, (folder) => this.apply(folder));
      say("applied", `${stack} of ${from}: ${counts(summary)}`);
    }
    const summary = this.apply(this.output);
    say("synthesized", relative(this.project, join(this.output, "stacks", stack, "cdk.tf.json")));
    this.sayApplied(summary);
  }

  private sayApplied(summary: ApplySummary): void {
    say("applied", counts(summary));
    for (const [what, text] of passedOverLines(summary)) say(what, text);
    for (const line of skippedLines(this.rehearsal.lambda.skipped)) say("not run", line);
    if (this.triggers > 0) say("triggers", `${this.triggers}, not played here: AWS sends them to the alias`);
  }

  private apply(folder: string): ApplySummary {
    const configuration = readStack(folder, this.options.stack);
    checkHasApi(configuration, this.options);
    this.triggers = countTriggers(configuration);
    const summary = this.rehearsal.apply(configuration);
    this.versionOf = versionNames(this.rehearsal.outputs["functions"] as FunctionsOutput | undefined);
    return summary;
  }

  private announce(address: string): void {
    announce(this.rehearsal.api.stages, address, this.versionOf, this.rehearsal.functions);
  }

  private async sendTraffic(address: string): Promise<boolean> {
    const [stage] = this.rehearsal.api.stages;
    if (stage === undefined) throw new Error("the stack has no stage to send requests to");
    const { caller } = this.options;
    const { requests, path = this.openPath(caller), headers } = this.options;
    const expected = expectedShares(stage, this.versionOf, this.rehearsal.functions);
    const observations: Observation[] = [];
    say("sending", `${requests.toLocaleString("en")} requests, GET ${path}`);
    const progress = progressLine(requests);
    await sendTraffic({
      requests,
      rate: this.options.rate,
      url: `${address}/${stage.name}`,
      path,
      headers,
      onResponse: ({ requestId, status, latencyMs }) => {
        const version = this.versionServing(this.records.get(requestId ?? ""), stage);
        observations.push({ version, latencyMs, failed: status === undefined || status >= 400 });
        progress(observations.length);
      },
    });
    const { ok, text } = runReport(observations, expected);
    console.log(`\n${text}`);
    return ok;
  }

  private openPath(caller: Caller | undefined): string {
    const { api, lambda } = this.rehearsal;
    return openPathOf(api, caller, (target) => lambda.canRun(target));
  }

  /** The version that answered, or the one that should have, where there is only one. */
  private versionServing(record: RequestRecord | undefined, { stable, canary }: Stage): string | undefined {
    if (record?.functionName !== undefined) {
      return this.versionOf(record.functionName, record.functionVersion);
    }
    const served = record?.isCanary === true ? canary?.served : stable;
    if (record?.isCanary === undefined || served === undefined) return undefined;
    const [share, ...others] = servedShares(served, this.versionOf, this.rehearsal.functions);
    return others.length === 0 ? share?.version : undefined;
  }

  /** Applies each new synth until the process is ended. */
  private serve(address: string): Promise<never> {
    // The manifest is what a synth writes last.
    watchFile(join(this.output, "manifest.json"), { interval: 200 }, ({ mtimeMs }) => {
      if (mtimeMs === 0) return;
      try {
        this.sayApplied(this.apply(this.output));
        this.announce(address);
      } catch (error) {
        console.error(`not applied: ${(error as Error).message}`);
      }
    });
    console.log(
      "\nEdit a release file or a handler, run npx lambda-release synth: the change is applied here. Ctrl+C ends.",
    );
    return new Promise(() => {});
  }
}

/** @throws where a stack has a service of containers instead of an API, with the command that rehearses it */
function checkHasApi({ blocks }: Configuration, { stack, service }: RunOptions): void {
  const has = (name: string) => blocks.some(({ type }) => type === name);
  if (has("aws_api_gateway_rest_api") || !has("aws_ecs_service")) return;
  throw new Error(
    `${stack} has no API to serve: run 'npx lambda-release rehearse ${service}' to play a shift of its service`,
  );
}
