import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

/** Where a Chromium is unpacked that cannot be installed. */
const ownFolder = join(homedir(), ".cache/lambda-release/chromium");

/** A Chromium of this machine. */
interface Chromium {
  readonly path: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * The Chromium that is on this machine, or Debian's, which is brought then: installed as root, else unpacked with all
 * that it needs into `~/.cache/lambda-release`.
 *
 * @throws with one line where that is not possible
 */
export function findChromium(): Chromium {
  const found = installed() ?? unpacked();
  if (found !== undefined) return found;
  if (spawnSync("apt-get", ["--version"]).status !== 0)
    throw new Error("the tests of pages need Chromium: install it, or set CHROMIUM to its path");
  if (process.getuid?.() === 0) install();
  else unpack();
  const brought = installed() ?? unpacked();
  if (brought === undefined) throw new Error("apt-get brought no chromium: set CHROMIUM to the path of one");
  return brought;
}

function installed(): Chromium | undefined {
  const given = process.env["CHROMIUM"];
  if (given !== undefined) return { path: given };
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const path = names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => existsSync(file));
  return path === undefined ? undefined : { path };
}

function unpacked(): Chromium | undefined {
  const path = join(ownFolder, "usr/lib/chromium/chromium");
  if (!existsSync(path)) return undefined;
  const libraries = join(ownFolder, "usr/lib");
  const folders = [libraries, ...readdirSync(libraries).map((name) => join(libraries, name))];
  return { path, variables: { LD_LIBRARY_PATH: folders.join(delimiter) } };
}

function install(): void {
  const packages = ["install", "--yes", "--no-install-recommends", "chromium"];
  if (apt(packages).status === 0) return;
  apt(["update"]);
  const { status, stderr } = apt(packages);
  if (status !== 0) throw new Error(`apt-get cannot install chromium: ${lastLine(stderr)}`);
}

/** Without the rights to install: the packages that apt would install, each unpacked. */
function unpack(): void {
  const planned = apt(["install", "--simulate", "--no-install-recommends", "chromium"]);
  const packages = [...planned.stdout.matchAll(/^Inst (\S+)/gm)].map(([, name = ""]) => name);
  if (planned.status !== 0 || packages.length === 0)
    throw new Error(`apt-get knows no chromium: ${lastLine(planned.stderr)}`);
  mkdirSync(ownFolder, { recursive: true });
  const { status, stderr } = apt(["download", ...packages], ownFolder);
  if (status !== 0) throw new Error(`apt-get cannot download chromium: ${lastLine(stderr)}`);
  for (const file of readdirSync(ownFolder).filter((name) => name.endsWith(".deb"))) {
    const made = spawnSync("dpkg", ["-x", file, "."], { cwd: ownFolder, encoding: "utf8" });
    if (made.status !== 0) throw new Error(`dpkg cannot unpack ${file}: ${lastLine(made.stderr)}`);
  }
}

function apt(args: readonly string[], cwd?: string) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", args, { cwd, env, encoding: "utf8", timeout: 240_000 });
}

function lastLine(text: string | null): string {
  return (text ?? "").trim().split("\n").at(-1) || "it says nothing";
}

export async function startChromium(): Promise<Browser> {
  const { path, variables } = findChromium();
  return chromium.launch({
    executablePath: path,
    env: { ...process.env, ...variables } as Record<string, string>,
    // Root has no user namespace to put a sandbox into.
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    timeout: 60_000,
  });
}

export interface OpenOptions {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
}

/** A page in a window of its own, with what it did that nobody should see: errors, and what it asked for. */
export interface Opened {
  readonly page: Page;
  /** Lines of its console that warn, errors and what its policy kept from it. */
  readonly complaints: readonly string[];
  /** The addresses that it asked for, in order. */
  readonly requests: readonly string[];
}

export async function open(
  browser: Browser,
  url: string,
  { colorScheme = "light", width = 1200, height = 900 }: OpenOptions = {},
): Promise<Opened> {
  const page = await browser.newPage({ colorScheme, viewport: { width, height } });
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (line) => {
    if (["error", "warning"].includes(line.type())) complaints.push(line.text());
  });
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(url);
  return { page, complaints, requests };
}

/** The text that is hardest to read, and its contrast: text of 4.5 and more is legible. */
export function leastContrast(page: Page): Promise<{ readonly contrast: number; readonly text: string }> {
  return page.evaluate(readFileSync(join(__dirname, "least-contrast.js"), "utf8"));
}
