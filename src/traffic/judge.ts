import type { RequestInFile } from "../release/schema/release";
import { table } from "../terminal/table";
import { oneLine } from "./one-line";
import { quantile } from "./quantile";
import type { CallResponse } from "./traffic";

/** What came of a request that was sent several times. */
export interface Judged {
  readonly request: RequestInFile;
  readonly answers: readonly CallResponse[];
  /** A line for each expectation that was not met. */
  readonly faults: readonly string[];
}

export function judge(request: RequestInFile, answers: readonly CallResponse[]): Judged {
  const { status, bodyContains, p95Ms } = request.expect;
  const faults: string[] = [];
  const told = (wrong: readonly CallResponse[], what: string) => {
    const [first] = wrong;
    if (first === undefined) return;
    faults.push(
      `${wrong.length} of ${answers.length} ${what}; the first: ${oneLine(`${first.status ?? "no answer"} ${first.body}`)}`,
    );
  };
  told(
    answers.filter((answer) => answer.status !== status),
    `were not answered with ${status}`,
  );
  if (bodyContains !== undefined)
    told(
      answers.filter((answer) => answer.status === status && !answer.body.includes(bodyContains)),
      `did not contain ${JSON.stringify(bodyContains)}`,
    );
  const p95 = latencyOf(answers, 0.95);
  if (p95Ms !== undefined && p95 > p95Ms)
    faults.push(`95 % were answered within ${p95.toFixed(0)} ms, and ${p95Ms} ms are allowed`);
  return { request, answers, faults };
}

/** A line for each request. */
export function judgedTable(judged: readonly Judged[]): string {
  const rows = judged.map(({ request, answers, faults }) => {
    const { status, p95Ms } = request.expect;
    return [
      `${request.method} ${request.path}`,
      String(answers.length),
      String(answers.filter((answer) => answer.status === status).length),
      `${latencyOf(answers, 0.5).toFixed(1)} ms`,
      `${latencyOf(answers, 0.95).toFixed(1)} ms`,
      p95Ms === undefined ? "-" : `${p95Ms} ms`,
      faults.length === 0 ? "as expected" : "NOT AS EXPECTED",
    ];
  });
  return table(["request", "sent", "status as expected", "p50", "p95", "allowed", ""], rows);
}

/** The faults of all requests, a line for each. */
export function faultLines(judged: readonly Judged[]): string[] {
  return judged.flatMap(({ request, faults }) =>
    faults.map((fault) => `${request.method} ${request.path}: ${fault}`),
  );
}

/** How long that part of the answers took at most, in milliseconds. */
function latencyOf(answers: readonly CallResponse[], part: number): number {
  const latencies = answers.map(({ latencyMs }) => latencyMs);
  return quantile(latencies, part) ?? 0;
}
