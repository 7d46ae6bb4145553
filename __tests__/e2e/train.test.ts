import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expectShare } from "../support/expect-share";
import { handler, temporaryFolder } from "../support/project";
import { startProvider } from "../support/provider-process";
import { shop } from "../support/shop";
import { answers } from "./answers";
import { DeployedProject } from "./deployed-project";
import { awsError, FaultyEndpoint } from "./faulty-endpoint";
import { type LocalAws, startLocalAws } from "./local-aws";

jest.setTimeout(600_000);

let aws: LocalAws;
/** What Terraform calls; users call `aws` itself. */
let endpoint: FaultyEndpoint;
let project: DeployedProject;
/** Of every command. */
const variables: Record<string, string> = {};

beforeAll(async () => {
  aws = await startLocalAws();
  endpoint = await FaultyEndpoint.start(aws.endpoint);
  variables["TERRAFORM_BINARY_NAME"] = zippingTerraform();
  project = new DeployedProject(endpoint.endpoint, "shop-dev", true, variables);
});
afterAll(() => {
  endpoint?.stop();
  aws?.stop();
});

const both = { strategy: "canary-stage", versions: ["v1", "v2"] };
const onTrial = { stable: "v1", canary: { version: "v2", percent: 10 } };
const promoted = { stable: "v2", former: "v1" };

/** The shop and its basket, which go together. */
const step = (release: object) =>
  shop(release, {
    "releases/dev/environment.json": {
      region: "eu-central-1",
      trains: { sale: { services: ["shop", "basket"], onFailure: "take-back" } },
    },
    "releases/dev/basket.json": { ...both, ...release },
    "lambdas/basket/v1/basket.ts": handler("v1"),
    "lambdas/basket/v2/basket.ts": handler("v2"),
  });

function commit(message: string): void {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      cwd: project.folder,
      stdio: "pipe",
    });
  git("init", "--quiet");
  git(
    "add",
    "releases",
    "lambdas",
    "src",
    "stacks",
    "constructs",
    "main.ts",
    "*.js*",
    ".gitignore",
    ".terraform.lock.hcl",
  );
  git("commit", "--quiet", "--message", message);
}

const deploy = (...options: string[]) => project.release("workflow", "deploy", "dev", ...options);

/** The archive provider may not be there, and the former commit is synthesized by the deploy itself. */
function zippingTerraform(): string {
  const file = join(temporaryFolder(), "terraform");
  const zip = `"${process.execPath}" --import "${require.resolve("tsx")}" "${join(__dirname, "zip-archives.ts")}"`;
  const lines = ["#!/bin/bash", `if [ "$1" = init ]; then ${zip} || exit 1; fi`, 'exec terraform "$@"', ""];
  writeFileSync(file, lines.join("\n"), { mode: 0o755 });
  return file;
}

test("a train whose second service cannot be moved is as it was before: for users, in the state, and by the former files", async () => {
  await project.write(step(onTrial));
  const [, accepted = ""] = /'accept' ([0-9a-f]{32})/.exec((await deploy()).stderr) ?? [];
  expect((await deploy("--accept", accepted)).exitCode).toBe(0);
  commit("both are on trial");
  // From here on no function is made, whose package it would look for in one stack's folder.
  Object.assign(variables, (await startProvider(project.stackFolder, project.environment)).variables);

  await project.write(step(promoted));
  let moves = 0;
  endpoint.spoil(/^PATCH \/restapis\/\w+\/stages\/dev$/, async (forward) =>
    ++moves === 2 ? awsError(403, "ExpiredTokenException", "The security token is expired") : forward(),
  );
  const { exitCode, stdout, stderr } = await deploy("--base", "HEAD");
  expect([exitCode, stdout]).toEqual([2, expect.stringMatching(/shop-dev +1 change applied/)]);
  expect(stderr).toMatch(/^error: basket-dev: .*terraform apply fails:\nError: updating API Gateway Stage/);
  expect(stderr).toContain("  shop-dev                     taken back: v1 90 %, v2 10 %\n");
  expect(stderr).toContain("  basket-dev                   failed, and is as before: v1 90 %, v2 10 %\n");

  expectShare(
    await answers(`${aws.endpoint}/_aws/execute-api/${project.output("api_id")}/dev/`, 200),
    "v2",
    10,
  );
  endpoint.mend();
  await project.write(step(onTrial));
  expect(await deploy("--base", "HEAD")).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("dev: nothing to apply"),
  });
});
