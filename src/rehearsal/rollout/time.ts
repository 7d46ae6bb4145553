const second = 1000;
const minute = 60 * second;

/** `0:38`, `100:00` or `-2:00`: minutes and seconds. */
export function clockTime(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / second);
  const sign = ms < 0 && seconds > 0 ? "-" : "";
  return `${sign}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** `0.25 %`, without what a number of a computer's brings along. */
export function percentText(percent: number): string {
  return `${Number(percent.toFixed(4))} %`;
}

export { minute };
