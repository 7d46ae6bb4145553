import type { MinutesView, SeriesView } from "../watch/service-view";
import { type Html, html } from "./html";
import { colourOf } from "./text";

const width = 300;
const height = 64;
const edge = 4;

export interface PlottedMinutes {
  readonly of: "requests" | "failed" | "p95";
  readonly title: string;
  /** After a value. */
  readonly unit: string;
}

/** The last minutes of both versions as lines, with the last value of each as text. */
export function minutesPlot(
  { stable, canary }: MinutesView,
  { of, title, unit }: PlottedMinutes,
  all: readonly string[],
): Html {
  const both = canary === undefined ? [stable] : [stable, canary];
  const most = Math.max(1, ...both.flatMap((one) => one[of].map(Number)));
  const lines = both.map((one) => line(one, of, most, colourOf(all, one.version)));
  const values = both.map((one) => `${one.version} ${lastOf(one[of], unit)}`).join(", ");
  return html`<figure><figcaption><b>${title}</b> ${values}</figcaption><svg class="lines" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${title}, minute by minute: now ${values}"><line class="grid" x1="0" x2="${width}" y1="${height - edge}" y2="${height - edge}"/>${lines}</svg></figure>`;
}

/** A gap is where a minute has no value. */
function line(series: SeriesView, of: PlottedMinutes["of"], most: number, colour: string): Html {
  const values = series[of];
  const step = width / Math.max(1, values.length - 1);
  const inner = height - 2 * edge;
  let isDrawing = false;
  const path = values.map((value, index) => {
    if (value === null) {
      isDrawing = false;
      return "";
    }
    const point = `${round(index * step)} ${round(edge + inner * (1 - value / most))}`;
    const command = isDrawing ? "L" : "M";
    isDrawing = true;
    return `${command}${point}`;
  });
  return html`<path class="line-${colour}" d="${path.join("")}"/>`;
}

function lastOf(values: readonly (number | null)[], unit: string): string {
  const last = values.findLast((value) => value !== null) ?? undefined;
  if (last === undefined) return "-";
  return `${last.toLocaleString("en", { maximumFractionDigits: last < 10 ? 1 : 0 })}${unit}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
