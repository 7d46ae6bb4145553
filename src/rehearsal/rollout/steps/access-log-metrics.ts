import type { AppliedState } from "../../terraform/applied-state";
import type { Arguments } from "../../terraform/configuration";
import { type Metrics, seriesOf } from "../metrics";
import type { PlayedNames } from "../played-metric";

/** What of a line of a stage's access log is known here. */
interface Line {
  readonly isCanaryRequest: string;
  readonly status: string;
  /** In milliseconds. @default - it is not known here */
  readonly responseLatency?: string;
}

/** `$.status = "5*"` */
interface Term {
  readonly field: keyof Line;
  readonly isEqual: boolean;
  readonly value: RegExp;
}

/** A metric filter: what CloudWatch counts of the lines of a log group. */
export interface LogFilter {
  readonly namespace: string;
  readonly metricName: string;
  readonly terms: readonly Term[];
  /** What each line counts that matches, or the field that says it. */
  readonly value: number | keyof Line;
  /** What the others count. @default - nothing */
  readonly otherwise?: number;
  /** Whether it reads the log of the canary's requests alone. */
  readonly isOfCanary: boolean;
}

const fields: readonly string[] = [
  "isCanaryRequest",
  "status",
  "responseLatency",
] satisfies readonly (keyof Line)[];

/** The metric filters of a stack that count lines by what is known here; other metrics are not played. */
export function logFiltersOf(state: AppliedState): LogFilter[] {
  return state.ofType("aws_cloudwatch_log_metric_filter").flatMap(({ attributes }) => {
    const terms = termsOf(String(attributes["pattern"]));
    const [given = {}] = [attributes["metric_transformation"] ?? []].flat() as Arguments[];
    const value = countedValue(String(given["value"]));
    if (terms === undefined || value === undefined) return [];
    return [
      {
        namespace: String(given["namespace"]),
        metricName: String(given["name"]),
        terms,
        value,
        ...(given["default_value"] !== undefined && { otherwise: Number(given["default_value"]) }),
        isOfCanary: String(attributes["log_group_name"]).endsWith("/Canary"),
      },
    ];
  });
}

/** Their metrics, by namespace. */
export function namesOf(filters: readonly LogFilter[]): PlayedNames {
  const names: Record<string, string[]> = {};
  for (const { namespace, metricName } of filters)
    names[namespace] = [...(names[namespace] ?? []), metricName];
  return names;
}

/** Tells CloudWatch of answers by the lines that API Gateway would log of them. */
export class AccessLogMetrics {
  private readonly filters: readonly (LogFilter & { readonly series: string })[];

  constructor(
    private readonly metrics: Metrics,
    filters: readonly LogFilter[],
  ) {
    this.filters = filters.map((one) => ({ ...one, series: seriesOf(one.namespace, one.metricName, {}) }));
  }

  /**
   * @param isCanary whether the canary answered. A canary's request is logged in both logs
   * @param tookMs how long the answer took. @default - it is not known
   * @param count of answers that were alike. @default 1
   */
  record(
    {
      isCanary,
      status,
      tookMs,
    }: { readonly isCanary: boolean; readonly status: number; readonly tookMs?: number },
    count = 1,
  ): void {
    const line: Line = {
      isCanaryRequest: String(isCanary),
      status: String(status),
      ...(tookMs !== undefined && { responseLatency: String(Math.round(tookMs)) }),
    };
    for (const { isOfCanary, terms, value, otherwise, series } of this.filters) {
      if (isOfCanary && !isCanary) continue;
      const isCounted = terms.every((term) => holds(term, line));
      const own = typeof value === "number" ? value : Number(line[value]);
      const counted = isCounted ? own : otherwise;
      if (counted !== undefined) this.metrics.put(series, counted, count);
    }
  }
}

function holds({ field, isEqual, value }: Term, line: Line): boolean {
  const given = line[field];
  return given !== undefined && value.test(given) === isEqual;
}

/** `{ $.isCanaryRequest = "true" && $.status = "5*" }` @returns nothing for what is not known here */
function termsOf(pattern: string): Term[] | undefined {
  const inside = /^\s*\{(.*)\}\s*$/.exec(pattern)?.[1];
  if (inside === undefined) return undefined;
  const terms = inside.split("&&").map((text): Term | undefined => {
    const [, field = "", sign, value = "*"] =
      /^\s*\$\.(\w+)\s*(!?=)\s*(?:"([\w*]+)"|\*)\s*$/.exec(text) ?? [];
    if (!isField(field)) return undefined;
    return { field, isEqual: sign === "=", value: new RegExp(`^${value.replaceAll("*", ".*")}$`) };
  });
  return terms.every((term) => term !== undefined) ? terms : undefined;
}

/** A number, or a field of the line: `$.responseLatency`. @returns nothing for what is not known here */
function countedValue(text: string): LogFilter["value"] | undefined {
  const field = text.replace(/^\$\./, "");
  if (isField(field)) return field;
  return Number.isNaN(Number(text)) ? undefined : Number(text);
}

function isField(name: string): name is keyof Line {
  return fields.includes(name);
}
