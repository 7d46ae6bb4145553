import { type Html, html } from "./html";
import { colourOf } from "./text";

/**
 * Shares as one bar; what it says must stand beside it as text. The page's policy allows no `style` attributes, so it
 * is drawn.
 *
 * @param all the versions that have colours, in their order
 */
export function shareBar(
  shares: Readonly<Record<string, number>>,
  all: readonly string[],
  kind = "bar",
): Html {
  let left = 0;
  const parts = Object.entries(shares)
    .filter(([, percent]) => percent > 0)
    .map(([version, percent]) => {
      const x = left;
      left += percent;
      return html`<rect class="${colourOf(all, version)}" x="${x}" width="${percent}" height="10"/>`;
    });
  return html`<svg class="${kind}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`;
}

/** A square in the colour of a version, before its name. */
export function swatch(all: readonly string[], version: string): Html {
  return html`<svg class="swatch" viewBox="0 0 10 10" aria-hidden="true"><rect class="${colourOf(all, version)}" width="10" height="10" rx="2"/></svg>`;
}
