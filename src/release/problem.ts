import { printable } from "../terminal/printable";

/** A path into a JSON document: `["canary", "percent"]`. */
export type FieldPath = readonly (string | number)[];

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** One thing wrong with one file, told in one line. */
export interface Problem {
  /** Path of the file, relative to the project. */
  readonly file: string;
  /** The field; empty when the whole file is meant. */
  readonly field: FieldPath;
  /** What must hold, as the end of a sentence: `must be a number between 0 and 100`. */
  readonly message: string;
  /** The value that was found. @default - none is shown, as for a missing field */
  readonly value?: unknown;
  /** Where in the file. @default - the line carries the file's name alone */
  readonly position?: Position;
}

/** `api.routes[0].path`, `versions["1.2.3"].settings` */
export function fieldName(field: FieldPath): string {
  return field.reduce<string>((name, key) => {
    if (typeof key === "number") return `${name}[${key}]`;
    if (name !== "" && key.includes(".") && !/\p{C}/u.test(key)) return `${name}[${JSON.stringify(key)}]`;
    const shownKey = /\p{C}/u.test(key) ? JSON.stringify(key) : key;
    return name === "" ? shownKey : `${name}.${shownKey}`;
  }, "");
}

/** `releases/dev/greeting.json:6:38 'canary.percent' must be a number between 0 and 100, got 150` */
export function formatProblem({ file, field, message, value, position }: Problem): string {
  const place = position === undefined ? file : `${file}:${position.line}:${position.column}`;
  const subject = field.length === 0 ? "" : `'${fieldName(field)}' `;
  const received = value === undefined ? "" : `, got ${shown(value)}`;
  return printable(`${place} ${subject}${message}${received}`);
}

function shown(value: unknown): string {
  const json = JSON.stringify(value);
  const text = json.replace(/\p{C}/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
