import { widthOf, wrapped } from "../terminal/width";
import type { RequestRecord } from "./api-gateway/gateway";
import type { Stage } from "./api-gateway/stage";
import { expectedShares, type Functions, type VersionOf } from "./split";
import type { ApplySummary } from "./terraform/applied-state";

/** `applied      17 added, 0 changed, 0 destroyed` */
export function say(what: string, text: string): void {
  console.log(wrapped(`${what.padEnd(12)} ${text}`, widthOf(process.stdout), 13));
}

/** `0 added, 2 changed, 0 destroyed`, and `, published 2` after it where Lambda published a version. */
export function counts({ added, changed, destroyed, published = [] }: ApplySummary): string {
  const isOne = new Set(published.map(({ functionName }) => functionName)).size === 1;
  const versions = published.map(({ functionName, version }) =>
    isOne ? version : `${functionName}:${version}`,
  );
  return [
    `${added.length} added, ${changed.length} changed, ${destroyed.length} destroyed`,
    ...(versions.length > 0 ? [`published ${versions.join(" and ")}`] : []),
  ].join(", ");
}

/** Columns of a line, however many types it counts. */
export const lineWidth = 80 - "passed over  ".length;

/**
 * What no request notices, counted in one line, and a line for each of what may happen in AWS alone:
 * `3 that no request notices (aws_dynamodb_table 2, aws_sqs_queue 1)`.
 */
export function passedOverLines({ passedOver = [] }: ApplySummary): [string, string][] {
  if (passedOver.length === 0) return [];
  const numbers = new Map<string, number>();
  for (const { type } of passedOver) numbers.set(type, (numbers.get(type) ?? 0) + 1);
  const types = [...numbers]
    .sort(([a, most], [b, more]) => more - most || (a < b ? -1 : 1))
    .map(([type, number]) => `${type} ${number}`);
  const line = (shown: number) => {
    const others = types.length - shown;
    const all = [
      ...types.slice(0, shown),
      ...(others > 0 ? [`${others} other ${others === 1 ? "type" : "types"}`] : []),
    ];
    return `${passedOver.length} that no request notices (${all.join(", ")})`;
  };
  let shown = types.length;
  while (shown > 0 && line(shown).length > lineWidth) shown--;
  const words = new Set(passedOver.flatMap(({ unrehearsed }) => unrehearsed ?? []));
  return [["passed over", line(shown)], ...[...words].map((one): [string, string] => ["unrehearsed", one])];
}

/** Where each stage is, and who serves what there. */
export function announce(
  stages: readonly Stage[],
  address: string,
  versionOf: VersionOf,
  functions: Functions = new Map(),
): void {
  for (const stage of stages) {
    const expected = expectedShares(stage, versionOf, functions);
    const shares = expected.map(({ version, percent }) => `${version} ${percent} %`);
    say("serving", `${address}/${stage.name}/ (${shares.join(", ")})`);
    for (const { name, value } of stage.usagePlans.flatMap(({ keys }) => keys)) {
      say("api key", `${name}: x-api-key: ${value} (here alone)`);
    }
  }
}

/**
 * Says why API Gateway itself answered: its callers are not told, here as in AWS. Of many alike it tells the
 * first, and then every tenth, hundredth and so on with their number.
 */
export function explainer(versionOf: VersionOf): (record: RequestRecord) => void {
  const tell = seldom();
  return ({ httpMethod, path, status, reason, functionName, functionVersion, qualifier }) => {
    if (reason === undefined) return;
    const who = functionName === undefined ? "" : `[${versionOf(functionName, functionVersion, qualifier)}] `;
    tell(`${who}${httpMethod} ${path} -> ${status}: ${reason}`);
  };
}

/** Tells a line on stderr the first, tenth, hundredth time and so on. */
export function seldom(): (line: string) => void {
  const times = new Map<string, number>();
  return (line) => {
    const count = (times.get(line) ?? 0) + 1;
    times.set(line, count);
    if (/^10*$/.test(String(count))) console.error(count === 1 ? line : `${line} (${count} times)`);
  };
}

/** Tells how far a run is, on a terminal alone. */
export function progressLine(total: number): (done: number) => void {
  if (!process.stdout.isTTY) return () => {};
  let shownAt = 0;
  return (done) => {
    if (done < total && Date.now() - shownAt < 100) return;
    shownAt = Date.now();
    const line = `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
    process.stdout.write(done < total ? `\r${line}` : "\r\x1b[K");
  };
}
