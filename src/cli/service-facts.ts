import { printable } from "../terminal/printable";
import { isKnown, type SeriesView, type ServiceView, type VersionView } from "../watch/service-view";
import { alarmText, guardText, rounded, verdictText } from "./service-text";

/** What a pipe gets of a view: a line each, by what it tells of. It is printed where it is another than before. */
export function factsOf(view: ServiceView): ReadonlyMap<string, string> {
  const { versions, isAsInFile, steps, bakeTime, hold, alarms, next, troubles } = view;
  const facts = new Map<string, string>();
  const shares = (of: (one: VersionView) => number | undefined) =>
    versions
      .filter((one) => (of(one) ?? 0) > 0)
      .map((one) => `${one.version} ${of(one)} %`)
      .join(", ");
  facts.set(
    "file",
    shares(({ file }) => file),
  );
  const isServed = versions.some(({ aws }) => aws !== undefined);
  const why = typeof isAsInFile === "object" ? isAsInFile.notKnown : "";
  facts.set("AWS", isServed ? shares(({ aws }) => aws) : `not known: ${printable(why)}`);
  const now = steps?.find(({ is }) => is === "now");
  if (now !== undefined)
    facts.set("step", `${now.percent} %${bakeTime === undefined ? "" : `, ${bakeFact(view)}`}`);
  if (hold !== undefined) facts.set("held", `since ${hold.since}: ${printable(hold.why)}`);
  for (const one of isKnown(alarms) ? alarms : []) facts.set(`alarm ${one.name}`, alarmText(one));
  if (!isKnown(alarms)) facts.set("alarms", `not known: ${alarms.notKnown}`);
  facts.set("minute", minuteFact(view));
  facts.set("verdict", verdictText(view));
  facts.set("guard", guardText(view));
  for (const [index, { command, effect }] of next.entries())
    facts.set(index === 0 ? "next" : `or ${command}`, `npx lambda-release ${command}   ${effect}`);
  for (const one of troubles) facts.set(`waiting ${one}`, one);
  return facts;
}

function bakeFact({ bakeTime, at }: ServiceView): string {
  const { until, text } = bakeTime ?? { text: "" };
  if (until === undefined) return text;
  return `${new Date(until) > new Date(at) ? "until" : "over since"} ${until}`;
}

/** The last minute of both that CloudWatch has something of. */
function minuteFact({ minutes }: ServiceView): string {
  if (!isKnown(minutes)) return `not known: ${minutes.notKnown}`;
  const { of, from, stable, canary, noLatency } = minutes;
  const index = stable.requests.findLastIndex((value) => value !== null);
  if (index < 0) return "CloudWatch has nothing yet";
  const failed = of === "requests" ? "5xx" : "errors";
  const text = ({ version, ...series }: SeriesView) => {
    const p95 = series.p95[index] ?? undefined;
    const latency = noLatency !== undefined || p95 === undefined ? "" : `, p95 ${rounded(p95)} ms`;
    return `${version} ${rounded(series.requests[index] ?? 0)} ${of}, ${rounded(series.failed[index] ?? 0)} ${failed}${latency}`;
  };
  const at = new Date(Date.parse(from) + index * 60_000).toISOString().slice(11, 16);
  return `${at}  ${[stable, ...(canary === undefined ? [] : [canary])].map(text).join("; ")}`;
}
