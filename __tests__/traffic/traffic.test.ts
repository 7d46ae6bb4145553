import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { bin, projectFolder } from "../support/command";
import { release } from "../support/release-command";

jest.setTimeout(60_000);

let server: Server;
let calls = 0;
let tenants: (string | string[] | undefined)[] = [];
let url = "";

/** Every fourth request is answered by v2, /broken by an error. */
beforeAll(async () => {
  server = createServer((request, response) => {
    tenants.push(request.headers["x-tenant"]);
    const version = calls++ % 4 === 3 ? "v2" : "v1";
    response.writeHead(request.url === "/broken" ? 500 : 200, { "x-version": version });
    response.end(JSON.stringify({ who: `body of ${version}`, text: "two\nlines\u001b[31m" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
beforeEach(() => {
  calls = 0;
  tenants = [];
});
afterAll(() => server.close());

const traffic = (...args: string[]) => release(projectFolder, ["traffic", ...args]);

test("tells each response with its time, status, version and body, and then who answered", async () => {
  const { exitCode, stdout } = await traffic("--url", url, "--interval", "0", "--count", "8");
  const lines = stdout.split("\n");
  expect(lines[0]).toMatch(
    /^\d{4}-\d\d-\d\dT\S+Z {2}200 {2}v1 {2}\{"who":"body of v1","text":"two\\nlines\\u001b\[31m"\}$/,
  );
  expect(stdout).toMatch(/^v1 +6 +75\.0 % +0 /m);
  expect(stdout).toMatch(/^v2 +2 +25\.0 % +0 /m);
  expect([exitCode, lines.at(-2)]).toEqual([0, "No request failed."]);
});

test("a field of the body tells the version where the header does not", async () => {
  const { stdout } = await traffic(
    "--url",
    url,
    "--interval",
    "0",
    "--count",
    "4",
    "--header",
    "x-none",
    "--field",
    "who",
  );
  expect(stdout).toMatch(/^body of v1 +3 +75\.0 %/m);
});

test("a header with a value is sent with each request, beside the one that tells the version", async () => {
  const sent = ["--header", "X-Tenant: a:b", "--header", "x-version"];
  const { stdout } = await traffic("--url", url, "--interval", "0", "--count", "4", ...sent);
  expect(stdout).toMatch(/^v1 +3 +75\.0 %/m);
  expect(tenants).toEqual(Array(4).fill("a:b"));
});

test("an expected split is judged", async () => {
  const of = (percent: number) => ["--expect", `v1=${100 - percent}`, "--expect", `v2=${percent}`];
  const right = await traffic("--url", url, "--interval", "0", "--count", "100", ...of(25));
  expect([right.exitCode, right.stdout]).toEqual([0, expect.stringContaining("The split is as expected: ")]);
  const wrong = await traffic("--url", url, "--interval", "0", "--count", "100", ...of(80));
  expect([wrong.exitCode, wrong.stdout]).toEqual([
    1,
    expect.stringContaining("The split is not as expected: "),
  ]);
});

test("a failed request, and an endpoint that is not there, end it with exit code 1", async () => {
  const broken = await traffic("--url", `${url}broken`, "--interval", "0", "--count", "2");
  expect([broken.exitCode, broken.stdout]).toEqual([1, expect.stringContaining("2 requests failed.")]);
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  const nobody = await traffic("--url", `http://127.0.0.1:${port}/`, "--interval", "0", "--count", "1");
  expect([nobody.exitCode, nobody.stdout]).toEqual([
    1,
    expect.stringContaining("---  -  connect ECONNREFUSED"),
  ]);
});

test("Ctrl+C ends it with the table so far", async () => {
  const args = [bin, "traffic", "--url", url, "--interval", "0.2", "--count", "1000"];
  const child = spawn("node", args, { cwd: projectFolder });
  let output = "";
  const closed = new Promise((resolve) => child.on("close", resolve));
  child.stdout.on("data", (chunk) => {
    output += chunk;
    if (output.split("\n").length === 4) child.kill("SIGINT");
  });
  expect(await closed).toBe(0);
  expect(output).toContain("No request failed.");
});

test.each([
  [["--url", "nowhere"], "option '--url <endpoint>' argument 'nowhere' is invalid."],
  [[], "required option '--url <endpoint>' not specified"],
  [["--url", "http://127.0.0.1/", "--expect", "v2"], "It must be a version and its percent, such as v2=10."],
  [["--url", "http://127.0.0.1/", "--interval", "-1"], "It must be a number between 0 and 3600."],
])("%j is refused with a line", async (args, line) => {
  const { exitCode, stderr } = await traffic(...args);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(line)]);
});
