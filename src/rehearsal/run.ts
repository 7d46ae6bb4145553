import { watchFile } from "node:fs";
import { join, relative } from "node:path";
import { synthesizeMeanwhile, withSynthesisOf } from "../synth/synthesize";
import { widthOf } from "../terminal/width";
import type { RequestHeaders } from "../traffic/headers";
import { oneLine } from "../traffic/one-line";
import { noFailure, type Observation, runReport } from "../traffic/report";
import { isFailure, nameOfRequest, type SentRequest } from "../traffic/sent-request";
import { callWith, sendTraffic } from "../traffic/traffic";
import { AnsweredRequests } from "./answered-requests";
import type { Backends } from "./api-gateway/backends";
import type { RequestRecord } from "./api-gateway/gateway";
import type { Stage } from "./api-gateway/stage";
import {
  type CallableRoutes,
  callableRoutes,
  calledText,
  hasCallable,
  hasReplaceable,
  noOpenPath,
  originsIn,
  passedOverText,
  pathnameOf,
  unrehearsedTexts,
} from "./callable-routes";
import type { Caller } from "./caller";
import type { GivenEvents } from "./events/given-events";
import { rehearseEvents } from "./events/rehearse-events";
import { skippedLines } from "./lambda/runnable";
import { seededRandom } from "./random";
import { Rehearsal } from "./rehearsal";
import type { RunObserver } from "./run-observer";
import { brokenAnswers, sampleAnswers, sampledTable } from "./sampled-answers";
import { ServedAws } from "./served/served-aws";
import { SourceWatch } from "./source-watch";
import { expectedShares, type FunctionsOutput, servedShares, type VersionOf, versionNames } from "./split";
import { announce, counts, explainer, lineWidth, passedOverLines, progressLine, say } from "./terminal";
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
  /** @default - the first open GET route without variables, and with it whatever can be requested */
  readonly request?: SentRequest;
  /** Requests of the release file: the first gets the traffic where there is no other. @default - none */
  readonly declared?: readonly SentRequest[];
  /** The one of them that gets the traffic in any case. @default - none */
  readonly split?: SentRequest;
  /** Which declared requests cannot be sent, and why, a line each. @default - all can */
  readonly notSent?: readonly string[];
  /** Sent with each request. @default - none */
  readonly headers?: RequestHeaders;
  /** Who calls routes with Cognito or AWS_IAM. @default - nobody may */
  readonly caller?: Caller;
  /** Whether HTTP integrations call their addresses. @default - they answer 501 */
  readonly callHttp?: boolean;
  /** What is called in place of their addresses. @default - nothing */
  readonly backends?: Backends;
  /** A commit that is applied first. @default - nothing is */
  readonly from?: string;
  /** Events to play in place of requests. @default - requests are sent; without an API a sample of each trigger is played */
  readonly events?: GivenEvents;
  /** Keeps listening instead of sending traffic. */
  readonly serve?: boolean;
  /** 0 takes any that is free. */
  readonly port: number;
  /** Sees what it does while it serves. @default - nobody does */
  readonly observer?: RunObserver;
}

const rememberedWhileServing = 20_000;

/** One rehearsal of a project's stack, told on the terminal. */
export class Run {
  private readonly answered: AnsweredRequests;
  private readonly rehearsal: Rehearsal;
  /** AWS's APIs in front of it. @default - it does not serve */
  private readonly aws?: ServedAws;
  private triggers = 0;
  private stages: readonly Stage[] = [];
  private versionOf: VersionOf = (functionName) => functionName;

  constructor(
    private readonly project: string,
    /** Where the project was synthesized to. */
    private readonly output: string,
    private readonly options: RunOptions,
  ) {
    this.answered = new AnsweredRequests(options.serve ? rememberedWhileServing : options.requests);
    const versionOf: VersionOf = (...version) => this.versionOf(...version);
    const explain = explainer(versionOf);
    if (options.serve) {
      this.aws = new ServedAws(
        () => this.rehearsal,
        () => this.takeApplied(),
      );
    }
    this.rehearsal = new Rehearsal({
      invocations: this.aws,
      caller: options.caller,
      callsHttp: options.callHttp,
      backends: options.backends,
      random: options.seed === undefined ? Math.random : seededRandom(options.seed),
      onRequest: (record) => {
        this.aws?.answered(record);
        const version = this.versionServing(record);
        this.answered.keep(record.requestId, version);
        this.observe(record, version);
        explain(record);
      },
      answers: () => this.answered.all,
      onLog: (functionName, line, functionVersion) =>
        console.log(`[${versionOf(functionName, functionVersion)}] ${line}`),
    });
  }

