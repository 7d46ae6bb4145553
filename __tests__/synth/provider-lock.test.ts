import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { diagnose } from "../../src/setup/doctor";
import { lockCommand, lockFile, ProviderLock } from "../../src/synth/provider-lock";
import { StackFolder } from "../../src/workflows/terraform";
import { fakeCommands, usedInstead } from "../support/fake-commands";
import { createProject, temporaryFolder, writeFiles } from "../support/project";

const [terraform, openTofu] = ["registry.terraform.io", "registry.opentofu.org"];
const head = "# made by a command\n\n";
const block = (address: string, version = "5.100.0", hash = address) =>
  `provider "${address}" {\n  version     = "${version}"\n  constraints = "${version}"\n  hashes = [\n    "h1:${hash}",\n  ]\n}\n`;
const lockOf = (...blocks: string[]) => `${head}${blocks.join("\n")}`;
const aws = (host: string, ...more: string[]) => block(`${host}/hashicorp/aws`, ...more);
const archive = (host: string) => block(`${host}/hashicorp/archive`, "2.7.1");
const both = lockOf(archive(openTofu), aws(openTofu), archive(terraform), aws(terraform));

/** What a test does with TERRAFORM_BINARY_NAME set. */
function using<T>(binary: string | undefined, act: () => T): T {
  const before = process.env["TERRAFORM_BINARY_NAME"];
  const set = (value: string | undefined) =>
    value === undefined
      ? delete process.env["TERRAFORM_BINARY_NAME"]
      : Object.assign(process.env, { TERRAFORM_BINARY_NAME: value });
  set(binary);
  try {
    return act();
  } finally {
    set(before);
  }
}

describe("beside a stack's JSON stands what the lock file has of the registry in use", () => {
  const folder = temporaryFolder();
  const written = (text: string, sources: readonly string[]) => {
    ProviderLock.parse(text).write(folder, sources);
    return readFileSync(join(folder, lockFile), "utf8");
  };

  test.each([
    [undefined, terraform],
    ["terraform", terraform],
    ["/opt/terraform-1.11/terraform", terraform],
    ["tofu", openTofu],
    ["/opt/tofu/bin/tofu", openTofu],
    ["tofu.exe", openTofu],
    ["/home/tofu/bin/terraform", terraform],
  ])("TERRAFORM_BINARY_NAME=%s: %s", (binary, host) => {
    using(binary, () => {
      expect(written(both, ["aws"])).toBe(lockOf(aws(host)));
      expect(written(both, ["hashicorp/aws", "hashicorp/archive"])).toBe(lockOf(archive(host), aws(host)));
    });
  });

  test("a provider whose source names its registry is that one's", () => {
    const own = block("registry.example.com/shop/things", "1.0.0");
    const sources = ["registry.example.com/shop/things", `${terraform}/hashicorp/aws`];
    using("tofu", () =>
      expect(written(lockOf(own, aws(terraform), aws(openTofu)), sources)).toBe(lockOf(own, aws(terraform))),
    );
  });

  test("nothing stands there of the other registry", () => {
    written(both, ["aws"]);
    using("tofu", () => expect(() => written(lockOf(aws(terraform)), ["aws"])).toThrow("ENOENT"));
  });
});

test("locking for one registry keeps what is of the other, of the same version", () => {
  const relocked = (made: string, before: string) =>
    ProviderLock.parse(made).besides(ProviderLock.parse(before));
  const own = block("registry.example.com/shop/things", "1.0.0");
  using("tofu", () => {
    const made = lockOf(archive(openTofu), aws(openTofu));
    expect(relocked(made, lockOf(archive(terraform), aws(terraform)))).toBe(both);
    expect(relocked(made, lockOf(archive(terraform), aws(terraform, "5.99.1")))).toBe(
      lockOf(archive(openTofu), aws(openTofu), archive(terraform)),
    );
    expect(relocked(made, lockOf(own, aws(openTofu, "5.100.0", "old")))).toBe(made);
    expect(relocked(made, "")).toBe(made);
  });
});

describe("a project without hashes of the registry in use", () => {
  const commands = fakeCommands({ terraform: "", tofu: 'echo "{}"' });
  usedInstead(commands);
  const project = createProject({});
  const folder = join(project, "cdktf.out/stacks/shop-dev");
  mkdirSync(folder, { recursive: true });
  const required_providers = { aws: { source: "aws" }, archive: { source: "hashicorp/archive" } };
  writeFiles(folder, { "cdk.tf.json": { terraform: { required_providers } } });
  const init = () => new StackFolder(project, "shop-dev").init();

  test("is not deployed by the workflows, which name the command", () => {
    expect(init).toThrow(
      `shop-dev: .terraform.lock.hcl has no hashes of ${terraform}/hashicorp/aws and ${terraform}/hashicorp/archive: run 'npx lambda-release lock' and commit the file`,
    );
    writeFiles(folder, { [lockFile]: lockOf(archive(terraform), aws(terraform)) });
    expect(init).not.toThrow();
    using("tofu", () =>
      expect(init).toThrow(
        `has no hashes of ${openTofu}/hashicorp/aws and ${openTofu}/hashicorp/archive: run 'TERRAFORM_BINARY_NAME=tofu npx lambda-release lock'`,
      ),
    );
    expect(commands.calls().filter((call) => / init/.test(call))).toEqual([
      expect.stringMatching(/^terraform init/),
    ]);
  });

  test("is told so by the doctor, and of another version of the AWS provider", () => {
    const found = () => diagnose(project).find(({ what }) => what === lockFile);
    expect(found()).toMatchObject({ found: "not there", isFine: false });
    writeFiles(project, { [lockFile]: lockOf(aws(terraform)) });
    expect(found()).toMatchObject({ isFine: true });
    using("tofu", () =>
      expect(found()).toMatchObject({
        found: `has no hashes of ${openTofu}/hashicorp/aws`,
        remedy: `${lockCommand()} writes it again`,
      }),
    );
    writeFiles(project, { [lockFile]: lockOf(aws(terraform, "5.99.1")) });
    expect(found()).toMatchObject({
      found: "AWS provider 5.99.1, and @cdktf/provider-aws 20.1.0 is 5.100.0",
    });
  });
});
