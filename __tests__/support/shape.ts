/** An output without its numbers and bars: times, ports and the luck of the draw differ from run to run. */
export function shape(output: string): string {
  return output
    .replace(/[\d,.]+(e[+-]?\d+)?/g, "#")
    .replace(/█+/g, "")
    .replace(/ +/g, " ")
    .trim();
}