  /** @returns whether the split was as the stage says and no request failed; with `serve` it does not return */
  async start(): Promise<boolean> {
    try {
      this.prepare();
      if (this.options.events !== undefined || this.rehearsal.isWithoutApi) return await this.playEvents();
      const address = await this.rehearsal.listen(this.options.port);
      this.announce(address);
      return this.options.serve ? await this.serve(address) : await this.sendTraffic(address);
    } finally {
      await this.aws?.close();
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
    this.checkBackends();
    say("synthesized", relative(this.project, join(this.output, "stacks", stack, "cdk.tf.json")));
    this.sayApplied(summary);
  }

  /** @throws where one stands in for nothing: what was meant would answer 501 */
  private checkBackends(): void {
    const origins = [...new Set(this.stages.flatMap(originsIn))];
    const unknown = [...(this.options.backends?.keys() ?? [])].find((one) => !origins.includes(one));
    if (unknown === undefined) return;
    const known = origins.length === 0 ? "there is none" : origins.join(", ");
    throw new Error(`'--backend' must name the address of an HTTP integration (${known}), got "${unknown}"`);
  }

  private sayApplied(summary: ApplySummary): void {
    say("applied", counts(summary));
    for (const [what, text] of passedOverLines(summary)) say(what, text);
    for (const text of new Set(this.stages.flatMap(unrehearsedTexts)))
      say("unrehearsed", oneLine(text, lineWidth));
    if (this.stages.some(hasCallable)) say("", "--call-http calls the addresses of HTTP integrations");
    if (this.stages.some(hasReplaceable)) say("", "--backend <address>=<yours> calls yours in place of one");
    const [called] = this.stages.flatMap((stage) => calledText(stage) ?? []);
    if (called !== undefined) say("calls", oneLine(called, lineWidth));
    for (const [address, instead] of this.options.backends ?? []) say("", `${address} is ${instead} here`);
    for (const line of skippedLines(this.rehearsal.lambda.skipped)) say("not run", line);
    const { events } = this.options;
    if (this.triggers > 0 && events === undefined && !this.rehearsal.isWithoutApi)
      say("triggers", `${this.triggers}, not played here: --events plays them`);
  }

  private apply(folder: string): ApplySummary {
    const configuration = readStack(folder, this.options.stack);
    checkHasFunctions(configuration, this.options);
    refuseOfApi(configuration, this.options);
    this.triggers = countTriggers(configuration);
    const summary = this.rehearsal.apply(configuration);
    this.takeApplied();
    this.aws?.applied();
    return summary;
  }

  /** Takes what serves now. */
  private takeApplied(): void {
    this.stages = this.rehearsal.isWithoutApi ? [] : this.rehearsal.api.stages;
    this.versionOf = versionNames(this.rehearsal.outputs["functions"] as FunctionsOutput | undefined);
  }

  private announce(address: string): void {
    announce(this.stages, address, this.versionOf, this.rehearsal.functions);
    const [stage] = this.stages;
    if (stage === undefined) return;
    this.options.observer?.serving(`${address}/${stage.name}/`);
    this.options.observer?.applied(expectedShares(stage, this.versionOf, this.rehearsal.functions));
  }

  /** Requests of the stage that users call; another one has shares of its own. */
  private observe(
    { httpMethod: method, path, status, stageName, ...record }: RequestRecord,
    version?: string,
  ) {
    if (stageName !== this.stages[0]?.name) return;
    const { tookMs: latencyMs = 0 } = record;
    this.options.observer?.answered({ at: new Date(), method, path, status, latencyMs, version });
  }

  private playEvents(): Promise<boolean> {
    const { requests: invocations, rate, events: given } = this.options;
    return rehearseEvents(this.rehearsal, { invocations, rate, given }, this.versionOf);
  }

  private async sendTraffic(address: string): Promise<boolean> {
    const [stage] = this.stages;
    if (stage === undefined) throw new Error("the stack has no stage to send requests to");
    const { requests, declared = [] } = this.options;
    const [request, ...others] = this.requestsTo(stage);
    const sharesOf = ({ method = "GET", path }: SentRequest) =>
      expectedShares(stage, this.versionOf, this.rehearsal.functions, { method, path: pathnameOf(path) });
    const expected = sharesOf(request);
    const observations: Observation[] = [];
    this.sayNotCalled(stage);
    say("sending", `${requests.toLocaleString("en")} requests, ${nameOfRequest(request)}`);
    const progress = progressLine(requests);
    await sendTraffic({
      requests,
      rate: this.options.rate,
      url: `${address}/${stage.name}`,
      request,
      onResponse: ({ requestId, status, latencyMs }) => {
        const version = this.answered.versionOf(requestId);
        observations.push({ version, latencyMs, failed: isFailure(request, status) });
        progress(observations.length);
      },
    });
    const { ok, text } = runReport(observations, expected);
    const { addressed } = this.routes(stage);
    const versionsOf = (one: SentRequest) =>
      (addressed.includes(one.path) || declared.includes(one) ? sharesOf(one) : expected)
        .filter(({ percent }) => percent > 0)
        .map(({ version }) => version);
    const answers = await sampleAnswers([request, ...others], versionsOf, async (one) => {
      const answer = await callWith(`${address}/${stage.name}${one.path}`, one);
      const requestId = answer.headers?.get("x-amzn-requestid") ?? undefined;
      return { version: this.answered.versionOf(requestId), answer };
    });
    const broken = brokenAnswers(answers);
    const shown = sampledTable(answers, widthOf(process.stdout, 80));
    const told = text.split("\n").filter((line) => broken.length === 0 || line !== noFailure);
    console.log(["", shown, "", ...told, ...broken].join("\n"));
    return ok && broken.length === 0;
  }

  private sayNotCalled(stage: Stage): void {
    const { request, notSent = [] } = this.options;
    if (request !== undefined) return;
    const { others } = this.routes(stage);
    if (others.length > 0) say("not called", passedOverText(others, lineWidth));
    for (const line of notSent) say("not sent", oneLine(line, lineWidth));
  }

  private routes(stage: Stage): CallableRoutes {
    const { caller, headers, declared } = this.options;
    return callableRoutes(stage, {
      caller,
      headers,
      requested: declared,
      canRun: (target) => this.rehearsal.lambda.canRun(target),
    });
  }

  /**
   * What is requested: what was given, or each route that can be requested as it stands, and what the file declares.
   * The first one gets all the requests, so it is none that calls an address.
   */
  private requestsTo(stage: Stage): readonly [SentRequest, ...SentRequest[]] {
    const { request, headers, split } = this.options;
    if (request !== undefined) return [request];
    const { paths, addressed, requested, requestedThere } = this.routes(stage);
    const get = (path: string): SentRequest => ({ path, headers });
    const [first, ...more] = [
      ...(split === undefined ? [] : [split]),
      ...paths.map(get),
      ...requested.filter((one) => one !== split),
    ];
    if (first === undefined) throw new Error(noOpenPath);
    return [first, ...more, ...addressed.map(get), ...requestedThere.filter((one) => one !== split)];
  }

  /** The version that answered, or the one that should have, where there is only one. */
  private versionServing({
    functionName,
    functionVersion,
    qualifier,
    isCanary,
    stageName,
    called,
  }: RequestRecord): string | undefined {
    if (functionName !== undefined) return this.versionOf(functionName, functionVersion, qualifier);
    const stage = this.stages.find(({ name }) => name === stageName);
    const served = isCanary === true ? stage?.canary?.served : stage?.stable;
    if (isCanary === undefined || served === undefined) return undefined;
    const shares = servedShares(served, this.versionOf, this.rehearsal.functions);
    if (shares.length > 1 && called === undefined) return undefined;
    return shares.map(({ version }) => version).join("+") || undefined;
  }

  /** What comes out is applied like any other synth. */
  private async synthesizeAnew(paths: readonly string[]): Promise<void> {
    const [first = "", second, ...others] = paths;
    const more = others.length === 0 ? (second ?? []) : `${others.length + 1} more`;
    say("changed", [first, more].flat().join(" and "));
    this.options.observer?.changing();
    const trouble = await synthesizeMeanwhile(this.project, this.output);
    if (trouble === undefined) return;
    console.error(`${trouble}\nnot synthesized: what was applied before keeps serving`);
    this.options.observer?.notApplied(trouble);
  }

  /** Applies each new synth until the process is ended. */
  private async serve(address: string): Promise<never> {
    if (this.aws !== undefined) {
      const aws = await this.aws.listen();
      say("watch", `AWS_ENDPOINT_URL=${aws} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test \\`);
      say("", `npx lambda-release watch ${this.options.service}`);
    }
    // The manifest is what a synth writes last.
    watchFile(join(this.output, "manifest.json"), { interval: 200 }, ({ mtimeMs }) => {
      if (mtimeMs === 0) return;
      try {
        this.sayApplied(this.apply(this.output));
        this.announce(address);
      } catch (error) {
        console.error(`not applied: ${(error as Error).message}`);
        this.options.observer?.notApplied((error as Error).message);
      }
    });
    new SourceWatch(this.project, this.output).start((paths) => this.synthesizeAnew(paths));
    console.log("\nEdit a release file or a handler: it is synthesized and applied here. Ctrl+C ends.");
    return new Promise(() => {});
  }
}

/** @throws where a stack has a service of containers instead of an API, with the command that rehearses it */
function checkHasFunctions({ blocks }: Configuration, { stack, service }: RunOptions): void {
  const has = (name: string) => blocks.some(({ type }) => type === name);
  if (has("aws_api_gateway_rest_api") || !has("aws_ecs_service")) return;
  throw new Error(
    `${stack} has no API to serve: run 'npx lambda-release rehearse ${service}' to play a shift of its service`,
  );
}

/** @throws where an option is of requests, and there is no API to send them to, or events are played in their place */
function refuseOfApi({ blocks }: Configuration, { stack, events, ...options }: RunOptions): void {
  const isWithoutApi = !blocks.some(({ type }) => type === "aws_api_gateway_rest_api");
  if (!isWithoutApi && events === undefined) return;
  const given = [
    ...(options.request ? ["path"] : []),
    ...(options.caller ? ["as"] : []),
    ...(options.serve ? ["serve"] : []),
    ...(Object.keys(options.headers ?? {}).length > 0 ? ["header"] : []),
    ...(options.callHttp ? ["call-http"] : []),
    ...(options.backends ? ["backend"] : []),
  ];
  if (given.length === 0) return;
  const why = isWithoutApi ? `${stack} has no API` : "--events plays events in place of requests";
  throw new Error(`'--${given[0]}' must not be given: ${why}`);
}
