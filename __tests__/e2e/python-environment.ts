import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Installs something by pip. */
type Pip = (...args: string[]) => void;

/**
 * Installs what a folder's `requirements.txt` lists into the virtual environment `.venv` beside it, once for each
 * content of that and of the sources.
 *
 * @param what is told to be installed
 * @param sources files that are installed too
 * @param more installs them
 */
export function installPython(
  folder: string,
  what: string,
  sources: readonly string[] = [],
  more: (pip: Pip) => void = () => {},
): void {
  const environment = join(folder, ".venv");
  const requirements = join(folder, "requirements.txt");
  const wanted = createHash("sha256");
  for (const file of [requirements, ...sources]) wanted.update(readFileSync(file));
  const digest = wanted.digest("hex");
  const stamp = join(environment, "installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  process.stderr.write(`Installing ${what} into a virtual environment: this takes a minute or two.\n`);
  execFileSync("python3", ["-m", "venv", "--clear", environment], { stdio: "ignore" });
  const pip: Pip = (...args) => {
    execFileSync(join(environment, "bin/pip"), ["install", "--quiet", ...args], {
      stdio: ["ignore", "ignore", "inherit"],
    });
  };
  pip("--require-hashes", "--requirement", requirements);
  more(pip);
  writeFileSync(stamp, digest);
}
