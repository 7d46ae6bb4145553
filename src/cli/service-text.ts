import { minutesLeft } from "../release/steps/bake-time";
import type { StepState } from "../release/steps/steps";
import { stopText } from "../release/steps/stops";
import { type Colour, coloured } from "../terminal/colour";
import { printable } from "../terminal/printable";
import { sparkline } from "../terminal/sparkline";
import { table } from "../terminal/table";
import { wrapped } from "../terminal/width";
import { reasonOf } from "../verdict/reason";
import {
  type AlarmView,
  isKnown,
  type MinutesView,
  onTrial,
  type SeriesView,
  type ServiceView,
} from "../watch/service-view";

/** How a view is drawn. */
export interface Drawing {
  readonly width: number;
  readonly isUnicode: boolean;
  /** Where it goes: it says whether there are colours. */
  readonly output: Pick<NodeJS.WriteStream, "isTTY">;
  /** Seconds between two looks. */
  readonly poll: number;
}

const answerColours = { "as good": "green", worse: "red", "not enough yet": "yellow" } as const;

/** Columns of the words on the left. */
const left = 11;

/** AWS's price of 1,000 metrics that GetMetricData is asked for, in US dollars: https://aws.amazon.com/cloudwatch/pricing/ */
const dollarsOf1000Metrics = 0.01;

/** A service as a terminal shows it. */
export function viewLines(view: ServiceView, drawing: Drawing): string[] {
  const { output } = drawing;
  const { service, strategy, file, place } = view;
  return [
    `${coloured("bold", service, output)}   ${strategy}, ${file}, ${place.accountId}, ${place.region}`,
    "",
    ...versionLines(view, drawing),
    ...stepsLines(view, drawing),
    "",
    ...minutesLines(view, drawing),
    "",
    ...alarmLines(view, drawing),
    ...labelled("verdict", verdictText(view), drawing, verdictColour(view)),
    ...labelled("guard", guardText(view), drawing),
    ...nextLines(view, drawing),
    "",
    ...view.troubles.flatMap((one) => labelled("waiting", printable(one), drawing, "yellow")),
    coloured("dim", footer(view, drawing), output),
  ];
}

/** What the versions do, and what watches them: what a shift shows beside its deployments. */
export function besideLines(view: ServiceView, drawing: Drawing): string[] {
  return [...minutesLines(view, drawing), ...alarmLines(view, drawing)];
}

function versionLines(view: ServiceView, { width, isUnicode, output, poll }: Drawing): string[] {
  const rows = view.versions.map(({ version, roles, file, aws }) => [
    printable(version),
    roles.join(", "),
    share(aws),
    share(file),
    (isUnicode ? "█" : "#").repeat(Math.round((aws ?? 0) / 4)),
  ]);
  const { isAsInFile } = view;
  return [
    ...table(["version", "", "AWS", "file", ""], rows).split("\n"),
    ...(isAsInFile === false
      ? [`${coloured("yellow", "different", output)}  AWS gives other shares than the file`]
      : []),
    ...(typeof isAsInFile === "object"
      ? labelled("", printable(isAsInFile.notKnown), { width, isUnicode, output, poll }, "dim")
      : []),
  ];
}

function share(percent: number | undefined): string {
  return percent === undefined ? "-" : `${percent} %`;
}

function stepsLines(view: ServiceView, drawing: Drawing): string[] {
  const { steps, bakeTime, hold } = view;
  const held = hold && `since ${hold.since}: ${printable(hold.why)}`;
  const lines = [
    ...(steps === undefined
      ? []
      : labelled("steps", [...steps.map(stepText), "promote"].join(", "), drawing)),
    ...(bakeTime === undefined ? [] : labelled("bake time", bakeText(view), drawing)),
    ...(held === undefined ? [] : labelled("held", held, drawing, "yellow")),
  ];
  return lines.length === 0 ? [] : ["", ...lines];
}

function stepText({ percent, bakeMinutes, is }: StepState): string {
  const text = bakeMinutes === 0 ? `${percent} %` : `${percent} % (${bakeMinutes} min)`;
  return is === "now" ? `[${text}]` : text;
}

function bakeText({ bakeTime, at }: ServiceView): string {
  if (bakeTime === undefined) return "";
  const { until, text } = bakeTime;
  if (until === undefined) return printable(text);
  const left = minutesLeft(new Date(until), new Date(at));
  return `${left > 0 ? `${left} min left, until ${until}` : `over since ${until}`}: ${printable(text)}`;
}

function minutesLines({ minutes }: ServiceView, drawing: Drawing): string[] {
  if (!isKnown(minutes)) return labelled("minutes", `not known: ${printable(minutes.notKnown)}`, drawing);
  const { of, stable, canary, noLatency } = minutes;
  const both = canary === undefined ? [stable] : [stable, canary];
  const plots = (label: string, of: "requests" | "failed" | "p95", unit: string, colour?: Colour) =>
    both.flatMap((series, index) =>
      plotLine(index === 0 ? label : "", series, { of, unit, colour, both }, drawing),
    );
  return [
    ...labelled("", spanText(minutes), drawing, "dim"),
    ...plots(of === "requests" ? "requests" : "calls", "requests", " a minute"),
    ...plots(of === "requests" ? "5xx" : "errors", "failed", " a minute", "red"),
    ...(noLatency === undefined
      ? plots("p95", "p95", " ms")
      : labelled("p95", `not known: ${noLatency}`, drawing)),
  ];
}

