/** Shapes of a picture in SVG, and the page that they are drawn on. */

export const boxHeight = 64;

/** A colour in the light theme, and in the dark one. */
type Colour = readonly [light: string, dark: string];

/** Colours of what a CSS selector names. */
export type Theme = Readonly<Record<string, { readonly fill?: Colour; readonly stroke?: Colour }>>;

export interface Page {
  readonly width: number;
  readonly height: number;
  readonly fontSize: number;
  readonly title: string;
  /** Colours of what this picture alone has. */
  readonly theme: Theme;
}

const everyPage: Theme = {
  text: { fill: ["#1f2328", "#f0f6fc"] },
  ".faint": { fill: ["#59636e", "#9198a1"] },
  ".page": { fill: ["#ffffff", "#151b23"], stroke: ["#d1d9e0", "#3d444d"] },
  ".box": { stroke: ["#818b98", "#656c76"] },
  ".line": { stroke: ["#59636e", "#9198a1"] },
  ".head": { fill: ["#59636e", "#9198a1"] },
};

/**
 * A whole picture, in a light and a dark theme.
 *
 * An `<img>` follows the theme of the browser, which need not be that of the page around it. So the picture has a
 * background of its own.
 */
export function page({ width, height, fontSize, title, theme }: Page, shapes: readonly string[]): string {
  const colours = { ...everyPage, ...theme };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="${fontSize}">`,
    `<title>${escaped(title)}</title>`,
    "<style>",
    ...rules(colours, 0),
    "@media (prefers-color-scheme: dark) {",
    ...rules(colours, 1),
    "}",
    "</style>",
    `<rect class="page" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>`,
    ...shapes,
    "</svg>\n",
  ].join("\n");
}

/** @param kind the class that gives the box its colour */
export function box(x: number, y: number, boxWidth: number, lines: readonly string[], kind: string): string {
  const first = y + boxHeight / 2 + 5 - (lines.length - 1) * 9;
  return [
    `<rect class="box ${kind}" x="${x}" y="${y}" width="${boxWidth}" height="${boxHeight}" rx="8"/>`,
    ...lines.map((line, index) =>
      text(x + boxWidth / 2, first + index * 18, line, "middle", index === 0 ? 600 : 400),
    ),
  ].join("\n");
}

export function arrow(x1: number, y1: number, x2: number, y2: number, strokeWidth: number): string {
  const bend = (x1 + x2) / 2;
  return [
    `<path class="line" d="M${x1} ${y1} C${bend} ${y1} ${bend} ${y2} ${x2 - 8} ${y2}" fill="none" stroke-width="${strokeWidth}"/>`,
    `<path class="head" d="M${x2} ${y2} l-10 -6 v12 z"/>`,
  ].join("\n");
}

/** @param kind the class that gives the text its colour. @default - that of all text */
export function text(
  x: number,
  y: number,
  content: string,
  anchor: string,
  weight: number,
  kind?: string,
): string {
  const named = kind === undefined ? "" : ` class="${kind}"`;
  return `<text${named} x="${x}" y="${y}" text-anchor="${anchor}" font-weight="${weight}">${escaped(content)}</text>`;
}

function rules(theme: Theme, scheme: 0 | 1): string[] {
  return Object.entries(theme).map(([selector, colours]) => {
    const set = Object.entries(colours).map(([property, colour]) => `${property}: ${colour[scheme]}`);
    return `${selector} { ${set.join("; ")} }`;
  });
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
