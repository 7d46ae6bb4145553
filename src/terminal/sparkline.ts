const blocks = "▁▂▃▄▅▆▇█";
/** For a terminal that shows no blocks. */
const signs = "_.:-=+*#";

/**
 * Whether a terminal shows Unicode, as its locale says: https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html.
 * Windows has no locale, and its terminals do. The Linux console's font has two of the eight blocks.
 */
export function hasUnicode(env: NodeJS.ProcessEnv = process.env): boolean {
  if (env["TERM"] === "linux") return false;
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"];
  return locale === undefined || locale === "" || /utf-?8/i.test(locale);
}

/**
 * The last values as a small plot, as wide as `width`: `▁▂▅█▃`. A value that is not known is a space.
 *
 * @param most what is drawn as high as it gets. @default - the highest of the values that are drawn
 */
export function sparkline(
  values: readonly (number | null)[],
  width: number,
  { isUnicode, most }: { readonly isUnicode: boolean; readonly most?: number },
): string {
  const drawn = values.slice(-width);
  const highest = most ?? Math.max(0, ...drawn.map((value) => value ?? 0));
  const levels = isUnicode ? blocks : signs;
  return drawn
    .map((value) => {
      if (value === null) return " ";
      // Only nothing is drawn as nothing.
      const share = highest > 0 ? Math.min(1, value / highest) : 0;
      return levels[value === 0 ? 0 : Math.max(1, Math.ceil(share * levels.length) - 1)];
    })
    .join("")
    .padStart(width);
}
