import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { Construct } from "constructs";
import {
  type AccessCount,
  type AccessRole,
  accessCounts,
  accessMetric,
  accessRoles,
} from "../src/release/alarms/access-metrics";
import type { AccessLogGroups } from "./stage-logs";

export interface AccessMetricsProps {
  /** Name of the release, which names the metrics. */
  readonly name: string;
  /** Where API Gateway writes a line for each request. */
  readonly groups: AccessLogGroups;
}

/**
 * Which lines are whose. A canary's request is logged in both groups, so each part is counted in one of them. The field
 * is there only while the stage has a canary, and `-` without one.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
const linesOf: Readonly<Record<AccessRole, string>> = {
  stable: '$.isCanaryRequest != "true"',
  canary: '$.isCanaryRequest = "true"',
};

/**
 * What is counted of them, and by which value. API Gateway writes every value as text. A field that gives the value must
 * be part of the pattern. Lines of others count as 0, so that a share has its 0 where nothing failed; a duration has none.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 */
const counted: Readonly<Record<AccessCount, { readonly pattern?: string; readonly value: string }>> = {
  Requests: { value: "1" },
  "4xx": { pattern: '$.status = "4*"', value: "1" },
  "5xx": { pattern: '$.status = "5*"', value: "1" },
  Latency: { pattern: "$.responseLatency = *", value: "$.responseLatency" },
};

/**
 * Metrics of what users get, for stable and the canary apart, counted in the stage's access logs. Lambda's own metrics
 * do not count an answer of 500 that a function gives itself.
 */
export class AccessMetrics extends Construct {
  constructor(scope: Construct, id: string, { name, groups }: AccessMetricsProps) {
    super(scope, id);
    for (const role of accessRoles) {
      for (const count of accessCounts) this.filter(name, groups, role, count);
    }
  }

  private filter(name: string, groups: AccessLogGroups, role: AccessRole, count: AccessCount): void {
    const { pattern, value } = counted[count];
    const { namespace, metricName } = accessMetric(name, role, count);
    const id = `${role}-${count.toLowerCase()}`;
    new CloudwatchLogMetricFilter(this, id, {
      name: `${name}-${id}`,
      logGroupName: groups[role].name,
      pattern: `{ ${[linesOf[role], ...(pattern === undefined ? [] : [pattern])].join(" && ")} }`,
      metricTransformation: {
        namespace,
        name: metricName,
        value,
        ...(count === "Latency" ? { unit: "Milliseconds" } : { unit: "Count", defaultValue: "0" }),
      },
    });
  }
}
