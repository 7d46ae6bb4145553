import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { copyOfProject, type Finished, outputOf, run } from "./support/command";
import { temporaryFolder, writeFiles } from "./support/project";
import { release } from "./support/release-command";
import { fingerprintOf } from "./support/shop";

jest.setTimeout(60_000);

const project = copyOfProject();
let started: Finished;
beforeAll(async () => {
  started = await run(project, "npm", ["run", "--silent", "synth"]);
});

const synth = (folder: string) => release(folder, ["synth"]);

/** A copy of the synthesized project, with its output. */
function copyWithOutput(): string {
  const copy = join(temporaryFolder(), "project");
  cpSync(project, copy, { recursive: true });
  return copy;
}

test("synthesis writes a stack for every release, the same bytes in another folder", async () => {
  const projects = [project, copyOfProject()];
  for (const finished of [started, await synth(projects[1] as string)])
    expect(finished).toEqual({
      exitCode: 0,
      stdout:
        "synthesized api-gateway-account-dev, api-gateway-account-prod, bootstrap-prod, catalog-dev, checkout-dev, greeting-dev, greeting-prod, quote-dev, search-dev, storefront-dev, weather-dev\n",
      stderr: "",
    });
  const [one, other] = projects.map(outputOf);
  expect(one).toEqual(other);
  expect(Object.keys(one ?? {})).toEqual(
    expect.arrayContaining([
      "/manifest.json",
      "/stacks/api-gateway-account-dev/.terraform.lock.hcl",
      "/stacks/api-gateway-account-dev/cdk.tf.json",
      "/stacks/greeting-dev/cdk.tf.json",
      "/stacks/greeting-dev/packages/greeting-dev-v1/greeting.js",
      "/stacks/weather-dev/packages/weather-dev-forecast-v2/forecast.py",
    ]),
  );
  for (const path of Object.keys(one ?? {})) {
    const text = readFileSync(join(projects[0] as string, "cdktf.out", path), "utf8");
    expect([path, text.includes(projects[0] as string)]).toEqual([path, false]);
  }
});

test("each stack has what the project's lock file says of its providers", () => {
  const lock = readFileSync(join(project, ".terraform.lock.hcl"), "utf8");
  const lockOf = (stack: string) =>
    readFileSync(join(project, "cdktf.out/stacks", stack, ".terraform.lock.hcl"), "utf8");
  expect(lock.match(/^provider .*$/gm)).toEqual([
    'provider "registry.terraform.io/hashicorp/archive" {',
    'provider "registry.terraform.io/hashicorp/aws" {',
  ]);
  expect(lockOf("greeting-dev")).toBe(lock);
  expect(lockOf("api-gateway-account-dev")).toBe(lock.replace(/^provider .*archive"[\s\S]*?^}\n\n/m, ""));
});

test("the lock file names the versions that the stacks ask for", () => {
  const stack = join(project, "cdktf.out/stacks/greeting-dev/cdk.tf.json");
  const lock = readFileSync(join(project, ".terraform.lock.hcl"), "utf8");
  const { required_providers } = JSON.parse(readFileSync(stack, "utf8")).terraform;
  expect(
    [...lock.matchAll(/hashicorp\/(\w+)" \{\n {2}version {5}= "(.*)"/g)].map((match) => match.slice(1)),
  ).toEqual(
    Object.entries<{ version: string }>(required_providers).map(([name, { version }]) => [name, version]),
  );
});

describe("bad input", () => {
  const bad = {
    "releases/dev/greeting.json": {
      strategy: "canary-stage",
      versions: ["v1", "v2"],
      stable: "v1",
      canary: { version: "v2", percent: 150 },
    },
    "releases/dev/weather.json": "{",
  };
  const lines = [
    "releases/dev/greeting.json:10:16 'canary.percent' must be a number between 0 and 100 with at most 6 decimals; to send all traffic make it the stable version, got 150",
    "releases/dev/weather.json:1:2 must be JSON: close brace expected",
  ];

  test("is a line each and exit code 1, and leaves the last good output alone", async () => {
    const project = copyWithOutput();
    const before = outputOf(project);
    writeFiles(project, bad);
    expect(await synth(project)).toEqual({ exitCode: 1, stdout: "", stderr: `${lines.join("\n")}\n` });
    expect(outputOf(project)).toEqual(before);
  });

  test("is told by 'cdktf synth' in the same lines", async () => {
    const project = copyWithOutput();
    const before = outputOf(project);
    writeFiles(project, bad);
    const { exitCode, stdout, stderr } = await run(project, "npx", ["cdktf", "synth"]);
    expect(exitCode).toBe(1);
    for (const line of lines) expect(stdout + stderr).toContain(line);
    expect(outputOf(project)).toEqual(before);
  });

  test("that only bundling finds is a line too, and nothing is written", async () => {
    const project = copyOfProject();
    writeFiles(project, { "lambdas/greeting/v2/greeting.ts": "import './missing';\n" });
    expect(await synth(project)).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        'lambdas/greeting/v2/greeting.ts:1:8 must be TypeScript that can be bundled: Could not resolve "./missing"\n',
    });
    expect(outputOf(project)).toEqual({});
  });
});

test("a policy that is longer than AWS takes it is refused in one line, and the last output stays", async () => {
  const project = copyWithOutput();
  const before = outputOf(project);
  const routes = Array.from({ length: 130 }, (_, index) => ({ path: `/open-${index}` }));
  const api = { routes: [{ path: "/", authorization: "AWS_IAM" }, ...routes] };
  const versions = { v1: { fingerprint: fingerprintOf(api, "greeting") } };
  const long = { strategy: "canary-stage", versions, stable: "v1", api };
  writeFiles(project, { "releases/dev/greeting.json": long });
  const { exitCode, stderr } = await synth(project);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^releases\/dev\/greeting\.json 'api\.routes' must have fewer routes without AWS_IAM, or shorter paths: an API's resource policy may have 8192 characters; .*, got \d+\n$/,
  );
  expect(outputOf(project)).toEqual(before);
});
