import type { ExpectedShare } from "../traffic/report";
import { qualifiedName } from "./api-gateway/integration-target";
import type { Api, ServedDeployment, Stage } from "./api-gateway/stage";
import { expectedShares, type Functions, qualifiedTargets, servedShares, type VersionOf } from "./split";
import { arrow, box, boxHeight, page, type Theme, text } from "./svg";

const width = 880;
const rowHeight = 110;
const columns = { users: 24, stage: 170, deployment: 430, lambda: 660, version: 920 };
const theme: Theme = {
  ".users": { fill: ["#f6f8fa", "#212830"] },
  ".stage": { fill: ["#ede9fe", "#352a58"] },
  ".stable": { fill: ["#dcfce7", "#14452f"] },
  ".canary": { fill: ["#fef3c7", "#55400a"] },
};

/** What stable or the canary is served from, and what its calls go to. */
interface Row {
  readonly served: ServedDeployment;
  readonly percent: number;
  /** What its integrations name: aliases, or functions by their stage variables. */
  readonly names: readonly string[];
  /** The versions that its aliases route to. @default - it names no alias */
  readonly versions: readonly ExpectedShare[];
  /** What is written into the box of its deployment. */
  readonly lines: readonly string[];
  /** Where its part of the picture begins, and the middle of that. */
  readonly top: number;
  readonly centre: number;
}

/** An SVG of who serves what: the first stage, its stable and its canary, and the functions or aliases that they name. */
export function picture(api: Api, versionOf: VersionOf, functions: Functions = new Map()): string {
  const [stage] = api.stages;
  if (stage === undefined) throw new Error("there is no stage to draw");
  const rows = rowsOf(stage, versionOf, functions);
  const leaves = rows.reduce((sum, { versions }) => sum + Math.max(versions.length, 1), 0);
  const height = 24 + leaves * rowHeight;
  const hasVersions = rows.some(({ versions }) => versions.length > 0);
  const fullWidth = hasVersions ? columns.version + width - columns.lambda : width;
  const middle = (height - boxHeight) / 2;
  const shares = expectedShares(stage, versionOf, functions);
  return page({ width: fullWidth, height, fontSize: 13, title: titleOf(shares), theme }, [
    box(columns.users, middle, 90, ["users"], "users"),
    box(columns.stage, middle, 150, ["API Gateway stage", stage.name], "stage"),
    arrow(columns.users + 90, middle + boxHeight / 2, columns.stage, middle + boxHeight / 2, 4),
    ...rows.flatMap((row) => [...drawServed(row, middle + boxHeight / 2), ...drawVersions(row)]),
  ]);
}

function titleOf(shares: readonly ExpectedShare[]): string {
  const parts = shares.map(
    ({ version, percent }, index) =>
      `${percent} % of the requests to ${titled(version)} (${index === 0 ? "stable" : "canary"})`,
  );
  return parts.join(", ");
}

function rowsOf({ stable, canary }: Stage, versionOf: VersionOf, functions: Functions): Row[] {
  const percent = canary?.percent ?? 0;
  const parts = [
    { served: stable, percent: Number((100 - percent).toFixed(6)) },
    ...(canary === undefined ? [] : [{ served: canary.served, percent }]),
  ];
  let top = 24;
  return parts.map((one) => {
    const aliases = qualifiedTargets(one.served).map(qualifiedName);
    const shares = servedShares(one.served, versionOf, functions);
    const versions = aliases.length > 0 ? shares : [];
    const names = aliases.length > 0 ? aliases : Object.values(one.served.ownVariables);
    const routes = routesOf(one.served);
    const [share, ...others] = shares;
    // Where an alias divides the requests, one deployment serves stable and canary.
    const isShared = share === undefined || others.length > 0;
    const lines = isShared
      ? ["deployment", routes]
      : [`${roleOf(one.served)}: ${titled(share.version)}`, "deployment", routes];
    const rowTop = top;
    top += Math.max(versions.length, 1) * rowHeight;
    return {
      ...one,
      names,
      versions,
      lines,
      top: rowTop,
      centre: (rowTop + top - rowHeight + boxHeight) / 2,
    };
  });
}

function drawServed({ served, percent, names, versions, lines, centre }: Row, from: number): string[] {
  const top = centre - boxHeight / 2;
  const kind = roleOf(served);
  const variables = Object.keys(served.ownVariables);
  return [
    arrow(columns.stage + 150, from, columns.deployment, centre, 1 + percent / 25),
    text(columns.deployment - 14, centre + (served.isCanary ? 26 : -14), `${percent} %`, "end", 700),
    box(columns.deployment, top, 170, lines, kind),
    arrow(columns.deployment + 170, centre, columns.lambda, centre, 2),
    box(columns.lambda, top, 196, [versions.length > 0 ? "Lambda alias" : "Lambda", ...names], kind),
    ...(variables.length > 0 ? [caption(`stage variable ${variables.join(", ")}`, top)] : []),
  ];
}

function drawVersions({ served, versions, top, centre }: Row): string[] {
  return versions.flatMap(({ version, percent }, index) => {
    const ownTop = top + index * rowHeight;
    const own = ownTop + boxHeight / 2;
    const kind = index > 0 ? "canary" : roleOf(served);
    const title = versions.length > 1 ? `${kind}: ${titled(version)}` : titled(version);
    return [
      arrow(columns.lambda + 196, centre, columns.version, own, 1 + percent / 25),
      box(columns.version, ownTop, 196, [title, `${percent} % of the alias`], kind),
    ];
  });
}

function caption(content: string, top: number): string {
  return text(columns.lambda + 98, top + boxHeight + 16, content, "middle", 400, "faint");
}

function roleOf(served: ServedDeployment): "stable" | "canary" {
  return served.isCanary ? "canary" : "stable";
}

/** `v2` as it is, and a number as what it is. */
function titled(version: string): string {
  return /^\d+$/.test(version) ? `version ${version}` : version;
}

function routesOf({ definition }: ServedDeployment): string {
  const routes = definition.routes.map(({ method, path }) => `${method} ${path}`);
  return routes.length > 2 ? `${routes.length} routes` : routes.join(", ");
}
