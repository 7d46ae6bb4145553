import { writeSync } from "node:fs";
import { printable } from "../terminal/printable";

/** Names the file descriptor that notices go to, in an app whose own stderr is collected until it ends. */
export const noticesVariable = "LAMBDA_RELEASE_NOTICES";

/** What is quicker than this needs no notice. */
const afterMs = 1000;

/**
 * Installs packages. After a second a line on stderr says what is installed, and for which version.
 *
 * @param kind `npm`
 * @param folder of the version, relative to the project
 */
export async function withNotice<T>(
  count: number,
  kind: string,
  folder: string,
  install: () => Promise<T>,
): Promise<T> {
  const packages = count === 1 ? "package" : "packages";
  const timer = setTimeout(() => say(`installing   ${count} ${kind} ${packages} for ${folder}`), afterMs);
  try {
    return await install();
  } finally {
    clearTimeout(timer);
  }
}

function say(line: string): void {
  try {
    writeSync(Number(process.env[noticesVariable] ?? 2), `${printable(line)}\n`);
  } catch {
    // Nobody reads it, and the work goes on.
  }
}
