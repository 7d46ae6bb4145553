import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { guardOutput } from "../src/terminal/output";

/**
 * Lints .github/workflows: `npm run lint:workflows`. actionlint knows the syntax, the expressions and the actions'
 * inputs; zizmor knows what an attacker would look for. Neither asks GitHub anything.
 */
const project = join(__dirname, "..");
const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";
const requirements = join(__dirname, "requirements.txt");
const environment = join(__dirname, ".venv");

/** A linter that cannot be run here, and why. */
class Missing extends Error {}

function run(command: string, args: readonly string[]): number {
  const { status, error } = spawnSync(command, args, { cwd: project, stdio: "inherit" });
  if (error !== undefined) throw new Missing(`${command} cannot be run: ${error.message}`);
  return status ?? 1;
}

function needs(command: string, args: readonly string[], what: string): void {
  const { status } = spawnSync(command, args, { stdio: "ignore" });
  if (status !== 0) throw new Missing(`${what} needs ${command}, which is not installed`);
}

function lintSyntax(): boolean {
  needs("go", ["version"], "actionlint");
  // The same verdict on every machine, whatever else is installed there.
  return run("go", ["run", actionlint, "-shellcheck=", "-pyflakes="]) === 0;
}

function lintSecurity(): boolean {
  needs("python3", ["-c", "import venv"], "zizmor");
  install();
  const options = ["--offline", "--no-progress", "--quiet", ".github"];
  return run(join(environment, "bin/zizmor"), options) === 0;
}

/** zizmor goes into a virtual environment of this project's own, once for each version. */
function install(): void {
  const stamp = join(environment, "installed");
  const wanted = readFileSync(requirements, "utf8");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  rmSync(environment, { recursive: true, force: true });
  if (run("python3", ["-m", "venv", environment]) !== 0)
    throw new Missing("zizmor needs a virtual environment, which python3 cannot make");
  const pip = [
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--require-hashes",
    "--requirement",
    requirements,
  ];
  if (run(join(environment, "bin/pip"), pip) !== 0) throw new Missing("zizmor cannot be installed");
  writeFileSync(stamp, wanted);
}

/** @returns whether it was found good; a linter that cannot be run is a fault where CI is set */
function told(name: string, lint: () => boolean): boolean {
  try {
    const ok = lint();
    console.log(`${name.padEnd(10)} ${ok ? "nothing found" : "found the above"}`);
    return ok;
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    console.error(`${name.padEnd(10)} NOT RUN: ${error.message}`);
    return !process.env["CI"];
  }
}

guardOutput(1);
const results = [told("actionlint", lintSyntax), told("zizmor", lintSecurity)];
process.exitCode = results.every((ok) => ok) ? 0 : 1;
