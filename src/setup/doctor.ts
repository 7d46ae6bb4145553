import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { satisfies } from "semver";
import { toolkit } from "../release/aws/toolkit";
import { readReleases } from "../release/files/file";
import { filesOnDisk } from "../release/files/project-files";
import { usedRuntimeNotices, usedRuntimes } from "../release/functions/used-runtimes";
import { awsProviderOf, isAnotherCopy, manifestOf } from "../synth/installed-package";
import { lockCommand, lockFile, ProviderLock } from "../synth/provider-lock";
import { isOpenTofu, terraformBinary } from "../synth/terraform-binary";
import { foundToolkit } from "./found-toolkit";
import { packageJson } from "./package-json";

/** One thing that was looked at. */
export interface Diagnosis {
  /** `Node`, `cdktf`, `cdktf.json` */
  readonly what: string;
  /** What is there: a version, a path. */
  readonly found: string;
  readonly isFine: boolean;
  /** What to do. @default - it fits */
  readonly remedy?: string;
}

const startApp = `node -r ${toolkit.ownPackage}/launch main.ts`;

/** What the stacks ask of Terraform: `removed` and `import` blocks, and locks of the state in S3. */
const terraformRange = ">=1.11.0 <2";

/** @param remedy @default - it fits */
function diagnosis(what: string, found: string, remedy?: string): Diagnosis {
  return { what, found, isFine: remedy === undefined, remedy };
}

/** Looks at all that a project needs, and changes nothing. */
export function diagnose(project: string, now = new Date()): Diagnosis[] {
  const { engines, peerDependencies } = packageJson();
  return [
    node(engines.node),
    terraform(),
    toolkitOf(project),
    ...Object.entries(peerDependencies).map(([name, range]) => peer(project, name, range)),
    app(project),
    main(project),
    lock(project),
    layout(project),
    runtimes(project, now),
  ];
}

function node(range: string): Diagnosis {
  const found = process.versions.node;
  return diagnosis("Node", found, satisfies(found, range) ? undefined : `install Node ${range}`);
}

function terraform(): Diagnosis {
  const program = terraformBinary();
  const { stdout, error } = spawnSync(program, ["version", "-json"], {
    encoding: "utf8",
    env: { ...process.env, CHECKPOINT_DISABLE: "1" },
  });
  const [, found] = /"terraform_version": *"([^"]+)"/.exec(stdout ?? "") ?? [];
  if (found !== undefined && satisfies(found, terraformRange)) return diagnosis(program, found);
  return diagnosis(
    program,
    found ?? (error === undefined ? "it reports no version" : "it cannot be run"),
    `install ${isOpenTofu() ? "OpenTofu" : "Terraform"} ${terraformRange}, or set TERRAFORM_BINARY_NAME; a rehearsal of traffic does without`,
  );
}

function toolkitOf(project: string): Diagnosis {
  const { found, remedy } = foundToolkit(project);
  return diagnosis("toolkit", found, remedy);
}

/** A package of which the project and this package must have the same copy. */
function peer(project: string, name: string, range: string): Diagnosis {
  const own = manifestOf(join(project, "main.ts"), name);
  const remedy = `npm install ${name}@${range.split(" || ").at(-1)}`;
  if (own === undefined) return diagnosis(name, "not installed", remedy);
  const found = (JSON.parse(readFileSync(own, "utf8")) as { version: string }).version;
  if (!satisfies(found, range)) return diagnosis(name, found, remedy);
  if (isAnotherCopy(project, name))
    return diagnosis(
      name,
      `two copies: ${dirname(own)} and ${dirname(manifestOf(__filename, name) ?? "")}`,
      `have one copy: 'npm ls ${name}' shows who brings them, 'npm dedupe' may join them`,
    );
  return diagnosis(name, found);
}

function app(project: string): Diagnosis {
  const file = join(project, "cdktf.json");
  if (!existsSync(file)) return diagnosis("cdktf.json", "not there", "npx lambda-release init writes one");
  try {
    const { app: command } = JSON.parse(readFileSync(file, "utf8")) as { app?: string };
    if (command !== undefined) return diagnosis("cdktf.json", command);
  } catch {}
  return diagnosis("cdktf.json", "no command 'app'", `give it "app": "${startApp}"`);
}

function main(project: string): Diagnosis {
  const sources = readdirSync(project).filter((name) => /\.[cm]?[jt]s$/.test(name));
  const calling = sources.find((name) => readFileSync(join(project, name), "utf8").includes("addReleases"));
  if (calling !== undefined) return diagnosis("addReleases", calling);
  return diagnosis(
    "addReleases",
    "no file of the project's folder calls it",
    "add to main.ts: addReleases(app, __dirname).then(() => app.synth())",
  );
}

function lock(project: string): Diagnosis {
  if (!existsSync(join(project, lockFile)))
    return diagnosis(
      lockFile,
      "not there",
      `${lockCommand()} writes it: without it each machine takes providers unchecked`,
    );
  const remedy = `${lockCommand()} writes it again`;
  const source = "hashicorp/aws";
  const lock = ProviderLock.of(filesOnDisk(project));
  const [missing] = lock.missing([source]);
  if (missing !== undefined) return diagnosis(lockFile, `has no hashes of ${missing}`, remedy);
  const [locked, used] = [lock.versionOf(source), awsProviderOf(project)];
  if (used !== undefined && locked !== used.version)
    return diagnosis(lockFile, `AWS provider ${locked}, and ${used.from} is ${used.version}`, remedy);
  return diagnosis(lockFile, "there");
}

/** Runtimes of the functions, each with the services that have it where AWS soon maintains it no more. */
function runtimes(project: string, now: Date): Diagnosis {
  const { releases, problems } = readReleases(filesOnDisk(project));
  if (problems.length > 0)
    return diagnosis(
      "runtimes",
      "unknown",
      "'npx lambda-release synth' shows the problems of the release files",
    );
  // Without a successor there is nothing to do yet.
  const remedies = usedRuntimeNotices(releases, now, awsProviderOf(project))
    .filter(({ successor }) => successor !== undefined)
    .map(({ text, services }) => `${text} (${services.join(", ")})`);
  const found = [...usedRuntimes(releases).keys()].sort().join(", ");
  return diagnosis("runtimes", found || "none", remedies.length === 0 ? undefined : remedies.join("; "));
}

/** What a project has that was a copy of this package's repository. */
const former: readonly { readonly path: string; readonly remedy: string }[] = [
  {
    path: "launch",
    remedy: `delete it, and start the app by "${startApp}" in cdktf.json`,
  },
  {
    path: "releases/release.schema.json",
    remedy: `delete it, and name node_modules/${toolkit.ownPackage}/schemas in '$schema'`,
  },
  {
    path: "releases/environment.schema.json",
    remedy: `delete it, and name node_modules/${toolkit.ownPackage}/schemas in '$schema'`,
  },
  { path: "lambdas/hooks/hook.ts", remedy: `delete it, and import "${toolkit.ownPackage}/hooks" in hooks` },
];

function layout(project: string): Diagnosis {
  const found = former.filter(({ path }) => existsSync(join(project, path)));
  if (found.length === 0) return diagnosis("layout", "as this version has it");
  return diagnosis(
    "layout",
    found.map(({ path }) => path).join(", "),
    found.map(({ path, remedy }) => `${path}: ${remedy}`).join("; "),
  );
}