/** `60 minutes to 12:03 UTC; the last 3 may still be counted` */
function spanText({ from, stable }: MinutesView): string {
  const { length } = stable.requests;
  const to = new Date(Date.parse(from) + length * 60_000).toISOString().slice(11, 16);
  return `${length} minutes to ${to} UTC; CloudWatch may still count the last 3`;
}

interface Plotted {
  readonly of: "requests" | "failed" | "p95";
  readonly unit: string;
  /** Of a plot that shows more than nothing. */
  readonly colour?: Colour;
  /** What is drawn on one scale. */
  readonly both: readonly SeriesView[];
}

/** Columns of a value with its unit. */
const valueWidth = 17;

function plotLine(
  label: string,
  series: SeriesView,
  { of, unit, colour, both }: Plotted,
  { width, isUnicode, output }: Drawing,
): string {
  const name = Math.max(...both.map(({ version }) => printable(version).length));
  const room = Math.max(5, Math.min(series[of].length, width - left - name - 2 - valueWidth));
  // A canary has a part of the requests: each has its own scale. What is to be compared has one.
  const most =
    of === "requests" ? undefined : Math.max(0, ...both.flatMap((one) => one[of].slice(-room).map(Number)));
  const plot = sparkline(series[of], room, { isUnicode, most });
  const last = series[of].findLast((value) => value !== null) ?? undefined;
  const isColoured = colour !== undefined && series[of].slice(-room).some((value) => (value ?? 0) > 0);
  const value = last === undefined ? "-" : `${rounded(last)}${unit}`;
  const drawn = isColoured ? coloured(colour, plot, output) : plot;
  return `${label.padEnd(left)}${printable(series.version).padEnd(name)}  ${drawn}${value.padStart(valueWidth)}`;
}

export function rounded(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 1 : 0 });
}

function alarmLines({ alarms }: ServiceView, drawing: Drawing): string[] {
  if (!isKnown(alarms)) return labelled("alarms", `not known: ${printable(alarms.notKnown)}`, drawing);
  if (alarms.length === 0) return labelled("alarms", "none", drawing);
  const counted = alarmCounts(alarms);
  const red = alarms.filter(({ state }) => state === "ALARM" || state === "missing");
  return [
    ...labelled("alarms", counted, drawing),
    ...red.flatMap((one) => labelled("", alarmText(one), drawing, "red")),
  ];
}

/** The states of alarms in words, the worst first. */
const alarmWords = { ALARM: "in ALARM", missing: "missing", INSUFFICIENT_DATA: "no data", OK: "ok" };

/** `3 ok, 1 no data` */
function alarmCounts(alarms: readonly AlarmView[]): string {
  return Object.entries(alarmWords)
    .map(([state, word]) => [alarms.filter((one) => one.state === state).length, word] as const)
    .flatMap(([count, word]) => (count > 0 ? `${count} ${word}` : []))
    .join(", ");
}

export function alarmText({ name, state, since, reason }: AlarmView): string {
  const time = since === undefined || state === "missing" ? "" : ` since ${since}`;
  return printable(
    `${name} is ${alarmWords[state]}${time}${reason === undefined || state !== "ALARM" ? "" : `: ${reason}`}`,
  );
}

export function verdictText(view: ServiceView): string {
  const { verdict } = view;
  if (!isKnown(verdict)) return printable(verdict.notKnown);
  return printable(`${verdict.answer}: ${reasonOf(verdict, onTrial(view))}`);
}

function verdictColour({ verdict }: ServiceView): Colour | undefined {
  return isKnown(verdict) ? answerColours[verdict.answer] : undefined;
}

export function guardText({ stops }: ServiceView): string {
  if (!isKnown(stops)) return printable(stops.notKnown);
  const [latest, ...others] = stops;
  if (latest === undefined) return "nothing was stopped";
  return printable(`${stopText(latest)}${others.length === 0 ? "" : `, and ${others.length} before`}`);
}

function nextLines({ next }: ServiceView, drawing: Drawing): string[] {
  return next.flatMap(({ command, effect }, index) =>
    labelled(index === 0 ? "next" : "or", `npx lambda-release ${command}   ${effect}`, drawing),
  );
}

function footer({ at, minutes }: ServiceView, { poll }: Drawing): string {
  const asked = `${at.slice(11, 19)} UTC, asked every ${poll} s`;
  if (!isKnown(minutes)) return `${asked}. Ctrl+C ends`;
  return `${asked}; ${costText(minutes.metrics)}. Ctrl+C ends`;
}

/** What a watch costs: `8 metrics a minute, $0.005 an hour` */
export function costText(metrics: number): string {
  const dollars = (metrics * 60 * dollarsOf1000Metrics) / 1000;
  return `${metrics} metrics a minute, $${dollars.toFixed(3)} an hour`;
}

/** Words on the left, and lines beside them that are broken where the terminal ends. */
function labelled(label: string, text: string, { width, output }: Drawing, colour?: Colour): string[] {
  return wrapped(text, Math.max(20, width - left), 0)
    .split("\n")
    .map((line, index) => {
      const shown = colour === undefined ? line : coloured(colour, line, output);
      return `${(index === 0 ? label : "").padEnd(left)}${shown}`;
    });
}
