import type { Position } from "../release/problem";

/** What a requirements file pins, and what is wrong with other lines of it. */
export interface Requirements {
  /** Names as PyPI compares them. */
  readonly pinned: ReadonlySet<string>;
  readonly faults: readonly {
    readonly message: string;
    readonly value: string;
    readonly position: Position;
  }[];
}

const pin = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*==\s*[A-Za-z0-9][A-Za-z0-9.!+_-]*\s*(?:;.*)?$/;
const options = /^(?:-i|--index-url|--extra-index-url|--trusted-host)[\s=]|^--require-hashes$/;

/** Reads what pip reads: https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
export function readRequirements(text: string): Requirements {
  const pinned = new Set<string>();
  const faults: Requirements["faults"][number][] = [];
  for (const { line, content } of logicalLines(text)) {
    const requirement = content.replace(/\s--hash[=\s]\S+/g, "").trim();
    const [, name] = pin.exec(requirement) ?? [];
    if (name !== undefined) pinned.add(nameOnIndex(name));
    else if (!options.test(requirement)) {
      const message = requirement.startsWith("-")
        ? "must not have this option: the same file would not install the same everywhere"
        : "must pin each package to one version, such as requests==2.32.3";
      faults.push({ message, value: requirement, position: { line, column: 1 } });
    }
  }
  return { pinned, faults };
}

/** https://packaging.python.org/en/latest/specifications/name-normalization/ */
export function nameOnIndex(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** Lines without comments, those that a backslash ends joined with the next; without empty ones. */
function logicalLines(text: string): { readonly line: number; readonly content: string }[] {
  const found: { line: number; content: string }[] = [];
  let begun: { line: number; content: string } | undefined;
  for (const [index, whole] of text.split(/\r?\n/).entries()) {
    const content = whole.replace(/(^|\s)#.*$/, "").trimEnd();
    begun ??= { line: index + 1, content: "" };
    begun.content += content.replace(/\\$/, " ");
    if (content.endsWith("\\")) continue;
    if (begun.content.trim() !== "") found.push({ line: begun.line, content: begun.content.trim() });
    begun = undefined;
  }
  if (begun !== undefined) found.push(begun);
  return found;
}
