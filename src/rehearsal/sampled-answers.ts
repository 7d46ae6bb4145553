import { table } from "../terminal/table";
import { oneLine } from "../traffic/one-line";
import type { CallResponse } from "../traffic/traffic";

/** One answer of a version to a route. */
export interface SampledAnswer {
  readonly path: string;
  readonly version: string;
  /** @default - the version was not drawn */
  readonly answer?: Pick<CallResponse, "status" | "body">;
}

/** Draws are by chance: a version with few of the users may not come up in so many. */
const mostDraws = 200;

/**
 * Requests each path until every version has answered once.
 *
 * @param versionsOf those that have users on a path
 * @param request sends a request, and names the version that it went to
 */
export async function sampleAnswers(
  paths: readonly string[],
  versionsOf: (path: string) => readonly string[],
  request: (path: string) => Promise<{ readonly version?: string; readonly answer: CallResponse }>,
): Promise<SampledAnswer[]> {
  const all: SampledAnswer[] = [];
  for (const path of paths) {
    const versions = versionsOf(path);
    const found = new Map<string, CallResponse>();
    for (let draw = 0; draw < mostDraws && !versions.every((one) => found.has(one)); draw++) {
      const { version, answer } = await request(path);
      // Nobody answers this path, and asking again would not change that.
      if (version === undefined) break;
      if (!found.has(version)) found.set(version, answer);
    }
    const listed = [...new Set([...versions, ...found.keys()])];
    all.push(...listed.map((version) => ({ path, version, answer: found.get(version) })));
  }
  return all;
}

/** A line for each answer, within so many columns. */
export function sampledTable(answers: readonly SampledAnswer[], columns: number): string {
  const rows = answers.map(({ path, version, answer }) => [
    oneLine(`GET ${path}`, 30),
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

/** A line for each answer that is an error of the server. What the caller did wrong is no fault of a version. */
export function brokenAnswers(answers: readonly SampledAnswer[]): string[] {
  return answers.flatMap(({ path, version, answer }) =>
    answer !== undefined && (answer.status ?? 500) >= 500
      ? [`GET ${path} is answered with ${answer.status ?? "nothing"} by ${version}.`]
      : [],
  );
}
