import type { AliasRouting, LambdaApi } from "../../codedeploy/lambda-api";
import type { Metrics } from "../metrics";
import type { DrawnSubject, Subject } from "../subject";
import { ApiMetrics, type MeteredStage } from "./api-metrics";
import { LambdaMetrics } from "./lambda-metrics";

/** The alias of a function, and the versions that it goes from and to. */
export interface MovedAlias {
  readonly functionName: string;
  readonly alias: string;
  readonly from: string;
  readonly to: string;
}

/** Where nothing is known of a version: https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html */
const defaultTimeoutMs = 3000;

/** An alias that CodeDeploy moves. */
export class AliasSubject implements Subject {
  readonly platform = "Lambda";
  readonly name: string;
  readonly targetId: string;
  readonly fields: Subject["fields"];
  readonly resource: object;
  readonly answers = "invocations";
  readonly unseen = "answers of the function itself: no errors to Lambda";
  /** Without an API nobody sees the status of an answer. */
  readonly kinds: Subject["kinds"];

  /**
   * @param metered the stage that leads to it. Without an API there is none
   * @param timeouts how many milliseconds each version has. @default - as long as a function has by default
   */
  constructor(
    private readonly moved: MovedAlias,
    private readonly metered?: MeteredStage,
    private readonly timeouts: ReadonlyMap<string, number> = new Map(),
  ) {
    this.kinds = metered === undefined ? ["throw", "timeout"] : ["throw", "500", "timeout"];
    const { functionName, alias, from, to } = moved;
    this.name = `${functionName}:${alias}`;
    this.targetId = this.name;
    this.fields = { functionName, alias };
    const properties = { Name: functionName, Alias: alias, CurrentVersion: from, TargetVersion: to };
    this.resource = { [functionName]: { Type: "AWS::Lambda::Function", Properties: properties } };
  }

  timeoutMs(version: string): number {
    return this.timeouts.get(version) ?? defaultTimeoutMs;
  }

  draw(metrics: Metrics, onMove: (percent: number) => Promise<void>): DrawnSubject {
    const { functionName, alias, from, to } = this.moved;
    const lambdaMetrics = new LambdaMetrics(metrics);
    const apiMetrics = new ApiMetrics(metrics);
    let routing: AliasRouting = { version: from, weights: {} };
    const lambda: LambdaApi = {
      getAlias: async () => routing,
      updateAlias: async (_functionName, _alias, next) => {
        await onMove(percentIn(next, to));
        routing = next;
      },
      start: async () => {},
    };
    return {
      endpoints: { lambda },
      record: (version, { failure, tookMs }, count) => {
        const isError = failure === "throw" || failure === "timeout";
        lambdaMetrics.record({ functionName, qualifier: alias, version }, isError, tookMs, count);
        if (this.metered === undefined) return;
        apiMetrics.record(this.metered, failure === undefined ? 200 : isError ? 502 : 500, count);
      },
    };
  }
}

/** A version's share of an alias. */
export function percentIn({ version, weights }: AliasRouting, of: string): number {
  return version === of ? 100 : Math.round((weights[of] ?? 0) * 1e8) / 1e6;
}
