import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import type { Metric } from "../src/release/alarms/access-metrics";
import type { AwsTarget } from "./aws-target";
import {
  alarmWidget,
  dashboardBody,
  graph,
  type Line,
  logGroupLink,
  logGroupsLink,
  logTable,
  type Row,
  shareGraph,
  textWidget,
} from "./dashboard-widgets";

/** What is known of the answers to one part of the users. */
export interface ShownAnswers {
  /** `canary` */
  readonly label: string;
  /** Counts all answers. */
  readonly requests: Metric;
  /** Counts answers of 500 and above. */
  readonly failed: Metric;
  /** Milliseconds until the answer. */
  readonly latency: Metric;
}

export interface ServiceDashboardProps {
  /** Name of the release. */
  readonly name: string;
  /** What the text of the dashboard says, a line each. */
  readonly text: readonly string[];
  /** Partition, region and account. */
  readonly target: AwsTarget;
  /** Where the metrics are. */
  readonly region: string;
  /** Stable's answers and those of the version on trial, where they are counted separately. */
  readonly answers: readonly ShownAnswers[];
  /** Names of the alarms. */
  readonly alarms: readonly string[];
  /** What the names of the log groups of its functions or containers begin with. */
  readonly logGroups: string;
  /** Name of the access log of API Gateway. @default - there is none */
  readonly accessLog?: string;
  /** The aliases whose invocations are shown by the version that did them. @default - no alias splits */
  readonly aliases?: readonly { readonly functionName: string; readonly name: string }[];
  /** What a second of latency is in its metric. @default "milliseconds" */
  readonly latencyUnit?: "milliseconds" | "seconds";
}

/** Blue for what most users get, orange for what is on trial; the darker one is the p95. */
const colours = [
  { plain: "#1f77b4", light: "#aec7e8" },
  { plain: "#ff7f0e", light: "#ffbb78" },
] as const;

/**
 * The dashboard of a service: stable beside the version on trial. It names no version and no share, so a step of a
 * release does not change it.
 */
export class ServiceDashboard extends Construct {
  constructor(scope: Construct, id: string, props: ServiceDashboardProps) {
    super(scope, id);
    new CloudwatchDashboard(this, "Resource", {
      dashboardName: props.name,
      dashboardBody: dashboardBody([...aboutRows(props), ...answersRows(props), ...versionRows(props)]),
    });
  }
}

function aboutRows({
  name,
  text,
  target,
  region,
  alarms,
  accessLog,
  logGroups,
}: ServiceDashboardProps): Row[] {
  const links = [
    ...(accessLog === undefined ? [] : [logGroupLink("Access log", accessLog)]),
    logGroupsLink("Logs of the code", logGroups),
  ];
  const about = textWidget([`# ${name}`, "", ...text, "", links.join(", ")]);
  const { partition, accountId } = target;
  const arns = alarms.map((alarm) => `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${alarm}`);
  return [{ height: 4, widgets: arns.length > 0 ? [about, alarmWidget("Alarms", arns)] : [about] }];
}

function answersRows({
  region,
  answers,
  accessLog,
  latencyUnit = "milliseconds",
}: ServiceDashboardProps): Row[] {
  const lines = (of: (one: ShownAnswers, colour: (typeof colours)[number]) => Line[]) =>
    answers.flatMap((one, index) => of(one, colours[index % colours.length] as (typeof colours)[number]));
  const sums = (of: "requests" | "failed") =>
    lines((one, { plain }) => [{ metric: one[of], stat: "Sum", label: one.label, colour: plain }]);
  const latency = lines(({ label, latency: metric }, { plain, light }) => [
    { metric, stat: "p50", label: `${label} p50`, colour: light },
    { metric, stat: "p95", label: `${label} p95`, colour: plain },
  ]);
  const failed = sums("failed");
  const shares = answers.map(({ requests }, index) => ({ part: failed[index] as Line, whole: requests }));
  return [
    {
      height: 6,
      widgets: [
        graph(region, "Requests per minute", sums("requests")),
        graph(region, "Latency", latency, { unit: latencyUnit }),
      ],
    },
    {
      height: 6,
      widgets: [
        graph(region, "Answers of 500 and above per minute", failed),
        shareGraph(region, "Answers of 500 and above, percent", shares),
      ],
    },
    ...(accessLog === undefined ? [] : [{ height: 6, widgets: [failedByDeployment(region, accessLog)] }]),
  ];
}

/** A version is known by its deployment also after a promotion, and by it the lines of the log. */
function failedByDeployment(region: string, accessLog: string) {
  return logTable(region, "Answers of 500 and above by deployment and route", accessLog, [
    "filter status >= 500",
    "stats count(*) as answers by deploymentId, isCanaryRequest, resourcePath, status",
    "sort answers desc",
    "limit 20",
  ]);
}

/** A line for each version that an alias invoked. */
function versionRows({ region, aliases = [] }: ServiceDashboardProps): Row[] {
  if (aliases.length === 0) return [];
  const searches = (metric: string, stat: string) =>
    aliases.map(({ functionName, name }) => {
      const terms = `MetricName="${metric}" FunctionName="${functionName}" Resource="${functionName}:${name}"`;
      return `SEARCH('{AWS/Lambda,ExecutedVersion,FunctionName,Resource} ${terms}', '${stat}', 60)`;
    });
  const widgets = [
    graph(region, "Invocations by version", [], { expressions: searches("Invocations", "Sum") }),
    graph(region, "Errors by version", [], { expressions: searches("Errors", "Sum") }),
    graph(region, "Duration by version, p95", [], { expressions: searches("Duration", "p95") }),
  ];
  return [{ height: 6, widgets }];
}
