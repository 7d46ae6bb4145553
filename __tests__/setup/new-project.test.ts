import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { firstRuntime } from "../../src/setup/first-runtime";
import { awsProviders, startedProvider } from "../../src/setup/started-provider";
import { ProviderLock } from "../../src/synth/provider-lock";
import { projectFolder } from "../support/command";
import { installIn } from "../support/installed-project";
import { createProject } from "../support/project";
import { release } from "../support/release-command";

/** What `init` writes and prints in a folder. */
async function init(folder: string, ...options: string[]) {
  const { exitCode, stdout, stderr } = await release(folder, ["init", ...options]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const textOf = (path: string) => readFileSync(join(folder, path), "utf8");
  const lock = ProviderLock.parse(textOf(".terraform.lock.hcl"));
  return {
    stdout,
    manifest: JSON.parse(textOf("package.json")),
    runtime: JSON.parse(textOf("releases/dev/greeting.json")).settings.runtime,
    locked: lock.versionOf("hashicorp/aws"),
    lockedArchive: lock.versionOf("hashicorp/archive"),
    node: textOf(".nvmrc"),
  };
}

test("a new project has version 6 of the AWS provider, whose hashes its first steps get", async () => {
  const made = await init(createProject({}));
  expect(made).toMatchObject({
    manifest: { dependencies: { "@cdktf/provider-aws": "21.22.1" } },
    runtime: "nodejs24.x",
    locked: undefined,
    lockedArchive: "2.7.1",
    node: "24\n",
  });
  expect(made.manifest.devDependencies["@types/node"]).toMatch(/^\^24\./);
  expect(made.stdout).toMatch(
    /npm install\n +npx lambda-release lock .*\n +npx lambda-release rehearse dev\/greeting/,
  );
});

test("with --aws-provider 5 it has version 5 with its hashes, and a runtime that version 5 takes", async () => {
  const made = await init(createProject({}), "--aws-provider", "5");
  expect(made).toMatchObject({
    manifest: { dependencies: { "@cdktf/provider-aws": "20.1.0" } },
    runtime: "nodejs22.x",
    locked: "5.100.0",
  });
  expect(made.stdout).not.toContain("lambda-release lock");
});

test("beside an app it goes by the provider that is installed there", async () => {
  const folder = createProject({ "package.json": { name: "own" } });
  installIn(folder, { "@cdktf/provider-aws": "provider-aws-6" });
  expect(await init(folder)).toMatchObject({ runtime: "nodejs24.x", locked: undefined });
  const other = createProject({ "package.json": { name: "own" } });
  mkdirSync(join(other, "node_modules"));
  expect(await init(other)).toMatchObject({ runtime: "nodejs22.x", locked: "5.100.0" });
});

test("a new service of a project names a runtime of its language that the installed provider takes", async () => {
  const folder = createProject({ "lambdas/old/v1/old.py": "def handler(event, context):\n    return {}\n" });
  await init(folder, "--aws-provider", "5");
  const runtimeOf = async (service: string, ...options: string[]) => {
    expect(await release(folder, ["new", `dev/${service}`, ...options])).toMatchObject({ exitCode: 0 });
    return JSON.parse(readFileSync(join(folder, `releases/dev/${service}.json`), "utf8")).settings.runtime;
  };
  expect(await runtimeOf("search", "--language", "python")).toBe("python3.13");
  expect(await runtimeOf("old")).toBe("python3.13");
  expect(await runtimeOf("orders")).toBe("nodejs22.x");
  installIn(folder, { "@cdktf/provider-aws": "provider-aws-6" });
  expect(await runtimeOf("items")).toBe("nodejs24.x");
});

test("each provider that a project may start with is the one of its package", () => {
  const folders = { "6": "provider-aws-6", "5": "@cdktf/provider-aws" };
  expect(awsProviders).toEqual(["6", "5"]);
  for (const [major, folder] of Object.entries(folders)) {
    const file = join(projectFolder, "node_modules", folder, "package.json");
    const { version, cdktf } = JSON.parse(readFileSync(file, "utf8"));
    expect(startedProvider(major)).toMatchObject({ version: cdktf.provider.version, package: version });
  }
  expect(firstRuntime("node")).toBe("nodejs24.x");
});
