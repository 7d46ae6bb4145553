import { printable } from "../terminal/printable";

/** A part of a page. Whatever is put into one by `html` is text, unless it is such a part itself. */
export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

type Value = Html | string | number | undefined | readonly Value[];

/**
 * A template of HTML or SVG: values are escaped, lists are joined, and `undefined` is nothing. In a template every value
 * stands in an element or in an attribute with double quotes.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  const [first = "", ...rest] = strings;
  return new Html(rest.reduce((all, part, index) => `${all}${textOf(values[index])}${part}`, first));
}

function textOf(value: Value): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(textOf).join("");
  return escaped(String(value));
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** What would hide or reorder other text is shown as its code, as in a terminal. */
function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
