/** An output without its numbers and bars: they are drawn, and failures may fall into another minute. */
export function shape(output: string): string {
  return output
    .replace(/[\d,.]+/g, "#")
    .replace(/ +/g, " ")
    .replace(/█+/g, "")
    .trim();
}
