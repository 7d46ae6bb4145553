import type { Metric } from "../src/release/alarms/access-metrics";

/**
 * Widgets of a CloudWatch dashboard:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export interface Widget {
  /** What it draws. */
  readonly type: "text" | "metric" | "alarm" | "log";
  /** CloudWatch's properties of that type. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A line of a graph. */
export interface Line {
  /** The metric that it draws. */
  readonly metric: Metric;
  /** CloudWatch's statistic of each period: `Sum`, `p95`. */
  readonly stat: string;
  /** Its name in the legend. */
  readonly label: string;
  /** As CloudWatch takes it: `#1f77b4`. */
  readonly colour: string;
}

/** A dashboard is a grid of 24 columns. */
const columns = 24;
/** An alarm widget shows no more. */
const mostAlarms = 100;

/** Widgets beside each other, of equal width. */
export interface Row {
  /** Grid units of CloudWatch, 1 to 1000. */
  readonly height: number;
  /** From left to right. */
  readonly widgets: readonly Widget[];
}

/** The body of a dashboard: rows, one below the other, over the last three hours. */
export function dashboardBody(rows: readonly Row[]): string {
  let y = 0;
  const widgets = rows.flatMap(({ height, widgets }) => {
    const width = Math.floor(columns / widgets.length);
    const placed = widgets.map((one, index) => ({ ...one, x: index * width, y, width, height }));
    y += height;
    return placed;
  });
  return JSON.stringify({ start: "-PT3H", periodOverride: "inherit", widgets });
}

export function textWidget(lines: readonly string[]): Widget {
  return { type: "text", properties: { markdown: lines.join("\n") } };
}

/** @param expressions searches, each of which gives a line for each metric that it finds. @default - the lines alone */
export function graph(
  region: string,
  title: string,
  lines: readonly Line[],
  { expressions = [], unit }: { readonly expressions?: readonly string[]; readonly unit?: string } = {},
): Widget {
  const idOf = (index: number) => (expressions.length === 1 ? "found" : `found${index + 1}`);
  const searched = expressions.map((expression, index) => [{ expression, id: idOf(index), period: 60 }]);
  const properties = {
    title,
    region,
    view: "timeSeries",
    stacked: false,
    period: 60,
    metrics: [...lines.map(line), ...searched],
    yAxis: { left: { min: 0, ...(unit === undefined ? {} : { label: unit, showUnits: false }) } },
  };
  return { type: "metric", properties };
}

/** A share in percent: 100 * part / whole, a line for each. */
export function shareGraph(
  region: string,
  title: string,
  shares: readonly { readonly part: Line; readonly whole: Metric }[],
): Widget {
  const metrics = shares.flatMap(({ part, whole }, index) => {
    const [top, bottom] = [`part${index}`, `whole${index}`];
    const share = {
      expression: `100 * ${top} / ${bottom}`,
      id: `share${index}`,
      label: part.label,
      color: part.colour,
    };
    const hidden = (metric: Metric, id: string) => [...named(metric), { id, stat: "Sum", visible: false }];
    return [[share], hidden(part.metric, top), hidden(whole, bottom)];
  });
  const yAxis = { left: { min: 0, label: "percent", showUnits: false } };
  return {
    type: "metric",
    properties: { title, region, view: "timeSeries", stacked: false, period: 60, metrics, yAxis },
  };
}

/** The states of alarms, by their ARNs. */
export function alarmWidget(title: string, arns: readonly string[]): Widget {
  return { type: "alarm", properties: { title, alarms: arns.slice(0, mostAlarms) } };
}

/** The rows that a query of CloudWatch Logs Insights finds. Each look at it scans the logs. */
export function logTable(region: string, title: string, logGroup: string, query: readonly string[]): Widget {
  const text = [`SOURCE '${logGroup}'`, ...query].join(" | ");
  return { type: "log", properties: { title, region, query: text, view: "table" } };
}

/** A link of the console to a log group, in its own region. */
export function logGroupLink(text: string, logGroup: string): string {
  return `[${text}](#logsV2:log-groups/log-group/${encodedTwice(logGroup)})`;
}

/** A link of the console to the log groups whose names begin so. */
export function logGroupsLink(text: string, beginning: string): string {
  return `[${text}](#logsV2:log-groups$3FlogGroupNameFilter$3D${encodedTwice(beginning)})`;
}

/** As the console encodes a name: twice, with `$` for `%`. */
function encodedTwice(name: string): string {
  return encodeURIComponent(encodeURIComponent(name)).replaceAll("%", "$");
}

function line({ metric, stat, label, colour }: Line) {
  return [...named(metric), { stat, label, color: colour }];
}

function named({ namespace, metricName, dimensions }: Metric): string[] {
  return [namespace, metricName, ...Object.entries(dimensions).flat()];
}
