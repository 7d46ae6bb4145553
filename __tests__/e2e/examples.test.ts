import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Answer, Asked } from "../examples/carried-release";
import { examples } from "../examples/expected-answers";
import { projectFolder } from "../support/command";
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
function filesOf(service: string): Record<string, string> {
  const folder = join(projectFolder, "examples");
  const code = readdirSync(join(folder, "lambdas", service), { recursive: true }).map((path) =>
    join("lambdas", service, String(path)),
  );
  const files = [`releases/dev/${service}.json`, ...code].filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

async function answersTo(url: string, asked: readonly Asked[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const { request, headers, body } of asked) {
    const [method, path] = request.split(" ");
    const type = body && { "content-type": "application/json" };
    const sent = { method, headers: { ...type, ...headers }, body: body && JSON.stringify(body) };
    const response = await fetch(`${url}${path}`, sent);
    answers.push([response.status, await response.json()]);
  }
  return answers;
}

test.each(["express", "python"])("%s is carried from its first version to a rollback", async (service) => {
  const { asked = [] } = examples[service] ?? {};
  const [v1, v2] = [asked.map((one) => one.v1), asked.map((one) => one.v2)];
  const project = new DeployedProject(aws.endpoint, `${service}-dev`, canInstallArchiveProvider());
  const deployAfter = (verb: string, ...args: string[]) =>
    project.deployAfter(verb, `dev/${service}`, ...args);

  await project.write(filesOf(service));
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
