/** Shapes of a picture in SVG. */

export const boxHeight = 64;

export function box(x: number, y: number, boxWidth: number, lines: readonly string[], fill: string): string {
  const first = y + boxHeight / 2 + 5 - (lines.length - 1) * 9;
  return [
    `<rect x="${x}" y="${y}" width="${boxWidth}" height="${boxHeight}" rx="8" fill="${fill}" stroke="#9ca3af"/>`,
    ...lines.map((line, index) =>
      text(x + boxWidth / 2, first + index * 18, line, "middle", index === 0 ? 600 : 400),
    ),
  ].join("\n");
}

export function arrow(x1: number, y1: number, x2: number, y2: number, strokeWidth: number): string {
  const bend = (x1 + x2) / 2;
  return [
    `<path d="M${x1} ${y1} C${bend} ${y1} ${bend} ${y2} ${x2 - 8} ${y2}" fill="none" stroke="#4b5563" stroke-width="${strokeWidth}"/>`,
    `<path d="M${x2} ${y2} l-10 -6 v12 z" fill="#4b5563"/>`,
  ].join("\n");
}

export function text(
  x: number,
  y: number,
  content: string,
  anchor: string,
  weight: number,
  fill = "#111827",
): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" font-weight="${weight}" fill="${fill}">${escaped}</text>`;
}
