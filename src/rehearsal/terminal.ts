import type { RequestRecord } from "./api-gateway/gateway";
import type { Stage } from "./api-gateway/stage";
import { expectedShares, type Functions, type VersionOf } from "./split";
import type { ApplySummary } from "./terraform/applied-state";

/** `applied      17 added, 0 changed, 0 destroyed` */
export function say(what: string, text: string): void {
  console.log(`${what.padEnd(12)} ${text}`);
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
  const times = new Map<string, number>();
  return ({ httpMethod, path, status, reason, functionName, functionVersion }) => {
    if (reason === undefined) return;
    const who = functionName === undefined ? "" : `[${versionOf(functionName, functionVersion)}] `;
    const line = `${who}${httpMethod} ${path} -> ${status}: ${reason}`;
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
