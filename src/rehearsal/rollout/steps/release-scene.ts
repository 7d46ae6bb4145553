import { join } from "node:path";
import { guardedIn } from "../../../guard/guarded-file";
import type { PlannedMoves } from "../../../release/files/rehearsed-moves";
import { guardName } from "../../../release/guard";
import type { SentRequest } from "../../../traffic/sent-request";
import type { RequestRecord } from "../../api-gateway/gateway";
import { openPathOf, pathnameOf } from "../../callable-routes";
import { functionsOf } from "../../lambda/function";
import type { OnLog } from "../../lambda/lambda-service";
import { seededRandom } from "../../random";
import { Rehearsal } from "../../rehearsal";
import { expectedShares, type FunctionsOutput, targetShares, versionNames } from "../../split";
import type { AppliedState, ApplySummary } from "../../terraform/applied-state";
import type { Arguments, Configuration } from "../../terraform/configuration";
import { noFaults, PresentFaults } from "../faults";
import { ApiMetrics, meteredStage, playedApiMetrics } from "../lambda/api-metrics";
import { FaultyInvocations } from "../lambda/faulty-invocations";
import { LambdaMetrics, playedMetrics } from "../lambda/lambda-metrics";
import type { Metrics } from "../metrics";
import type { ServedRequest } from "../scene";
import { AccessLogMetrics, logFiltersOf, namesOf } from "./access-log-metrics";
import { type PlannedRelease, plannedRelease } from "./planned-release";
import { publishBefore, withNewVersions } from "./published-before";
import { releaseSubject } from "./release-text";
import { type Wakers, wakersOf } from "./woken-guard";

export interface ReleaseSceneOptions {
  /** Requests per second. */
  readonly rate: number;
  readonly seed: number;
  readonly metrics: Metrics;
  /** Is told of each request as it is answered. */
  readonly onRequest: (record: ServedRequest) => void;
  /** Gets each line that a function prints. */
  readonly onLog: OnLog;
}

/** The stack of a release on this machine, with what CloudWatch is told of it. */
export class ReleaseScene {
  readonly rehearsal: Rehearsal;
  private readonly apiMetrics: ApiMetrics;
  private accessLog: AccessLogMetrics;
  private faults = new PresentFaults(noFaults);
  private arrived = 0;

  constructor(private readonly options: ReleaseSceneOptions) {
    const { rate, seed, metrics, onLog } = options;
    this.apiMetrics = new ApiMetrics(metrics);
    this.accessLog = new AccessLogMetrics(metrics, []);
    this.rehearsal = new Rehearsal({
      onLog,
      random: seededRandom(seed),
      onRequest: (record) => this.answered(record),
      now: () => (this.arrived++ * 1000) / rate,
      invocations: new FaultyInvocations({
        random: seededRandom(seed ^ 0x5f356495),
        faults: () => this.faults,
        versionOf: ({ functionName, version, qualifier }) => this.versionOf(functionName, version, qualifier),
        metrics: new LambdaMetrics(metrics),
      }),
      needsEvery: true,
    });
  }

  /** Publishes what the stacks of a release point at, and is not there. @returns the stacks to apply */
  publish(stacks: readonly Configuration[]): readonly Configuration[] {
    const last = stacks.at(-1);
    if (last !== undefined) publishBefore(this.rehearsal, last);
    return withNewVersions(this.rehearsal, stacks);
  }

  apply(configuration: Configuration): ApplySummary {
    const summary = this.rehearsal.apply(configuration);
    this.accessLog = new AccessLogMetrics(this.options.metrics, logFiltersOf(this.rehearsal.blocks));
    return summary;
  }

  /** A call of AWS's API changes a resource. @param changed its attributes */
  changeBeside(address: string, changed: Arguments): void {
    this.rehearsal.changeBeside(address, changed);
  }

  /** What is to happen, and what watches it. @param first the stack of the first move */
  plan(
    first: Configuration,
    service: string,
    moves: Omit<PlannedMoves, "before">,
  ): { readonly planned: PlannedRelease; readonly wakers: Wakers } {
    const { state } = this.rehearsal.blocks.apply(first);
    const guard = guardOf(state, first);
    const played = { ...playedMetrics, ...playedApiMetrics, ...namesOf(logFiltersOf(state)) };
    return {
      planned: plannedRelease(state, service, moves, {
        guarded: guard?.guarded,
        played,
        subject: subjectOf(state),
      }),
      wakers: guard?.wakers ?? { patterns: [], eachMinute: false },
    };
  }

