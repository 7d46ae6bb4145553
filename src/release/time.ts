/** A time as a file has it: `2026-11-21T09:30:00Z`. */
export function inSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
