/** `1,200`, and `1 request` or `2 requests` with a word. */
export function counted(count: number, one?: string): string {
  const number = count.toLocaleString("en");
  return one === undefined ? number : `${number} ${one}${count === 1 ? "" : "s"}`;
}
