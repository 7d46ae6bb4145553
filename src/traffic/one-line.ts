/** A text printable and short: all white space and control characters are one space. */
export function oneLine(text: string, most = 100): string {
  const line = text.replace(/[\p{C}\s]+/gu, " ").trim();
  return line.length > most ? `${line.slice(0, most - 3)}...` : line;
}
