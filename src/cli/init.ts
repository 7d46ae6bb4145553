import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { Option } from "commander";
import { toolkit } from "../release/aws/toolkit";
import { serviceName } from "../release/files/project";
import { filesOnDisk } from "../release/files/project-files";
import { awsProviders } from "../setup/started-provider";
import type { Cli } from "./verb";

interface Options {
  readonly service: string;
  readonly region: string;
  readonly github: boolean;
  readonly awsProvider: string;
}

export function addInit({ program }: Cli): void {
  program
    .command("init")
    .description(
      `write a project with a first service; beside an existing ${toolkit.name.toUpperCase()} app, add what is missing`,
    )
    .argument("[folder]", "where", ".")
    .option("--service <environment/service>", "the first service", "dev/greeting")
    .option("--region <name>", "the region of its environment", "eu-central-1")
    .addOption(
      new Option("--aws-provider <major>", "version of Terraform's AWS provider in a new package.json")
        .choices(awsProviders)
        .default(awsProviders[0]),
    )
    .option("--github", "also write the workflows of GitHub that review, deploy and watch", false)
    .action((folder, options) => init(resolve(folder), options));
}

/** Writes what a folder lacks, and nothing over what it has. */
async function init(folder: string, { service, region, github, awsProvider }: Options): Promise<void> {
  const { firstRelease } = await import("../setup/first-release.js");
  const { projectFiles, workflowFiles } = await import("../setup/new-project.js");
  const { startedProvider } = await import("../setup/started-provider.js");
  const { writeMissing } = await import("../setup/write-missing.js");
  const { awsProviderOf } = await import("../synth/installed-package.js");
  const started = startedProvider(awsProvider);
  // A package.json that is there stays as it is.
  const hadPackage = existsSync(join(folder, "package.json"));
  const provider = (hadPackage ? awsProviderOf(folder) : undefined) ?? started;
  const named = serviceName(service);
  const files = filesOnDisk(folder);
  const hasReleases = files.entries("releases").folders.length > 0;
  const release = hasReleases
    ? new Map<string, string>()
    : firstRelease(files, { ...named, region, strategy: "canary-stage", provider });
  const hadApp = existsSync(join(folder, "main.ts"));
  mkdirSync(folder, { recursive: true });
  const written = writeMissing(
    folder,
    new Map([
      ...projectFiles({ name: basename(folder), service, provider, awsPackage: started.package }),
      ...release,
      ...(github ? workflowFiles() : []),
    ]),
  );
  const { ProviderLock } = await import("../synth/provider-lock.js");
  const isLocked = ProviderLock.of(files).versionOf("hashicorp/aws") === provider.version;
  for (const line of [...written, ...missingIn(folder, hadApp), ...nextSteps(folder, service, isLocked)])
    console.log(line);
}

/** What only its owner changes in files that were kept. */
function missingIn(folder: string, hadApp: boolean): string[] {
  const textOf = (name: string) => readFileSync(join(folder, name), "utf8");
  const isDependency = textOf("package.json").includes(`"${toolkit.ownPackage}"`);
  return [
    ...(isDependency ? [] : ["", "run", `  npm install ${toolkit.ownPackage}`]),
    ...(hadApp && !textOf("main.ts").includes("addReleases")
      ? [
          "",
          "add to main.ts, the second line in place of app.synth():",
          `  import { addReleases } from "${toolkit.ownPackage}";`,
          "  addReleases(app, __dirname).then(() => app.synth());",
        ]
      : []),
  ];
}

/** @param isLocked whether the lock file has the hashes of the AWS provider */
function nextSteps(folder: string, service: string, isLocked: boolean): string[] {
  const there = relative(process.cwd(), folder);
  const commands = [
    ...(there === "" ? [] : [`cd ${there}`]),
    "npm install",
    ...(isLocked ? [] : ["npx lambda-release lock   then commit .terraform.lock.hcl"]),
    `npx lambda-release rehearse ${service}`,
  ];
  return ["", ...commands.map((command, index) => `${index === 0 ? "next" : "    "}   ${command}`)];
}
