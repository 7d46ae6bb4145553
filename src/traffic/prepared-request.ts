import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Unable } from "../release/files/project";
import { isServedByApi, type Release } from "../release/release";
import type { RequestInFile } from "../release/schema/release";
import type { RequestHeaders } from "./headers";
import { type SentRequest, sentRequest } from "./sent-request";

/** A declared request, with what it is sent with. */
export interface PreparedRequest {
  readonly request: RequestInFile;
  readonly headers: RequestHeaders;
  /** @default - none */
  readonly body?: string | Buffer;
}

const variable = /\$([A-Z][A-Z0-9_]*)/g;

type Variables = Readonly<Record<string, string | undefined>>;

/** The variables that a text names and that are not set, or empty. */
function unsetIn(text: string, environment: Variables): string[] {
  return [...text.matchAll(variable)]
    .map(([, name = ""]) => name)
    .filter((name) => (environment[name] ?? "") === "");
}

/** The variables that a request's headers name and that are not set. */
export function unsetVariables({ headers = {} }: RequestInFile, environment: Variables): string[] {
  return [...new Set(Object.values(headers).flatMap((text) => unsetIn(text, environment)))];
}

/**
 * The declared request by which the split is measured, where the file names one.
 *
 * @param given headers that go before its own
 * @throws {Unable} where a file or a variable is not there
 */
export function splitRequest(release: Release, given: RequestHeaders, place: Place): SentRequest | undefined {
  const requests = isServedByApi(release) ? (release.requests ?? []) : [];
  const index = requests.findIndex(({ split }) => split);
  const request = requests[index];
  return request === undefined ? undefined : sentRequest(prepared(request, index, given, place));
}

/** Where a request is declared, and what its headers may name. */
export interface Place {
  /** The folder that `bodyFile` is relative to. */
  readonly project: string;
  /** The release file. */
  readonly file: string;
  readonly environment: Variables;
}

/**
 * Reads the body of a declared request and the variables that its headers name.
 *
 * @param given headers that go before its own
 * @throws {Unable} where a file or a variable is not there
 */
export function prepared(
  request: RequestInFile,
  index: number,
  given: RequestHeaders,
  { project, file, environment }: Place,
): PreparedRequest {
  const unable = (field: readonly string[], message: string, value: string) =>
    Unable.because([{ file, field: ["requests", index, ...field], message, value }]);
  const own = Object.entries(request.headers ?? {}).map(([name, text]) => {
    const [missing] = unsetIn(text, environment);
    if (missing !== undefined)
      throw unable(
        ["headers", name],
        `must name environment variables that are set, and ${missing} is not`,
        text,
      );
    return [name, text.replace(variable, (_, one: string) => String(environment[one]))] as const;
  });
  const { body, bodyFile } = request;
  const readBody = (path: string) => {
    try {
      return readFileSync(join(project, path));
    } catch (error) {
      const { code = "it cannot be read" } = error as NodeJS.ErrnoException;
      throw unable(["bodyFile"], `must be a file of the project that can be read (${code})`, path);
    }
  };
  const sent = bodyFile === undefined ? body : readBody(bodyFile);
  const headers = new Headers(sent === undefined ? {} : { "content-type": "application/json" });
  for (const [name, value] of [...own, ...Object.entries(given)]) headers.set(name, value);
  return { request, headers: Object.fromEntries(headers), body: sent };
}
