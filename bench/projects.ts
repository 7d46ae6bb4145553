import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isKnownTo } from "../src/release/aws/aws-provider";
import { type Strategy, strategies } from "../src/release/strategies/names";
import { models } from "../src/release/strategies/strategies";
import { awsProviderOf } from "../src/synth/installed-package";

export const project = join(__dirname, "..");
const folders: string[] = [];
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A copy of the program with no releases, which is gone when this process ends. */
export function emptyCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), "lambda-release-bench-"));
  folders.push(copy);
  const left = ["node_modules", "cdktf.out", "releases", "lambdas", "terraform-state", "__tests__"];
  for (const name of readdirSync(project)) {
    if (!name.startsWith(".") && !left.includes(name))
      cpSync(join(project, name), join(copy, name), { recursive: true, preserveTimestamps: true });
  }
  symlinkSync(join(project, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** A copy whose app is started from the TypeScript sources. */
export function copyWithSources(): string {
  const copy = emptyCopy();
  for (const name of ["releases", "lambdas"])
    cpSync(join(project, name), join(copy, name), { recursive: true });
  const main = readFileSync(join(project, "main.ts"), "utf8");
  write(copy, "main.ts", main.replace("lambda-release", "./stacks/releases"));
  return copy;
}

let user: string | undefined;

/** A project that has the package as it is packed, and this project's releases. */
export function userProject(): string {
  if (user !== undefined) return user;
  user = mkdtempSync(join(tmpdir(), "lambda-release-bench-"));
  folders.push(user);
  const modules = join(user, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync(join(project, "node_modules")))
    if (!name.startsWith(".")) symlinkSync(join(project, "node_modules", name), join(modules, name));
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", user], {
    cwd: emptyCopy(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  execFileSync("tar", ["xzf", join(user, packed.trim().split("\n").at(-1) ?? "")], { cwd: modules });
  renameSync(join(modules, "package"), join(modules, "lambda-release"));
  for (const name of ["releases", "lambdas", "main.ts", "cdktf.json"])
    cpSync(join(project, name), join(user, name), { recursive: true });
  return user;
}

const handler = 'export const handler = async () => ({ statusCode: 200, body: "{}" });\n';

/** A copy of the program with that many services, each with a canary or a blue version of its own, of these strategies in turn. */
export function copyWithServices(count: number, of: readonly Strategy[] = ["canary-stage"]): string {
  const copy = emptyCopy();
  for (const [path, text] of Object.entries(filesOfServices(count, of))) write(copy, path, text);
  return copy;
}

/** The release files and handlers of those services, by their paths. */
export function filesOfServices(count: number, of: readonly Strategy[]): Readonly<Record<string, string>> {
  const files: Record<string, string> = { "releases/dev/environment.json": '{ "region": "eu-central-1" }' };
  for (let index = 1; index <= count; index++) {
    const strategy = of[index % of.length] ?? "canary-stage";
    const { release, codeFolders } = services[strategy];
    const service = `service${index}`;
    files[`releases/dev/${service}.json`] = JSON.stringify({ strategy, ...release });
    for (const folder of codeFolders) files[`lambdas/${service}/${folder}${service}.ts`] = handler;
  }
  return files;
}

/** The strategies whose stacks the installed AWS provider can have. */
export function deployableStrategies(): Strategy[] {
  const installed = awsProviderOf(project);
  return strategies.filter((strategy) => isKnownTo(installed, { provider: models[strategy].providerSince }));
}

interface Service {
  readonly release: object;
  readonly codeFolders: readonly string[];
}

const shiftedTenPercent = { versions: [1, 2], stable: 1, canary: { version: 2, percent: 10 } };
const containers = { v1: container("1"), v2: container("2") };

/** A service of each strategy: the compiler asks for those that are missing. */
const services: { readonly [S in Strategy]: Service } = {
  "canary-stage": {
    release: { versions: ["v1", "v2"], stable: "v1", canary: { version: "v2", percent: 10 } },
    codeFolders: ["v1/", "v2/"],
  },
  "alias-canary-stage": { release: shiftedTenPercent, codeFolders: [""] },
  "weighted-alias": { release: shiftedTenPercent, codeFolders: [""] },
  "blue-green-stage": {
    release: { versions: [1, 2], stable: 1, blue: { version: 2, sources: ["203.0.113.0/24"] } },
    codeFolders: [""],
  },
  "codedeploy-alias": {
    release: { versions: [1, 2], stable: 1, canary: { version: 2 } },
    codeFolders: [""],
  },
  "ecs-blue-green": {
    release: { versions: containers, stable: "v1", canary: { version: "v2" } },
    codeFolders: [],
  },
  "ecs-native": { release: { versions: containers, stable: "v1" }, codeFolders: [] },
};

function container(digit: string): object {
  return { container: { image: `registry.example.com/service@sha256:${digit.repeat(64)}` } };
}

export function write(folder: string, path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
}
