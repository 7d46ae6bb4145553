import type { VersionDifference } from "./version-difference";

/** One thing that differs, under what it belongs to: `code`, `settings`, `packages`, `API`. */
export interface DifferenceLine {
  readonly of: "code" | "settings" | "packages" | "API";
  readonly text: string;
  /** Whether a client could break. */
  readonly couldBreak: boolean;
}

/** Two versions' differences in words, a line for each. */
export function differenceLines(difference: VersionDifference): DifferenceLine[] {
  return [
    ...codeLines(difference),
    ...settingLines(difference),
    ...packageLines(difference),
    ...apiLines(difference),
  ];
}

const plain = (of: DifferenceLine["of"]) => (text: string) => ({ of, text, couldBreak: false });

function codeLines({ code }: VersionDifference): DifferenceLine[] {
  if (code === undefined || code.files.length === 0) return [];
  const counted = `${code.files.length} of ${code.all} files, between ${code.folders.join(" and ")}`;
  const files = code.files.map(({ path, kind, lines }) => {
    const count = lines === undefined ? "binary" : `+${lines.added} -${lines.removed}`;
    return `${kind} ${path} (${count})`;
  });
  return [counted, ...files].map(plain("code"));
}

function settingLines({ settings }: VersionDifference): DifferenceLine[] {
  return settings
    .map(({ function: name, field, from, to }) => {
      const what = [...(name === undefined ? [] : [name]), ...(field === "" ? [] : [field])].join(": ");
      if (from === undefined) return `${what} is new: ${to}`;
      return to === undefined ? `${what} is gone, and was ${from}` : `${what} ${from} -> ${to}`;
    })
    .map(plain("settings"));
}

function packageLines({ packages }: VersionDifference): DifferenceLine[] {
  return packages
    .map(({ name, from, to, lock }) => {
      if (from === undefined) return `${name} ${to} is new in ${lock}`;
      return to === undefined
        ? `${name} ${from} is gone from ${lock}`
        : `${name} ${from} -> ${to} in ${lock}`;
    })
    .map(plain("packages"));
}

function apiLines({ definition }: VersionDifference): DifferenceLine[] {
  if (definition === undefined)
    return [plain("API")("one of the definitions is in no commit of this clone, so they are not compared")];
  return definition.map(({ what, change, couldBreak }) => ({
    of: "API",
    text: `${what} ${change}`,
    couldBreak,
  }));
}
