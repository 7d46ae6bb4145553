import type { Rehearsal } from "../../rehearsal";
import { type Metrics, seriesOf } from "../metrics";

const namespace = "AWS/ApiGateway";

/** What of API Gateway's metrics is played. */
export const playedApiMetrics = { [namespace]: ["Count", "4XXError", "5XXError"] };

/** The stage that users call, as its metrics name it. */
export interface MeteredStage {
  readonly api: string;
  readonly stage: string;
}

/** The one of a stack that was applied. */
export function meteredStage({ api, blocks }: Pick<Rehearsal, "api" | "blocks">): MeteredStage {
  const [block] = blocks.ofType("aws_api_gateway_rest_api");
  return { api: String(block?.attributes["name"] ?? ""), stage: api.stages[0]?.name ?? "" };
}

/**
 * Tells CloudWatch of answers as API Gateway does: each counts as 1 or 0 of each kind.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
 */
export class ApiMetrics {
  constructor(private readonly metrics: Metrics) {}

  /** @param count of answers that were alike. @default 1 */
  record({ api: ApiName, stage: Stage }: MeteredStage, status: number, count = 1): void {
    const values = {
      Count: 1,
      "4XXError": Number(status >= 400 && status < 500),
      "5XXError": Number(status >= 500),
    };
    for (const [metric, value] of Object.entries(values)) {
      for (const dimensions of [{ ApiName }, { ApiName, Stage }] as Record<string, string>[])
        this.metrics.put(seriesOf(namespace, metric, dimensions), value, count);
    }
  }
}
