import { readFileSync } from "node:fs";
import { Option } from "commander";
import { requestMethods } from "../release/definition/request-methods";
import { Unable } from "../release/files/project";
import type { Sent } from "../traffic/sent-request";
import { headersOf } from "./header-option";

/** How a request is sent, as it is given. */
export interface RequestOptions {
  readonly method?: string;
  readonly body?: string;
  readonly bodyFile?: string;
  readonly header?: readonly (readonly [string, string])[];
}

/** The options that say how `--path` or `--url` is requested. */
export function requestOptions() {
  return {
    method: new Option(
      "--method <method>",
      "how it is requested (default: GET, or POST with a body)",
    ).choices(requestMethods),
    body: new Option(
      "--body <text>",
      "what is sent with it, as JSON unless --header 'Content-Type: ...' says else",
    ),
    bodyFile: new Option("--body-file <file>", "a file that is sent with it, in place of --body"),
  };
}

/**
 * What the options say, with the headers of `--header`.
 *
 * @param to the option that names what is requested, where it is given
 * @returns nothing where nothing is named
 */
export function sentOf(options: RequestOptions, to: string | undefined, toOption: string): Sent | undefined {
  const { method, body, bodyFile, header } = options;
  const [name] = [
    ...(method === undefined ? [] : ["--method"]),
    ...(body === undefined ? [] : ["--body"]),
    ...(bodyFile === undefined ? [] : ["--body-file"]),
  ];
  if (name !== undefined && to === undefined)
    throw new Unable(`'${name}' needs ${toOption}, which names what is requested`);
  if (to === undefined) return undefined;
  if (body !== undefined && bodyFile !== undefined)
    throw new Unable("'--body-file' must not be given with '--body'");
  const sent = bodyFile === undefined ? body : fileOf(bodyFile);
  const used = method ?? (sent === undefined ? "GET" : "POST");
  if (sent !== undefined && ["GET", "HEAD"].includes(used))
    throw new Unable(
      `'${name === "--method" ? bodyOption(options) : name}' must not be given for ${used}, which has no body`,
    );
  const headers = headersOf(header);
  const hasType = Object.keys(headers).some((key) => key.toLowerCase() === "content-type");
  if (sent === undefined || hasType) return { method: used, headers, body: sent };
  return { method: used, headers: { "Content-Type": "application/json", ...headers }, body: sent };
}

function bodyOption({ body }: RequestOptions): string {
  return body === undefined ? "--body-file" : "--body";
}

function fileOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code = "it cannot be read" } = error as NodeJS.ErrnoException;
    throw new Unable(`'--body-file' must be a file that can be read (${code}), got "${path}"`);
  }
}
