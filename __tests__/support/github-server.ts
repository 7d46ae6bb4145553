import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { GitHub } from "../../src/workflows/github";

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Answers by method and path; a path that has none is answered with 404. A number is a status that refuses. */
export type Answers = Readonly<Record<string, unknown>>;

/** What GitHub says to a token that may not write. */
const messages: Readonly<Record<number, string>> = { 403: "Resource not accessible by integration" };

export interface GitHubServer {
  readonly github: GitHub;
  readonly url: string;
  /** What was written, in order. */
  readonly written: ReceivedRequest[];
  readonly paths: string[];
}

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
});

/** GitHub's API of the repository `example/shop`, on loopback; whatever is written to it is accepted. */
export async function gitHubServer(answers: Answers): Promise<GitHubServer> {
  const written: ReceivedRequest[] = [];
  const paths: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = (request.url ?? "").replace("/repos/example/shop", "");
    const { method = "" } = request;
    paths.push(`${method} ${path}`);
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
    if (method !== "GET") written.push({ method, path, body });
    const answer = answers[`${method} ${path}`] ?? (method === "GET" ? undefined : {});
    if (answer === undefined) return response.writeHead(404).end(JSON.stringify({ message: "Not Found" }));
    if (typeof answer === "number")
      return response.writeHead(answer).end(JSON.stringify({ message: messages[answer] ?? "not permitted" }));
    response.writeHead(200).end(answer instanceof Uint8Array ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { github: new GitHub(`${url}/repos/example/shop`, "token"), url, written, paths };
}