  /** Whether Lambda published the version that is released with the code of the one before. @param first the stack of the first move */
  isSameCode(first: Configuration): boolean {
    const functions = this.rehearsal.blocks.apply(first).state.ofType("aws_lambda_function");
    const released = functions.flatMap(({ versions = [] }) => {
      const [before, last] = versions.slice(-2);
      return last === undefined ? [] : [last.code?.digest === before?.code?.digest];
    });
    return released.length > 0 && released.every((isSame) => isSame);
  }

  /** What may be requested by everybody. @throws where there is nothing */
  openPath(): string {
    return this.rehearsal.isWithoutApi ? "" : openPathOf(this.rehearsal.api);
  }

  fail(faults: PresentFaults): void {
    this.faults = faults;
  }

  /** The share of a version of what is requested, in percent. */
  shareOf(version: string, { method = "GET", path }: SentRequest): number {
    const { rehearsal } = this;
    const [stage] = rehearsal.isWithoutApi ? [] : rehearsal.api.stages;
    const shares =
      stage === undefined
        ? [...rehearsal.functions.values()].flatMap(({ name, aliases }) =>
            [...aliases.keys()].flatMap((qualifier) =>
              targetShares({ functionName: name, qualifier }, this.versionOf, rehearsal.functions),
            ),
          )
        : expectedShares(stage, this.versionOf, rehearsal.functions, { method, path: pathnameOf(path) });
    return shares.find((one) => one.version === version)?.percent ?? 0;
  }

  close(): Promise<void> {
    return this.rehearsal.close();
  }

  private get versionOf() {
    return versionNames(this.rehearsal.outputs["functions"] as FunctionsOutput | undefined);
  }

  private answered(record: RequestRecord): void {
    const { functionName, functionVersion, qualifier, status, reason, isCanary = false } = record;
    this.apiMetrics.record(meteredStage(this.rehearsal), status);
    this.accessLog.record({ isCanary, status });
    const version =
      functionName === undefined ? undefined : this.versionOf(functionName, functionVersion, qualifier);
    this.options.onRequest({ ...record, version, isUnseen: status >= 400 && reason === undefined });
  }
}

/** How requests may fail here, and how long each version has for one. */
function subjectOf(state: AppliedState): PlannedRelease["subject"] {
  const versionOf = versionNames(state.outputs["functions"] as FunctionsOutput | undefined);
  const versions = [...functionsOf(state).values()].flatMap((lambda) => [...lambda.versions.values()]);
  const timeouts = new Map(
    versions.map(({ functionName, version, timeoutSeconds }) => [
      versionOf(functionName, version),
      timeoutSeconds * 1000,
    ]),
  );
  const isCalled = state.ofType("aws_api_gateway_rest_api").length > 0;
  return { ...releaseSubject(isCalled), timeoutMs: (version) => timeouts.get(version) ?? defaultTimeoutMs };
}

/** Where nothing is known of a version: https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html */
const defaultTimeoutMs = 3000;

/** The guard of a stack: what its function is given, and what wakes it. @returns nothing where there is none */
function guardOf(state: AppliedState, { folder }: Configuration) {
  const functions = state.ofType("aws_lambda_function");
  const lambda = functions.find(({ attributes }) => isGuard(String(attributes["function_name"]), state));
  if (lambda === undefined) return undefined;
  const archive = [...state.blocks.values()].find(
    ({ type, attributes }) =>
      type === "archive_file" && attributes["output_path"] === lambda.attributes["filename"],
  );
  const variables = (lambda.attributes["environment"] as { variables?: Record<string, string> } | undefined)
    ?.variables;
  const guarded = guardedIn(join(folder, String(archive?.attributes["source_dir"])), variables?.["API_ID"]);
  return { guarded, wakers: wakersOf(state, lambda.attributes["arn"]) };
}

/** Its name is that of the release, which the parameter of its stops has too. */
function isGuard(functionName: string, state: AppliedState): boolean {
  return state.ofType("aws_ssm_parameter").some(({ attributes }) => {
    const release = /^\/lambda-release\/(.+)\/stops$/.exec(String(attributes["name"]))?.[1];
    return release !== undefined && guardName(release) === functionName;
  });
}
