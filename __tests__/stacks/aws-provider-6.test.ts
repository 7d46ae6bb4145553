import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { copyOfProject, run } from "../support/command";
import { installIn } from "../support/installed-project";
import { handler, writeFiles } from "../support/project";

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
