import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./project";

export const projectFolder = join(__dirname, "../..");

/** The command `lambda-release`, as a program. */
export const bin = join(projectFolder, "bin.js");

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of this project in another folder, with the packages of this one. */
export function copyOfProject(): string {
  const copy = join(temporaryFolder(), "project");
  cpSync(projectFolder, copy, {
    recursive: true,
    // By these dist/ is known to be that of the sources.
    preserveTimestamps: true,
    filter: (path) => !/\/(node_modules|cdktf\.out|\.git|terraform-state|__tests__)$/.test(path),
  });
  symlinkSync(join(projectFolder, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** A command that runs, in a process group of its own. */
export interface Running {
  readonly finished: Promise<Finished>;
  /** What it has printed so far, on stdout. */
  printed(): string;
  /** The same on stderr. */
  printedErrors(): string;
  /** Sends a signal to the whole group, as a terminal does at Ctrl+C. */
  signal(name: NodeJS.Signals): void;
}

/** Runs a command to its end, with nothing to read from and nothing of this machine's AWS but what is given. */
export function run(
  cwd: string,
  command: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return finish(spawn(command, args, options(cwd, variables)));
}

/** Starts a command, as `run` does, that may be ended before it is finished. */
export function start(
  cwd: string,
  command: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Running {
  const child = spawn(command, args, { ...options(cwd, variables), detached: true });
  let [printed, printedErrors] = ["", ""];
  child.stdout?.on("data", (chunk) => {
    printed += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    printedErrors += chunk;
  });
  return {
    finished: finish(child),
    printed: () => printed,
    printedErrors: () => printedErrors,
    signal: (name) => process.kill(-(child.pid as number), name),
  };
}

function options(cwd: string, variables: Readonly<Record<string, string>>) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  const env = { ...Object.fromEntries(own), CHECKPOINT_DISABLE: "1", NODE_OPTIONS: "", ...variables };
  return { cwd, env, stdio: ["ignore", "pipe", "pipe"] } satisfies SpawnOptions;
}

function finish(child: ChildProcess): Promise<Finished> {
  return new Promise((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      stderr += chunk;
    });
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

/** Every file of a project's output, by path, as a digest. */
export function outputOf(project: string): Record<string, string> {
  const folder = join(project, "cdktf.out");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      return [path.slice(folder.length), createHash("sha256").update(readFileSync(path)).digest("hex")];
    }),
  );
}
