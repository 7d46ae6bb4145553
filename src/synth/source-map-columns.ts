const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * A line of a source map's mappings, for code whose columns are others from some columns on. Each segment of a line
 * begins with its column, as the difference to the one before. https://tc39.es/ecma426/#sec-mappings
 *
 * @param shifts columns as they were, each with the number of columns by which what follows moves
 */
export function shifted(line: string, shifts: readonly (readonly [number, number])[]): string {
  if (shifts.length === 0 || line === "") return line;
  const left = [...shifts];
  let column = 0;
  return line
    .split(",")
    .map((segment) => {
      const { value, length } = firstNumber(segment);
      column += value;
      const due = left.filter(([from]) => from <= column);
      for (const one of due) left.splice(left.indexOf(one), 1);
      const by = due.reduce((sum, [, columns]) => sum + columns, 0);
      return by === 0 ? segment : encoded(value + by) + segment.slice(length);
    })
    .join(",");
}

/** Base 64 digits of five bits each, the lowest first; the lowest bit of all is the sign. */
function firstNumber(segment: string): { readonly value: number; readonly length: number } {
  let [bits, length, more] = [0, 0, true];
  while (more) {
    const digit = digits.indexOf(segment[length] ?? "A");
    bits += (digit & 31) * 32 ** length;
    more = digit >= 32;
    length++;
  }
  const value = Math.floor(bits / 2);
  return { value: bits % 2 === 1 ? -value : value, length };
}

function encoded(value: number): string {
  let [bits, text] = [Math.abs(value) * 2 + (value < 0 ? 1 : 0), ""];
  do {
    const rest = Math.floor(bits / 32);
    text += digits[(bits % 32) + (rest > 0 ? 32 : 0)];
    bits = rest;
  } while (bits > 0);
  return text;
}
