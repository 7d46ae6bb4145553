import { table } from "../terminal/table";
import { oneLine } from "../traffic/one-line";
import { nameOfRequest, type SentRequest } from "../traffic/sent-request";
import type { CallResponse } from "../traffic/traffic";

/** One answer of a version to a request. */
export interface SampledAnswer {
  readonly request: SentRequest;
  readonly version: string;
  /** @default - the version was not drawn */
  readonly answer?: Pick<CallResponse, "status" | "body">;
}

/** Draws are by chance: a version with few of the users may not come up in so many. */
const mostDraws = 200;

/**
 * Sends each request until every version has answered once.
 *
 * @param versionsOf those that have users on its route
 * @param request sends a request, and names the version that it went to
 */
export async function sampleAnswers(
  requests: readonly SentRequest[],
  versionsOf: (request: SentRequest) => readonly string[],
  send: (request: SentRequest) => Promise<{ readonly version?: string; readonly answer: CallResponse }>,
): Promise<SampledAnswer[]> {
  const all: SampledAnswer[] = [];
  for (const request of requests) {
    const versions = versionsOf(request);
    const found = new Map<string, CallResponse>();
    for (let draw = 0; draw < mostDraws && !versions.every((one) => found.has(one)); draw++) {
      const { version, answer } = await send(request);
      // Nobody answers this request, and asking again would not change that.
      if (version === undefined) break;
      if (!found.has(version)) found.set(version, answer);
    }
    const listed = [...new Set([...versions, ...found.keys()])];
    all.push(...listed.map((version) => ({ request, version, answer: found.get(version) })));
  }
  return all;
}

/** A line for each answer, within so many columns. */
export function sampledTable(answers: readonly SampledAnswer[], columns: number): string {
  const rows = answers.map(({ request, version, answer }) => [
    oneLine(nameOfRequest(request), 30),
    version,
    String(answer?.status ?? "-"),
    answer === undefined ? "not drawn" : oneLine(answer.body, columns),
  ]);
  const shown = table(["route", "version", "status", "body"], rows, 2);
  return shown
    .split("\n")
    .map((line) => (line.length > columns ? `${line.slice(0, columns - 3)}...` : line))
    .join("\n");
}

/**
 * A line for each answer that is an error of the server, or another one than its request expects. What the caller did
 * wrong is no fault of a version.
 */
export function brokenAnswers(answers: readonly SampledAnswer[]): string[] {
  return answers.flatMap(({ request, version, answer }) => {
    if (answer === undefined) return [];
    const { status = 500 } = answer;
    if (request.status === undefined ? status < 500 : status === request.status) return [];
    const told = `${nameOfRequest(request)} is answered with ${answer.status ?? "nothing"} by ${version}`;
    return [request.status === undefined ? `${told}.` : `${told}, and ${request.status} is expected.`];
  });
}
