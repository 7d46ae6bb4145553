import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import type { FunctionSettings } from "../release/functions/function-settings";
import type { Problem } from "../release/problem";
import { cached, NotInstalled } from "./cache-folder";
import type { FoundFiles } from "./folder-files";
import { hashProblem } from "./hash-problem";
import { withNotice } from "./install-notice";
import { pythonLock } from "./python-lock";
import { nameOnIndex, readRequirements } from "./requirements";
import { isUnreachable, runInstaller } from "./run-installer";

type Target = Pick<FunctionSettings, "runtime" | "architecture">;

/**
 * The files that the requirements of a Python function's folder bring, by their paths in its package:
 * `requirements.txt`, or without one `uv.lock`.
 *
 * @param folder relative to the project
 */
export async function pythonPackages(project: string, folder: string, target: Target): Promise<FoundFiles> {
  const lock = pythonLock(join(project, folder));
  if (lock === undefined) return { files: new Map(), problems: [] };
  const { name, refusal } = lock;
  const file = posix.join(folder, name);
  if (refusal !== undefined) return { files: new Map(), problems: [{ file, field: [], message: refusal }] };
  try {
    const text =
      name === "uv.lock" ? await exported(project, folder) : await readFile(join(project, file), "utf8");
    const { pinned, faults } = readRequirements(text);
    if (faults.length > 0)
      return { files: new Map(), problems: faults.map((fault) => ({ file, field: [], ...fault })) };
    if (pinned.size === 0) return { files: new Map(), problems: [] };
    const digest = createHash("sha256")
      .update(["1", target.runtime, target.architecture, text].join("\0"))
      .digest("hex")
      .slice(0, 32);
    const home = await cached(`pip-${digest}`, (into) =>
      withNotice(pinned.size, "Python", folder, () => install(text, pinned, target, into)),
    );
    return { files: await filesIn(join(home, "packages")), problems: [] };
  } catch (error) {
    if (!(error instanceof NotInstalled)) throw error;
    const problem: Problem = { file, field: [], message: error.message };
    return { files: new Map(), problems: [problem] };
  }
}

/** What uv locked, as requirements with hashes. */
async function exported(project: string, folder: string): Promise<string> {
  // Without network uv compares the lock file with pyproject.toml, and resolves nothing anew.
  const checked = await exportBy(project, folder, ["--locked", "--offline"]);
  if (checked.status === 0) return checked.stdout;
  if (/needs to be updated|No solution found/.test(checked.output))
    throw new NotInstalled(`must be in sync with pyproject.toml: run 'uv lock' in ${folder}`);
  const { status, stdout, output } = await exportBy(project, folder, ["--frozen"]);
  if (status === 0) return stdout;
  if (status === undefined)
    throw new NotInstalled(
      "must be read by uv, which is not on the path: install uv, or run 'uv export --frozen --no-dev --no-emit-project -o requirements.txt' where it is",
    );
  throw new NotInstalled(`must be a lock file that 'uv export' reads: ${lastLine(output)}`);
}

function exportBy(project: string, folder: string, options: readonly string[]) {
  const args = ["--quiet", ...options, "--no-dev", "--no-emit-project", "--no-header"];
  return runInstaller("uv", ["export", ...args, "--format=requirements-txt"], join(project, folder));
}

async function install(
  text: string,
  pinned: ReadonlySet<string>,
  { runtime, architecture }: Target,
  into: string,
): Promise<void> {
  const version = runtime.slice("python".length);
  const requirements = join(into, "requirements.txt");
  const packages = join(into, "packages");
  await writeFile(requirements, text);
  const { status, output } = await runInstaller(
    "python3",
    [
      join(__dirname, "pip-install.py"),
      version,
      architecture === "arm64" ? "aarch64" : "x86_64",
      "install",
      "--quiet",
      "--no-input",
      "--disable-pip-version-check",
      "--no-compile",
      "--retries=1",
      "--only-binary=:all:",
      "--implementation=cp",
      `--python-version=${version}`,
      ...[`cp${version.replace(".", "")}`, "abi3", "none"].map((abi) => `--abi=${abi}`),
      ...platforms(version, architecture).map((platform) => `--platform=${platform}`),
      `--target=${packages}`,
      `--requirement=${requirements}`,
    ],
    into,
  );
  if (status !== 0) throw new NotInstalled(reason(status, output, { runtime, architecture }));
  const more = (await installedIn(packages)).filter(({ name }) => !pinned.has(nameOnIndex(name)));
  if (more.length > 0)
    throw new NotInstalled(
      `must pin all that is installed, also what its packages need: add ${more.map(({ name, version }) => `${name}==${version}`).join(", ")}`,
    );
}

/**
 * What Lambda's systems take, the newest first: Amazon Linux 2023 has glibc 2.34, Amazon Linux 2 has 2.26.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
function platforms(version: string, architecture: Target["architecture"]): string[] {
  const machine = architecture === "arm64" ? "aarch64" : "x86_64";
  const newest = ["3.10", "3.11"].includes(version) ? 26 : 34;
  const minors = Array.from({ length: newest - 17 + 1 }, (_, index) => newest - index);
  return [...minors.map((minor) => `manylinux_2_${minor}_${machine}`), `manylinux2014_${machine}`];
}

function reason(status: number | undefined, output: string, { runtime, architecture }: Target): string {
  if (status === undefined || /No module named '?pip/.test(output))
    return "must be installed by python3 with pip, which cannot be run: 'python3 -m pip --version' must work";
  if (isUnreachable(output))
    return "must be installed once from the package index, which cannot be reached: connect to the network and run the command again";
  return (
    hashProblem(output) ??
    `must be installed from wheels for ${runtime} on ${architecture}: ${lastLine(output)}`
  );
}

/** What an installer says at last of an error. */
function lastLine(output: string): string {
  const lines = output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const errors = lines.filter((line) => /^error:/i.test(line));
  return (errors.at(-1) ?? lines.at(-1) ?? "it failed").replace(/^error: /i, "");
}

/** `<name>-<version>.dist-info` */
async function installedIn(folder: string): Promise<{ readonly name: string; readonly version: string }[]> {
  const names = existsSync(folder) ? (await readdir(folder)).sort() : [];
  return names.flatMap((entry) => {
    const [, name, version] = /^([^-]+)-(.+)\.dist-info$/.exec(entry) ?? [];
    return name === undefined || version === undefined ? [] : [{ name, version }];
  });
}

/** What tells of the machine or of the installation, and what Python makes anew. */
const ofMachine =
  /^bin\/|(^|\/)__pycache__\/|\.pyc$|^[^/]+\.dist-info\/(RECORD|INSTALLER|REQUESTED|direct_url\.json)$/;

async function filesIn(folder: string): Promise<Map<string, Uint8Array>> {
  const entries = existsSync(folder) ? await readdir(folder, { recursive: true, withFileTypes: true }) : [];
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !ofMachine.test(path))
    .sort();
  const files = new Map<string, Uint8Array>();
  for (const path of paths) files.set(path, await readFile(join(folder, path)));
  return files;
}
