import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { copyOfProject, projectFolder, run } from "../support/command";
import { installIn } from "../support/installed-project";
import { handler, writeFiles } from "../support/project";
import { blocksOf, readPage } from "../support/readme";

jest.setTimeout(120_000);

const packages = { "5.100.0": "@cdktf/provider-aws", "6.25.0": "provider-aws-6" };
type Version = keyof typeof packages;

/** A copy of the repository beside the package of this version of the AWS provider. */
function projectWith(version: Version, services?: readonly string[]): string {
  const project = copyOfProject(services);
  rmSync(join(project, "node_modules"));
  installIn(project, { "@cdktf/provider-aws": packages[version] });
  return project;
}

const synthesize = (project: string) => run(project, process.execPath, ["-r", "./launch.js", "main.ts"]);

/** By stack, what Terraform is given, without the version of the AWS provider, which must be this one. */
async function stacksWith(version: Version) {
  const project = projectWith(version);
  expect(await synthesize(project)).toMatchObject({ exitCode: 0 });
  const stacks = join(project, "cdktf.out/stacks");
  return Object.fromEntries(
    readdirSync(stacks).map((stack) => {
      const { terraform, ...json } = JSON.parse(readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8"));
      const { aws, ...others } = terraform.required_providers;
      expect(aws).toEqual({ source: "aws", version });
      return [stack, { ...json, terraform: { ...terraform, required_providers: others } }];
    }),
  );
}

test("with version 6 of the AWS provider every stack is the same but for that version", async () => {
  const [before, after] = [await stacksWith("5.100.0"), await stacksWith("6.25.0")];
  expect(Object.keys(after).length).toBeGreaterThan(8);
  expect(after).toEqual(before);
});

test("a runtime that version 5 does not take is synthesized with version 6, and refused with 5", async () => {
  const services = ["dev/greeting"];
  const service = {
    "lambdas/young/v1/young.ts": handler("v1"),
    "releases/dev/young.json": {
      strategy: "canary-stage",
      versions: ["v1"],
      stable: "v1",
      settings: { runtime: "nodejs24.x" },
    },
  };
  const [five, six] = [projectWith("5.100.0", services), projectWith("6.25.0", services)];
  for (const project of [five, six]) writeFiles(project, service);
  expect(await synthesize(six)).toMatchObject({ exitCode: 0 });
  const file = readFileSync(join(six, "cdktf.out/stacks/young-dev/cdk.tf.json"), "utf8");
  const [created] = Object.values(JSON.parse(file).resource.aws_lambda_function) as { runtime: string }[];
  expect(created?.runtime).toBe("nodejs24.x");
  const refused = await synthesize(five);
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain(
    `'settings.runtime' must be a runtime that AWS provider 5.100.0 (@cdktf/provider-aws 20.1.0) takes: npm install @cdktf/provider-aws@21.22.1, got "nodejs24.x"`,
  );
});

/** The files of the example that needs version 6, as a project has them. */
function nativeExample(): Record<string, string> {
  const folder = join(projectFolder, "examples/ecs-native");
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Object.fromEntries(
    paths.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [relative(folder, path), readFileSync(path, "utf8")];
    }),
  );
}

test("ecs-native is synthesized with version 6, and refused with 5", async () => {
  const services = ["dev/greeting"];
  const [five, six] = [projectWith("5.100.0", services), projectWith("6.25.0", services)];
  for (const project of [five, six]) writeFiles(project, nativeExample());
  expect(await synthesize(six)).toMatchObject({ exitCode: 0, stderr: "" });
  const file = readFileSync(join(six, "cdktf.out/stacks/storefront-dev/cdk.tf.json"), "utf8");
  const { resource, output } = JSON.parse(file);
  const [service] = Object.values(resource.aws_ecs_service) as Record<string, object>[];
  const hook = expect.objectContaining({ lifecycle_stages: ["POST_TEST_TRAFFIC_SHIFT"] });
  expect(service).toMatchObject({
    deployment_configuration: {
      strategy: "CANARY",
      canary_configuration: { canary_percent: 10, canary_bake_time_in_minutes: "15" },
      bake_time_in_minutes: "10",
      lifecycle_hook: [hook],
    },
  });
  expect(Object.keys(output)).toEqual(expect.arrayContaining(["endpoint", "task_definitions", "hooks"]));
  const page = blocksOf(readPage("docs/ecs-native.md")).map(({ text }) => text);
  const example = nativeExample();
  expect(page).toContain(example["releases/dev/storefront.json"]);
  expect(page).toContain(example["lambdas/hooks/test-port.ts"]);

  const rehearsed = await run(six, process.execPath, [
    "./bin.js",
    ...["rehearse", "dev/storefront", "--rate", "1", "--seed", "1", "--fail", "canary=20%"],
  ]);
  expect(rehearsed).toMatchObject({ exitCode: 1, stderr: "" });
  expect(rehearsed.stdout).toContain(
    "to shift     storefront-dev from v1 to v2 by CANARY, 10 % for 15 min\n",
  );
  expect(rehearsed.stdout).toContain("POST_TEST_TRAFFIC_SHIFT Succeeded\n");
  expect(rehearsed.stdout).toMatch(/Rolled back after [\d:]+, because of storefront-dev-green-errors\./);

  const refused = await synthesize(five);
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toMatch(
    /^releases\/dev\/storefront.json:3:15 'strategy' must be a strategy that AWS provider 5.100.0 .* has, and this one needs 6.21.0: npm install @cdktf\/provider-aws@21.22.1, got "ecs-native"\n$/,
  );
});
