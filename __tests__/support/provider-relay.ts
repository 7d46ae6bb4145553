import { rmSync } from "node:fs";
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { connect as connectSocket } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { temporaryFolder } from "./project";
import { usedTypes, withTypes } from "./provider-schema";

const getSchema = "/tfplugin5.Provider/GetSchema";
/** Methods whose answer follows from the request alone, and takes the AWS provider a second or more each time. */
const rememberedMethods = [getSchema, "/tfplugin5.Provider/PrepareProviderConfig"];

interface Reply {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly trailers: IncomingHttpHeaders;
}

export interface ProviderRelay {
  /** The Unix socket that it listens on. */
  readonly socket: string;
  stop(): void;
}

/**
 * Stands in front of a provider and forwards Terraform's gRPC calls. What the provider answers to some it remembers;
 * of its schema it gives the types that this project uses, so that Terraform refuses a stack with any other.
 */
export async function startProviderRelay(providerSocket: string): Promise<ProviderRelay> {
  const socket = join(temporaryFolder(), "provider.sock");
  const provider = connect("http://localhost", {
    createConnection: () => connectSocket(providerSocket),
    // A schema has tens of megabytes.
    maxSessionMemory: 1_000,
    settings: { initialWindowSize: 2 ** 24 },
  });
  await new Promise<void>((resolve, reject) => {
    provider.once("connect", () => resolve());
    provider.once("error", reject);
  });
  // The provider ends with the tests, and with it the connection.
  provider.on("error", () => {});
  const remembered = new Map<string, Promise<Reply>>();
  const server = createServer();
  // Terraform leaves without a word when it is done.
  server.on("sessionError", () => {});
  server.on("stream", (call, headers) => {
    call.on("error", () => {});
    const path = String(headers[":path"]);
    if (rememberedMethods.includes(path)) answerFromMemory(call, headers, path);
    else forward(provider, call, headers);
  });

  async function answerFromMemory(call: ServerHttp2Stream, headers: IncomingHttpHeaders, path: string) {
    const request = await buffer(call);
    const key = `${path} ${request.toString("base64")}`;
    const reply =
      remembered.get(key) ?? ask(provider, headers, request).then(path === getSchema ? shortened : same);
    remembered.set(key, reply);
    try {
      answer(call, await reply);
    } catch {
      remembered.delete(key);
      call.close();
    }
  }

  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    socket,
    stop: () => {
      server.close();
      provider.destroy();
      rmSync(socket, { force: true });
    },
  };
}

async function ask(provider: ClientHttp2Session, headers: IncomingHttpHeaders, body: Buffer): Promise<Reply> {
  const asked = provider.request(headers);
  asked.end(body);
  let answered: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  asked.on("response", (response) => {
    answered = response;
  });
  asked.on("trailers", (given) => {
    trailers = given;
  });
  return { body: await buffer(asked), headers: answered, trailers };
}

const same = (reply: Reply) => reply;

const shortened = (reply: Reply): Reply => ({ ...reply, body: withTypes(reply.body, usedTypes()) });

function answer(call: ServerHttp2Stream, { headers, body, trailers }: Reply): void {
  call.respond(headers, { waitForTrailers: true });
  call.on("wantTrailers", () => call.sendTrailers(trailers));
  call.end(body);
}

function forward(provider: ClientHttp2Session, call: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  const asked: ClientHttp2Stream = provider.request(headers);
  asked.on("error", () => call.close());
  call.on("close", () => asked.close());
  let trailers: IncomingHttpHeaders = {};
  asked.on("trailers", (given) => {
    trailers = given;
  });
  asked.on("response", (response) => {
    call.respond(response, { waitForTrailers: true });
    call.on("wantTrailers", () => call.sendTrailers(trailers));
    asked.pipe(call);
  });
  call.pipe(asked);
}
