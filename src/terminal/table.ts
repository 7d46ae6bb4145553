import { stripVTControlCharacters } from "node:util";

/** `1,204`, `90 %`, `3 h 20 min`, `19ms`; a time is none. */
const numeric = /^\d[\d.,]*($|[ %]|[a-zµ]+$)/;

/** Titles of columns whose ids may look like numbers, such as `4051967`. */
const titlesOfIds = ["commit"];

/**
 * Lines whose columns line up: numbers to the right, with or without a unit, everything else to the left.
 *
 * @param gap spaces between two columns. @default 3
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[], gap = 3): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => widthOf(row[column] ?? ""))),
  );
  const isNumeric = head.map((title, column) => {
    const cells = rows.map((row) => row[column] ?? "").filter((cell) => cell !== "" && cell !== "-");
    return (
      column > 0 &&
      !titlesOfIds.includes(title) &&
      cells.length > 0 &&
      cells.every((cell) => numeric.test(cell))
    );
  });
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          const space = " ".repeat(width - widthOf(cell));
          return isNumeric[column] === true ? space + cell : cell + space;
        })
        .join(" ".repeat(gap))
        .trimEnd(),
    )
    .join("\n");
}

/** A colour takes no place. */
function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
