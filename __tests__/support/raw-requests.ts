import { type Agent, type IncomingHttpHeaders, request as send } from "node:http";
import { join } from "node:path";
import { Rehearsal } from "../../src/rehearsal/rehearsal";
import { readConfiguration } from "../../src/rehearsal/terraform/configuration";
import { synthesizeFiles } from "./project";
import { shopOfOne } from "./shop";

/** A shop of this API and handler, which is served while the tests beside it run. */
export function serving(
  api: object | undefined,
  code: string,
): (path: string, sent?: Sent) => Promise<Answer> {
  let rehearsal: Rehearsal | undefined;
  let port = 0;
  beforeAll(async () => {
    rehearsal = new Rehearsal({ random: () => 0, onRequest: () => {}, onLog: () => {} });
    const outdir = await synthesizeFiles(shopOfOne(api, code));
    rehearsal.apply(readConfiguration(join(outdir, "stacks/shop-dev/cdk.tf.json")));
    port = Number(new URL(await rehearsal.listen()).port);
  });
  afterAll(() => rehearsal?.close());
  return (path, sent) => ask(port, path, sent);
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Sent {
  readonly method?: string;
  /** Names and values in turn, as they are sent. */
  readonly headers?: readonly string[];
  readonly body?: string | Buffer;
  readonly agent?: Agent;
}

/** Sends a request as it is written: `fetch` would tidy its path and its headers. */
function ask(port: number, path: string, { method = "GET", headers = [], body = "", agent }: Sent = {}) {
  return new Promise<Answer>((resolve, reject) => {
    const all = [
      "Host",
      "localhost",
      ...headers,
      ...(body === "" ? [] : ["Content-Length", `${body.length}`]),
    ];
    const asked = send({ host: "127.0.0.1", port, path, method, headers: all, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

export const json = ({ body }: Answer) => JSON.parse(body.toString());
