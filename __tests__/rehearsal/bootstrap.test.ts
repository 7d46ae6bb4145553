import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FunctionPool } from "../../src/rehearsal/lambda/function-pool";
import type { Outcome } from "../../src/rehearsal/lambda/invocation";
import { readReleases } from "../../src/release/files/file";
import { filesOnDisk } from "../../src/release/files/project-files";
import { settingsFingerprint } from "../../src/release/functions/function-settings";
import { functionsByFolder } from "../../src/release/release";
import { goBootstrap, here, zipOf } from "../support/elsewhere";
import { createProject, writeFiles } from "../support/project";
import { RehearsedShop } from "../support/rehearse";
import { release } from "../support/release-command";

/** A program that is built elsewhere runs as Lambda's OS-only runtimes run it. */

let folder: string;
const pools: FunctionPool[] = [];

beforeAll(() => {
  folder = dirname(goBootstrap("v1"));
}, 120_000);

afterAll(() => {
  for (const pool of pools) pool.close(true);
});

function poolOf(environment: Readonly<Record<string, string>> = {}) {
  const lines: string[] = [];
  const lambda = {
    version: "$LATEST",
    functionName: "shop",
    region: "eu-central-1",
    runtime: "provided.al2023",
    handler: "bootstrap",
    architecture: here,
    memoryMb: 128,
    timeoutSeconds: 1,
    environment,
  };
  const pool = new FunctionPool(lambda, folder, (line) => lines.push(line));
  pools.push(pool);
  const call = (what?: string): Promise<Outcome> =>
    pool.invoke(JSON.stringify({ queryStringParameters: { do: what } }), "arn:of:shop", "Root=1-2-3");
  return { call, lines };
}

test("it is told what Lambda's headers and variables tell, and answers", async () => {
  const { call, lines } = poolOf();
  const before = Date.now();
  const outcome = await call();
  expect(outcome).toMatchObject({ ok: true, answer: { statusCode: 200, headers: { "x-version": "v1" } } });
  const told = JSON.parse((outcome as unknown as { answer: { body: string } }).answer.body);
  expect(told).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    arn: "arn:of:shop",
    trace: "Root=1-2-3",
    deadline: expect.stringMatching(/^\d{13}$/),
    handler: "bootstrap",
    root: folder,
  });
  expect(Number(told.deadline)).toBeGreaterThan(before + 900);
  // What it logs comes by another way than its answer.
  for (let waited = 0; lines.length === 0 && waited < 5_000; waited += 20) await sleep(20);
  expect(lines).toEqual([`called ${told.id}`]);
});

test("an error is told with its trace, and the program goes on", async () => {
  const { call } = poolOf();
  expect(await call("fail")).toEqual({
    ok: false,
    error: "Sold: sold out\nmain.go:1",
    tookMs: expect.any(Number),
  });
  expect(await call()).toMatchObject({ ok: true });
});

test("a program that ends fails its call, and the next call starts it anew", async () => {
  const { call } = poolOf();
  expect(await call("exit")).toEqual({
    ok: false,
    error: "Runtime.ExitError: bootstrap ended with code 3",
    tookMs: expect.any(Number),
  });
  expect(await call()).toMatchObject({ ok: true });
});

test("a call that takes too long fails, and those that wait behind it go to another process", async () => {
  const { call } = poolOf();
  await Promise.all(Array.from({ length: 20 }, () => call()));
  const [slow, ...others] = await Promise.all([call("sleep"), call(), call(), call()]);
  expect(slow).toEqual({ ok: false, error: "Task timed out after 1.00 seconds", tookMs: 1000 });
  expect(others.map(({ ok }) => ok)).toEqual([true, true, true]);
});

test("an error at the start is the answer of the first call", async () => {
  const { call } = poolOf({ FAIL_INIT: "yes" });
  expect(await call()).toEqual({ ok: false, error: "Init: no table" });
});

test("it is published, gets 10 %, is promoted and rolled back as any other version", async () => {
  const settings = { runtime: "provided.al2023", architecture: here, code: { path: "shop.zip" } };
  const file = { strategy: "canary-stage", stable: "v1", settings };
  const project = createProject({
    "releases/dev/environment.json": { region: "eu-central-1" },
    "releases/dev/shop.json": { ...file, versions: ["v1"] },
  });
  // What v1 was published with: so v2 may have the same settings.
  const [read] = readReleases(filesOnDisk(project)).releases;
  const functions = read === undefined ? [] : (functionsByFolder(read).get("v1") ?? []);
  const versions = { v1: { settingsFingerprint: settingsFingerprint(functions) } };
  writeFiles(project, { "releases/dev/shop.json": { ...file, versions } });
  for (const [version, built] of [
    ["v1", join(folder, "bootstrap")],
    ["v2", goBootstrap("v2")],
  ] as const) {
    mkdirSync(join(project, "lambdas/shop", version), { recursive: true });
    const zip = zipOf({ bootstrap: readFileSync(built) });
    writeFileSync(join(project, "lambdas/shop", version, "shop.zip"), zip);
  }
  const rehearsed = await RehearsedShop.ofProject(project);
  const served = async () => {
    const versions: Record<string, number> = {};
    for (let sent = 0; sent < 60; sent++) {
      const version = (await rehearsed.fetch("/dev/")).headers.get("x-version") ?? "none";
      versions[version] = (versions[version] ?? 0) + 1;
    }
    return versions;
  };
  const move = async (...args: string[]) => {
    const { exitCode, stderr } = await release(project, [
      args[0] ?? "",
      "dev/shop",
      ...args.slice(1),
      "--yes",
    ]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    return rehearsed.applyProject(project);
  };
  expect(await served()).toEqual({ v1: 60 });
  expect((await move("publish", "v2")).added).toHaveLength(6);
  expect(await served()).toEqual({ v1: 60 });
  await move("start", "v2");
  const { v1 = 0, v2 = 0 } = await served();
  expect([v1 + v2, v2 > 0, v2 < 20]).toEqual([60, true, true]);
  await move("promote");
  expect(await served()).toEqual({ v2: 60 });
  await move("rollback");
  expect(await served()).toEqual({ v1: 60 });
}, 120_000);
