/** A number from 0 to below a limit. */
export type Draw = (below: number) => number;

const spaces = ["", "", " ", "  ", "\t", "\n", "\n  ", "\n\t", "\r\n", "\r\n    ", " \n\n ", " \t\n"];
const regular = [
  { gap: "", colon: ":", comma: "," },
  { gap: "", colon: ": ", comma: ", " },
];

/** A JSON value as text whose layout is drawn: one line, many, tabs, CRLF, or odd space between any two tokens. */
export function drawnLayout(value: unknown, draw: Draw): string {
  const kind = draw(5);
  if (kind === 0) return JSON.stringify(value, null, 2) + ["", "\n"][draw(2)];
  if (kind === 1) return JSON.stringify(value, null, "\t").replaceAll("\n", "\r\n");
  if (kind === 2) return inLine(value, regular[draw(2)] as (typeof regular)[number]);
  const any = () => spaces[draw(spaces.length)] as string;
  return any() + withSpace(value, any) + any();
}

function inLine(value: unknown, layout: (typeof regular)[number]): string {
  return tokens(
    value,
    () => layout.gap,
    () => layout.colon,
    () => layout.comma,
  );
}

function withSpace(value: unknown, any: () => string): string {
  return tokens(
    value,
    any,
    () => `${any()}:${any()}`,
    () => `${any()},${any()}`,
  );
}

function tokens(value: unknown, gap: () => string, colon: () => string, comma: () => string): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const parts = Array.isArray(value)
    ? value.map((one) => tokens(one, gap, colon, comma))
    : Object.entries(value).map(
        ([key, one]) => `${JSON.stringify(key)}${colon()}${tokens(one, gap, colon, comma)}`,
      );
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const inner = parts.reduce((text, part) => (text === "" ? part : text + comma() + part), "");
  return `${open}${gap()}${inner}${gap()}${close}`;
}
