import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { serviceName } from "../release/files/project";
import { filesOnDisk } from "../release/files/project-files";
import { toolkit } from "../release/toolkit";
import type { Cli } from "./verb";

interface Options {
  readonly service: string;
  readonly region: string;
  readonly github: boolean;
}

export function addInit({ program }: Cli): void {
  program
    .command("init")
    .description(
      `write a project with a first service; beside a ${toolkit.name.toUpperCase()} app of your own, what it lacks`,
    )
    .argument("[folder]", "where", ".")
    .option("--service <environment/service>", "the first service", "dev/greeting")
    .option("--region <name>", "the region of its environment", "eu-central-1")
    .option("--github", "also write the workflows of GitHub that review, deploy and watch", false)
    .action((folder, options) => init(resolve(folder), options));
}

/** Writes what a folder lacks, and nothing over what it has. */
async function init(folder: string, { service, region, github }: Options): Promise<void> {
  const { firstRelease } = await import("../setup/first-release.js");
  const { projectFiles, workflowFiles } = await import("../setup/new-project.js");
  const { writeMissing } = await import("../setup/write-missing.js");
  const named = serviceName(service);
  const files = filesOnDisk(folder);
  const hasReleases = files.entries("releases").folders.length > 0;
  const release = hasReleases
    ? new Map<string, string>()
    : firstRelease(files, { ...named, region, strategy: "canary-stage" });
  const hadApp = existsSync(join(folder, "main.ts"));
  mkdirSync(folder, { recursive: true });
  const written = writeMissing(
    folder,
    new Map([...projectFiles(basename(folder), service), ...release, ...(github ? workflowFiles() : [])]),
  );
  for (const line of [...written, ...missingIn(folder, hadApp), ...nextSteps(folder, service)])
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

function nextSteps(folder: string, service: string): string[] {
  const there = relative(process.cwd(), folder);
  return [
    "",
    ...(there === "" ? [] : [`next   cd ${there}`]),
    `${there === "" ? "next" : "    "}   npm install`,
    `       npx lambda-release rehearse ${service}`,
  ];
}
