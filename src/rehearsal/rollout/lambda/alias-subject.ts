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

/** An alias that CodeDeploy moves. */
export class AliasSubject implements Subject {
  readonly platform = "Lambda";
  readonly name: string;
  readonly targetId: string;
  readonly fields: Subject["fields"];
  readonly resource: object;
  readonly answers = "invocations";
  readonly unseen = "answers of the function itself: no errors to Lambda";

  /** @param metered the stage that leads to it. Without an API there is none */
  constructor(
    private readonly moved: MovedAlias,
    private readonly metered?: MeteredStage,
  ) {
    const { functionName, alias, from, to } = moved;
    this.name = `${functionName}:${alias}`;
    this.targetId = this.name;
    this.fields = { functionName, alias };
    const properties = { Name: functionName, Alias: alias, CurrentVersion: from, TargetVersion: to };
    this.resource = { [functionName]: { Type: "AWS::Lambda::Function", Properties: properties } };
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
      record: (version, { failed, tookMs }, count) => {
        lambdaMetrics.record({ functionName, qualifier: alias, version }, failed, tookMs, count);
        if (this.metered !== undefined) apiMetrics.record(this.metered, failed ? 502 : 200, count);
      },
    };
  }
}

/** A version's share of an alias. */
export function percentIn({ version, weights }: AliasRouting, of: string): number {
  return version === of ? 100 : Math.round((weights[of] ?? 0) * 1e8) / 1e6;
}
