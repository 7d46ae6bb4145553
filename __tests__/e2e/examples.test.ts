import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { filesOnDisk } from "../../src/release/files/project-files";
import { givenFingerprint } from "../../src/release/given-fingerprint";
import type { Answer, Asked } from "../examples/carried-release";
import { exampleFolder, runBuild } from "../examples/example-project";
import { type Answers, examples } from "../examples/expected-answers";
import { canRunGo } from "../support/go";
import { createProject, type Files } from "../support/project";
import { canInstallArchiveProvider } from "../support/terraform-providers";
import { DeployedProject } from "./deployed-project";
import { expectShare } from "./expect-share";
import { oneChange } from "./lambda-versions";
import { type LocalAws, startLocalAws } from "./local-aws";

jest.setTimeout(600_000);

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws?.stop());

/** The files of a service of examples/, as they stand in a project. */
function filesOf(service: string): Record<string, string | Buffer> {
  const folder = exampleFolder(service);
  const code = readdirSync(join(folder, "lambdas", service), { recursive: true }).map((path) =>
    join("lambdas", service, String(path)),
  );
  const files = [`releases/dev/${service}.json`, ...code].filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path))]));
}

async function answersTo(url: string, asked: readonly Asked[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const { request = "", headers, body } of asked) {
    const [method, path] = request.split(" ");
    const type = body && { "content-type": "application/json" };
    const sent = { method, headers: { ...type, ...headers }, body: body && JSON.stringify(body) };
    const response = await fetch(`${url}${path}`, sent);
    answers.push([response.status, await response.json()]);
  }
  return answers;
}

/** ESM, decorators and a Go program are three functions of one service here, so that one deploy takes each step. */
function filesOfShapes(): Files {
  if (canRunGo) runBuild("go", "build.sh");
  const taken = {
    ...filesOf("powertools"),
    ...filesOf("esm"),
    ...(canRunGo ? filesOf("go") : {}),
  };
  const files = Object.entries(taken).flatMap(([path, content]) => {
    const [, inside] = /^lambdas\/\w+\/(.*)$/.exec(path) ?? [];
    return inside === undefined ? [] : [[`lambdas/shapes/${inside}`, content] as const];
  });
  const go = { runtime: "provided.al2023", architecture: "x86_64", code: { path: "build" } };
  const routes = [
    { path: "/greetings/{name}", function: "powertools" },
    { path: "/prices/{currency}", function: "esm" },
    ...(canRunGo ? [{ path: "/primes/{number}", function: "go" }] : []),
  ];
  const release = {
    strategy: "canary-stage",
    stable: "v1",
    functions: {
      powertools: { tracing: true, logging: { format: "json" } },
      esm: { assets: ["prices.json"] },
      ...(canRunGo && { go }),
    },
    api: { routes },
  };
  const project = (versions: unknown): Files => ({
    ...Object.fromEntries(files),
    "releases/dev/environment.json": { region: "eu-central-1" },
    "releases/dev/shapes.json": { ...release, versions },
  });
  const fingerprint = givenFingerprint(filesOnDisk(createProject(project(["v1"]))), "dev", "shapes");
  return project({ v1: { fingerprint } });
}

const askedOf = (...services: readonly string[]) => services.flatMap((one) => examples[one]?.asked ?? []);

test.each<[string, () => Files, readonly Answers[]]>([
  ["express", () => filesOf("express"), askedOf("express")],
  ["python", () => filesOf("python"), askedOf("python")],
  ["shapes", filesOfShapes, askedOf("esm", "powertools", ...(canRunGo ? ["go"] : []))],
])("%s is carried from its first version to a rollback", async (service, files, asked) => {
  const [v1, v2] = [asked.map((one) => one.v1), asked.map((one) => one.v2)];
  const project = new DeployedProject(aws.endpoint, `${service}-dev`, canInstallArchiveProvider());
  const deployAfter = (verb: string, ...args: string[]) =>
    project.deployAfter(verb, `dev/${service}`, ...args);

  await project.write(files());
  await project.deploy();
  expect(await answersTo(project.url, asked)).toEqual(v1);

  expect(await deployAfter("publish", "v2")).toMatchObject({ change: 0 });
  expect(await answersTo(project.url, asked)).toEqual(v1);

  expect(await deployAfter("start", "v2", "--percent", "10")).toEqual(oneChange);
  const drawn = await answersTo(project.url, Array(100).fill(asked[0]));
  const [first, second] = [v1, v2].map(([one]) => JSON.stringify(one));
  const ofVersion = (version: string | undefined) =>
    drawn.filter((one) => JSON.stringify(one) === version).length;
  expect(ofVersion(first) + ofVersion(second)).toBe(100);
  expectShare({ v1: ofVersion(first), v2: ofVersion(second) }, "v2", 10);

  expect(await deployAfter("promote")).toEqual(oneChange);
  expect(await answersTo(project.url, asked)).toEqual(v2);

  expect(await deployAfter("rollback")).toEqual(oneChange);
  expect(await answersTo(project.url, asked)).toEqual(v1);
});
