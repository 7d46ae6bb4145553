import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyOfProject, run } from "../support/command";
import { mirrorOf, openTofu, openTofuRegistry } from "../support/opentofu";
import { type Files, synthesizeFiles, temporaryFolder, writeFiles } from "../support/project";
import { checkout, greeting, quote, search } from "../support/release-steps";
import { describePlans, terraform } from "./describe-plans";
import { Terraform } from "./terraform";
import { givenWorkers } from "./workers";

const tofu = openTofu() ?? "";

/** Each test needs OpenTofu beside Terraform and its providers. */
const describeTofu = tofu === "" ? describe.skip : describePlans;

describeTofu("OpenTofu", () => {
  let given: ReturnType<typeof mirrorOf>;
  let openTofuPlans: Terraform;

  beforeAll(async () => {
    const { initialized } = givenWorkers();
    given = mirrorOf(initialized);
    const tofuFolder = temporaryFolder();
    const configuration = readFileSync(join(initialized, "main.tf.json"), "utf8");
    writeFileSync(join(tofuFolder, "main.tf.json"), configuration);
    const init = await run(tofuFolder, tofu, ["init", "-input=false", "-no-color"], given.variables);
    expect(init).toMatchObject({ exitCode: 0, stderr: "" });
    openTofuPlans = new Terraform({ name: tofu, initialized: tofuFolder, registry: openTofuRegistry });
  });

  const stackOf = async (files: Files) => {
    const stacks = join(await synthesizeFiles(files), "stacks");
    const [stack = ""] = readdirSync(stacks).filter((name) => !name.startsWith("api-gateway-account"));
    return join(stacks, stack);
  };

  test.each([
    ["canary-stage", [greeting.first]],
    ["canary-stage, with the state of Terraform", [greeting.first, greeting.published, greeting.ten]],
    ["alias-canary-stage", [quote.first]],
    ["weighted-alias", [search.first]],
    ["codedeploy-alias", [checkout.first]],
  ])("plans the same as Terraform: %s", async (_, deployed) => {
    const folders = await Promise.all(deployed.map(stackOf));
    const planned = async (program: Terraform) => {
      const json = await program.planJson(folders.at(-1) ?? "", folders.slice(0, -1));
      const changes = json.resource_changes.map(({ address, mode, change }) => {
        const { actions, before, after, after_unknown } = change;
        return { address, mode, actions, before, after, after_unknown };
      });
      return { changes, outputs: json.output_changes, values: json.planned_values.outputs };
    };
    const expected = await planned(terraform());
    expect(expected.changes.length).toBeGreaterThan(0);
    expect(await planned(openTofuPlans)).toEqual(expected);
  });

  test("has a lock of its own registry beside Terraform's, and each stack has the one of the program", async () => {
    const project = copyOfProject();
    // Its one stack needs no provider but that of AWS.
    rmSync(join(project, "releases"), { recursive: true });
    const environment = { region: "eu-central-1", apiGatewayAccount: true };
    writeFiles(project, { "releases/dev/environment.json": environment });
    const stack = join(project, "cdktf.out/stacks/api-gateway-account-dev");
    const own = { ...given.variables, TERRAFORM_BINARY_NAME: tofu };
    const lock = (folder: string) => readFileSync(join(folder, ".terraform.lock.hcl"), "utf8");
    const providers = (text: string) => text.match(/(?<=^provider ").*(?=")/gm);
    const before = lock(project);
    const version = await run(project, tofu, ["version"]);
    const [, platform = ""] = /^on (\w+)$/m.exec(version.stdout) ?? [];

    const locked = await run(
      project,
      "node",
      ["bin.js", "lock", "--fs-mirror", given.mirror, "--platform", platform],
      own,
    );
    expect(locked).toMatchObject({ exitCode: 0 });
    expect(providers(lock(project))).toEqual([
      `${openTofuRegistry}/hashicorp/aws`,
      "registry.terraform.io/hashicorp/aws",
    ]);
    const [, ofTerraform = "none"] = lock(project).split(/^(?=provider "registry\.terraform\.io)/m);
    expect(before).toContain(ofTerraform.trim());
    expect(providers(lock(stack))).toEqual([`${openTofuRegistry}/hashicorp/aws`]);

    const init = ["init", "-lockfile=readonly", "-input=false", "-no-color"];
    expect(await run(stack, tofu, init, own)).toMatchObject({ exitCode: 0, stderr: "" });
    rmSync(join(stack, ".terraform"), { recursive: true });
    expect(await run(project, "node", ["bin.js", "synth"])).toMatchObject({ exitCode: 0 });
    expect(providers(lock(stack))).toEqual(["registry.terraform.io/hashicorp/aws"]);
    expect(await run(stack, "terraform", init)).toMatchObject({ exitCode: 0, stderr: "" });
  });
});
