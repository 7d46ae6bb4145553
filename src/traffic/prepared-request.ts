import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Unable } from "../release/files/project";
import type { RequestInFile } from "../release/schema/release";
import type { RequestHeaders } from "./headers";

/** A declared request, with what it is sent with. */
export interface PreparedRequest {
  readonly request: RequestInFile;
  readonly headers: RequestHeaders;
  /** @default - none */
  readonly body?: string | Buffer;
}

/** Where a request is declared, and what its headers may name. */
interface Place {
  /** The folder that `bodyFile` is relative to. */
  readonly project: string;
  /** The release file. */
  readonly file: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
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
    const value = text.replace(/\$([A-Z][A-Z0-9_]*)/g, (_, variable: string) => {
      const found = environment[variable];
      if (found !== undefined && found !== "") return found;
      throw unable(
        ["headers", name],
        `must name environment variables that are set, and ${variable} is not`,
        text,
      );
    });
    return [name, value] as const;
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
