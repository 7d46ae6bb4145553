import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What says which packages are installed, the first one that is there. */
const read = ["requirements.txt", "uv.lock"];

/** Lock files of others, which are not read. */
const others = ["poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml"];

/** Where the packages of a Python function's folder are named. */
export interface PythonLock {
  readonly name: string;
  /** Why nothing of it would be installed. @default - it is read */
  readonly refusal?: string;
}

/**
 * @param folder absolute path
 * @returns nothing where the folder names no packages
 */
export function pythonLock(folder: string): PythonLock | undefined {
  const found = read.find((name) => existsSync(join(folder, name)));
  if (found !== undefined) return { name: found };
  const other = others.find((name) => existsSync(join(folder, name)));
  if (other !== undefined) {
    const refusal =
      "must not be all that locks packages here: synthesis installs what requirements.txt or uv.lock locks, so export this file to requirements.txt";
    return { name: other, refusal };
  }
  const name = "pyproject.toml";
  if (!existsSync(join(folder, name)) || !hasDependencies(readFileSync(join(folder, name), "utf8")))
    return undefined;
  const refusal = `must have its dependencies locked: run 'uv lock' here, or write requirements.txt`;
  return { name, refusal };
}

/** Of a project, by the standard or by Poetry: others have tables for tools, which say nothing of the code. */
function hasDependencies(toml: string): boolean {
  const lines = toml.split(/\r?\n/).map((line) => line.replace(/(^|\s)#.*$/, "").trim());
  const standard = /^dependencies\s*=\s*\[\s*["']/m.test(tableOf(lines, "project").join("\n"));
  const poetry = tableOf(lines, "tool.poetry.dependencies");
  return (
    standard || poetry.some((line) => /^["']?[\w.-]+["']?\s*=/.test(line) && !/^["']?python\b/.test(line))
  );
}

function tableOf(lines: readonly string[], name: string): readonly string[] {
  const start = lines.indexOf(`[${name}]`);
  if (start < 0) return [];
  const end = lines.findIndex((line, index) => index > start && /^\[[^\]]+\]+$/.test(line));
  return lines.slice(start + 1, end < 0 ? undefined : end);
}
