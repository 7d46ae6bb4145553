import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "../src/rehearsal/random";
import { page, type Theme, text } from "../src/rehearsal/svg";
import { AppliedState } from "../src/rehearsal/terraform/applied-state";
import { readStack } from "../src/rehearsal/terraform/configuration";
import { alarmsWithDefaults } from "../src/release/alarms/alarm-defaults";
import { alarmsOf } from "../src/release/alarms/alarms";
import { releaseFile } from "../src/release/schema/release";
import type { CanaryStageRelease } from "../src/release/strategies/canary-stage";
import { synthesizeTo } from "../src/testing/synthesized";
import { CanaryStageStack } from "../stacks/canary-stage-stack";

interface PlacedWidget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly metrics?: readonly (readonly unknown[])[];
    readonly alarms?: readonly string[];
    readonly query?: string;
  };
}

/** How a line is shown, as the body of a dashboard has it. */
interface Shown {
  readonly label?: string;
  readonly color?: string;
  readonly visible?: boolean;
}

const cell = { width: 38, height: 30 };
const gap = 6;

/** The example's stack, which measures what users see. */
class MeasuredStack extends CanaryStageStack {
  constructor(scope: ConstructorParameters<typeof CanaryStageStack>[0], release: CanaryStageRelease) {
    const { strategy } = release;
    const file = { strategy, versions: ["v1"], stable: "v1", alarms: { answers: { percent: 5 } } };
    const alarms = alarmsOf({ alarms: alarmsWithDefaults(releaseFile.parse(file), { isGuarded: false }) });
    super(scope, { ...release, alarms, dashboard: true });
  }
}

/** The body of the dashboard that the stack of `releases/dev/greeting.json` makes where the file asks for one. */
export async function exampleDashboard(project: string): Promise<string> {
  const outdir = mkdtempSync(join(tmpdir(), "lambda-release-dashboard-"));
  try {
    await synthesizeTo(outdir, project, { services: { greeting: MeasuredStack } });
    const { state } = AppliedState.empty.apply(readStack(outdir, "greeting-dev"));
    const [dashboard] = state.ofType("aws_cloudwatch_dashboard");
    return String(dashboard?.attributes["dashboard_body"]);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** An SVG of a dashboard, with values that are made up. */
export function dashboardPicture(body: string, name: string): string {
  const { widgets } = JSON.parse(body) as { widgets: readonly PlacedWidget[] };
  const colours = [
    ...new Set(widgets.flatMap(({ properties }) => shownIn(properties)).map(({ color }) => color)),
  ];
  const classOf = new Map(colours.map((colour, index) => [colour, `series${"abcdefgh"[index]}`]));
  const theme: Theme = {
    ".widget": { fill: ["#ffffff", "#151b23"], stroke: ["#d1d9e0", "#3d444d"] },
    ".good": { fill: ["#1a7f37", "#3fb950"] },
    ...Object.fromEntries(
      [...classOf].map(([colour = "", kind]) => [`.${kind}`, { stroke: [colour, colour] as const }]),
    ),
  };
  const width = 24 * cell.width + 2 * gap;
  const height = Math.max(...widgets.map((one) => one.y + one.height)) * cell.height + 2 * gap;
  const shapes = widgets.flatMap((widget, index) => [
    frame(widget),
    ...contents(widget, (colour) => classOf.get(colour) ?? "", seededRandom(index)),
  ]);
  return page({ width, height, fontSize: 12, title: `The dashboard ${name}`, theme }, shapes);
}

/** The lines of a graph that are visible. */
function shownIn({ metrics = [] }: PlacedWidget["properties"]): Shown[] {
  return metrics
    .map((metric) => metric.at(-1) as Shown)
    .filter(({ color, visible }) => color !== undefined && visible !== false);
}

function frame(widget: PlacedWidget): string {
  const { left, top, width, height } = placeOf(widget);
  return `<rect class="widget" x="${left}" y="${top}" width="${width}" height="${height}" rx="6"/>`;
}

function placeOf({ x, y, width, height }: PlacedWidget) {
  return {
    left: x * cell.width + gap + 2,
    top: y * cell.height + gap + 2,
    width: width * cell.width - 4,
    height: height * cell.height - 4,
  };
}

function contents(
  widget: PlacedWidget,
  classOf: (colour?: string) => string,
  random: () => number,
): string[] {
  const { left, top } = placeOf(widget);
  const { title = "", markdown = "", alarms = [], query = "" } = widget.properties;
  const heading = title === "" ? [] : [text(left + 12, top + 22, title, "start", 600)];
  switch (widget.type) {
    case "text":
      return markdownLines(markdown).map((one, index) =>
        text(left + 12, top + 26 + index * 19, one, "start", index === 0 ? 700 : 400),
      );
    case "alarm":
      return [
        ...heading,
        ...alarms.flatMap((arn, index) => alarmState(arn, left + 16, top + 44 + index * 20)),
      ];
    case "log":
      return [...heading, ...tableHead(query, left + 12, top + 46)];
    default:
      return [...heading, ...curves(widget, classOf, random)];
  }
}

/** Without what is markup: links are their texts. */
function markdownLines(markdown: string): string[] {
  const lines = markdown.split("\n").filter((one) => one !== "");
  return lines.map((one) =>
    one
      .replace(/^# /, "")
      .replaceAll("`", "")
      .replace(/\[([^\]]+)\]\([^)]*\)/g, "$1"),
  );
}

function alarmState(arn: string, x: number, y: number): string[] {
  const name = arn.slice(arn.indexOf(":alarm:") + ":alarm:".length);
  return [
    `<circle class="good" cx="${x}" cy="${y - 4}" r="5"/>`,
    text(x + 14, y, `${name}: OK`, "start", 400),
  ];
}

/** The columns that the query gives. */
function tableHead(query: string, x: number, y: number): string[] {
  const [, counted = "", by = ""] = /stats \S+ as (\w+) by ([^|]+)/.exec(query) ?? [];
  const names = [...by.split(","), counted].map((one) => one.trim());
  return names.map((name, index) => text(x + index * 170, y, name, "start", 600, "faint"));
}

function curves(widget: PlacedWidget, classOf: (colour?: string) => string, random: () => number): string[] {
  const { left, top, width, height } = placeOf(widget);
  const [bottom, right] = [top + height - 34, left + width - 12];
  const lines = shownIn(widget.properties);
  // Most requests are stable's.
  const isOfRequests = widget.properties.title?.startsWith("Requests") === true;
  const points = 36;
  return lines.flatMap(({ label = "", color }, index) => {
    const share = (index + 1) / (lines.length + 1);
    const level = isOfRequests ? 1 - share : share;
    const path = Array.from({ length: points }, (_, at) => {
      const x = left + 12 + (at * (right - left - 12)) / (points - 1);
      const y = bottom - (bottom - top - 40) * (level + (random() - 0.5) * 0.12);
      return `${at === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
    });
    const legend = left + 12 + index * 100;
    return [
      `<path class="${classOf(color)}" d="${path.join(" ")}" fill="none" stroke-width="2"/>`,
      `<path class="${classOf(color)}" d="M${legend} ${bottom + 18} h16" stroke-width="4"/>`,
      text(legend + 22, bottom + 22, label, "start", 400, "faint"),
    ];
  });
}
