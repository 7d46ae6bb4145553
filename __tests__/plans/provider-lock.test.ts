import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyOfProject, projectFolder, run } from "../support/command";
import { writeFiles } from "../support/project";

jest.setTimeout(120_000);

const withTerraform = process.env["PLANS_SKIPPED_BECAUSE"] === undefined ? describe : describe.skip;

withTerraform("the lock file of the providers", () => {
  const project = copyOfProject();
  const stack = join(project, "cdktf.out/stacks/api-gateway-account-dev");
  const lock = join(project, ".terraform.lock.hcl");
  const stackLock = join(stack, ".terraform.lock.hcl");
  const init = () => run(stack, "terraform", ["init", "-lockfile=readonly", "-input=false", "-no-color"]);

  /** A project whose one stack needs no provider but that of AWS. */
  beforeAll(async () => {
    rmSync(join(project, "releases"), { recursive: true });
    writeFiles(project, {
      "releases/dev/environment.json": { region: "eu-central-1", apiGatewayAccount: true },
    });
    await run(project, "npm", ["run", "synth"]);
  });

  test("is all that terraform init needs, and init leaves it as it is", async () => {
    const before = readFileSync(stackLock, "utf8");
    const { exitCode, stderr } = await init();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(readFileSync(stackLock, "utf8")).toBe(before);
  });

  test("refuses a provider that has none of its hashes", async () => {
    const text = readFileSync(stackLock, "utf8");
    rmSync(join(stack, ".terraform"), { recursive: true, force: true });
    writeFileSync(
      stackLock,
      text.replace(/(?<="(h1|zh):)./g, (first) => (first === "0" ? "1" : "0")),
    );
    const { exitCode, stderr } = await init();
    writeFileSync(stackLock, text);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/doesn't match any of the\s+│? ?checksums previously recorded/);
  });

  test("'npx lambda-release lock' makes it anew, with hashes that the committed one has too", async () => {
    await init();
    rmSync(lock);
    const mirror = join(stack, ".terraform/providers");
    const platform = (await run(stack, "terraform", ["version"])).stdout.match(/ (\w+_\w+)$/m)?.[1];
    const options = ["--fs-mirror", mirror, "--platform", String(platform)];
    const { exitCode, stderr } = await run(project, "node", ["bin.js", "lock", ...options]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const [hash] = readFileSync(lock, "utf8").match(/"h1:.*"/) ?? [];
    expect(readFileSync(join(projectFolder, ".terraform.lock.hcl"), "utf8")).toContain(hash);
    expect(readFileSync(stackLock, "utf8")).toBe(readFileSync(lock, "utf8"));
  });
});
