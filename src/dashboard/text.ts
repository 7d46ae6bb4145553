import { inSeconds } from "../release/time";
import { versionText } from "../review/step";
import { duration } from "../terminal/duration";
import { type Html, html } from "./html";

/** `v1 90 %, v2 10 %`: those that have users. */
export function sharesText(shares: Readonly<Record<string, number>>): string {
  return Object.entries(shares)
    .filter(([, percent]) => percent > 0)
    .map(([version, percent]) => `${versionText(version)} ${percent} %`)
    .join(", ");
}

/** `2026-11-27 09:00 UTC`, as people read a time of a file. */
export function moment(time: string): Html {
  return html`<time datetime="${time}">${time.slice(0, 16).replace("T", " ")} UTC</time>`;
}

/** `2026-11-27 09:00:05 UTC` */
export function momentInSeconds(time: Date): Html {
  const text = inSeconds(time);
  return html`<time datetime="${text}">${text.replace("T", " ").replace("Z", " UTC")}</time>`;
}

/** The same, and how long that is ago. */
export function since(time: string, now: Date): Html {
  return html`for ${duration(time, now)}, since ${moment(time)}`;
}

/** The class that gives a version its colour, the same wherever a page shows the version. */
export function colourOf(versions: readonly string[], version: string): string {
  const index = versions.indexOf(version);
  return `c${(index < 0 ? versions.length : index) % colours}`;
}

/** How many colours `parts.css` has. */
const colours = 6;
