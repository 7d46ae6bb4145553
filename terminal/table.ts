/** Lines whose columns line up: numbers to the right, with or without a unit, everything else to the left. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const isNumeric = head.map((_, column) => {
    const cells = rows.map((row) => row[column] ?? "").filter((cell) => cell !== "" && cell !== "-");
    return column > 0 && cells.length > 0 && cells.every((cell) => /^\d/.test(cell));
  });
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return isNumeric[column] === true ? cell.padStart(width) : cell.padEnd(width);
        })
        .join("   ")
        .trimEnd(),
    )
    .join("\n");
}
