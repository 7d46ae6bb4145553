import type { RequestRecord } from "./api-gateway/gateway";
import type { Stage } from "./api-gateway/stage";
import { expectedShares, type VersionOf } from "./split";
import type { ApplySummary } from "./terraform/applied-state";

/** `applied      17 added, 0 changed, 0 destroyed` */
export function say(what: string, text: string): void {
  console.log(`${what.padEnd(12)} ${text}`);
}

export function counts({ added, changed, destroyed }: ApplySummary): string {
  return `${added.length} added, ${changed.length} changed, ${destroyed.length} destroyed`;
}

/** Where each stage is, and who serves what there. */
export function announce(stages: readonly Stage[], address: string, versionOf: VersionOf): void {
  for (const stage of stages) {
    const shares = expectedShares(stage, versionOf).map(({ version, percent }) => `${version} ${percent} %`);
    say("serving", `${address}/${stage.name}/ (${shares.join(", ")})`);
  }
}

/**
 * Says why API Gateway itself answered: its callers are not told, here as in AWS. Of many alike it tells the
 * first, and then every tenth, hundredth and so on with their number.
 */
export function explainer(versionOf: VersionOf): (record: RequestRecord) => void {
  const times = new Map<string, number>();
  return ({ httpMethod, path, status, reason, functionName }) => {
    if (reason === undefined) return;
    const who = functionName === undefined ? "" : `[${versionOf(functionName)}] `;
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
