import type { Api, Side } from "./api-gateway/stage";
import { expectedShares, type VersionOf } from "./split";

const width = 880;
const boxHeight = 64;
const columns = { users: 24, stage: 170, deployment: 430, lambda: 660 };

/** An SVG of who serves what: the first stage, its two sides, and the functions that they name. */
export function picture(api: Api, versionOf: VersionOf): string {
  const [stage] = api.stages;
  if (stage === undefined) throw new Error("there is no stage to draw");
  const shares = expectedShares(stage, versionOf);
  const sides = [stage.stable, ...(stage.canary === undefined ? [] : [stage.canary.side])];
  const rows = sides.map((side, index) => ({ side, share: shares[index], top: 24 + index * 110 }));
  const height = 24 + sides.length * 110;
  const middle = (height - boxHeight) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="13">`,
    `<title>${shares.map(({ version, percent }) => `${percent} % of the requests to ${version}`).join(", ")}</title>`,
    `<rect width="${width}" height="${height}" rx="10" fill="#ffffff"/>`,
    box(columns.users, middle, 90, ["users"], "#f3f4f6"),
    box(columns.stage, middle, 150, ["API Gateway stage", stage.name], "#ede9fe"),
    arrow(columns.users + 90, middle + boxHeight / 2, columns.stage, middle + boxHeight / 2, 4),
    ...rows.flatMap(({ side, share, top }) => {
      const percent = share?.percent ?? 0;
      const centre = top + boxHeight / 2;
      const fill = side.isCanary ? "#fef3c7" : "#dcfce7";
      return [
        arrow(columns.stage + 150, middle + boxHeight / 2, columns.deployment, centre, 1 + percent / 25),
        text(columns.deployment - 14, centre + (side.isCanary ? 26 : -14), `${percent} %`, "end", 700),
        box(columns.deployment, top, 170, [`deployment of ${share?.version}`, routesOf(side)], fill),
        arrow(columns.deployment + 170, centre, columns.lambda, centre, 2),
        box(columns.lambda, top, 196, ["Lambda", ...Object.values(side.ownVariables)], fill),
        text(
          columns.lambda + 98,
          top + boxHeight + 16,
          `stage variable ${Object.keys(side.ownVariables).join(", ")}`,
          "middle",
          400,
          "#6b7280",
        ),
      ];
    }),
    "</svg>\n",
  ].join("\n");
}

function routesOf({ definition }: Side): string {
  const routes = definition.resources.flatMap(({ path, methods }) =>
    [...methods.keys()].map((name) => `${name} ${path}`),
  );
  return routes.length > 2 ? `${routes.length} routes` : routes.join(", ");
}

function box(x: number, y: number, boxWidth: number, lines: readonly string[], fill: string): string {
  const first = y + boxHeight / 2 + 5 - (lines.length - 1) * 9;
  return [
    `<rect x="${x}" y="${y}" width="${boxWidth}" height="${boxHeight}" rx="8" fill="${fill}" stroke="#9ca3af"/>`,
    ...lines.map((line, index) =>
      text(x + boxWidth / 2, first + index * 18, line, "middle", index === 0 ? 600 : 400),
    ),
  ].join("\n");
}

function arrow(x1: number, y1: number, x2: number, y2: number, strokeWidth: number): string {
  const bend = (x1 + x2) / 2;
  return [
    `<path d="M${x1} ${y1} C${bend} ${y1} ${bend} ${y2} ${x2 - 8} ${y2}" fill="none" stroke="#4b5563" stroke-width="${strokeWidth}"/>`,
    `<path d="M${x2} ${y2} l-10 -6 v12 z" fill="#4b5563"/>`,
  ].join("\n");
}

function text(
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
