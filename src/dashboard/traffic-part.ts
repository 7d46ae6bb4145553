import type { SeenRequest } from "../rehearsal/run-observer";
import { type Html, html } from "./html";
import type { Tally, VersionTally } from "./request-tally";
import { shareBar, swatch } from "./share-bar";
import { colourOf, momentInSeconds } from "./text";

const plot = { width: 600, height: 110, left: 40, bottom: 18, top: 8 };

/** Whom the requests reach since the shares are what they are. @param all the versions that have colours */
export function trafficPart(tally: Tally, all: readonly string[], state: Html | undefined): Html {
  const { versions, requests, unreached, since, verdict } = tally;
  const meant = Object.fromEntries(versions.map(({ version, expected }) => [version, expected]));
  const came = Object.fromEntries(versions.map(({ version, share }) => [version, share]));
  return html`<h2 id="traffic-title">Requests</h2>
${state}
<div class="columns">
<div>
<p class="pair"><span>applied</span>${shareBar(meant, all)}</p>
<p class="pair"><span>answered</span>${shareBar(came, all)}</p>
<table><caption>${requests.toLocaleString("en")} requests since these shares are applied (${momentInSeconds(since)})</caption><thead><tr><th scope="col">version</th>${["requests", "share", "expected (95 %)", "failed", "p50", "p95"].map((one) => html`<th scope="col" class="number">${one}</th>`)}</tr></thead><tbody>${versions.toReversed().map((one) => versionRow(one, all))}</tbody></table>
${unreached === 0 ? undefined : html`<p>${unreached.toLocaleString("en")} more reached no version: API Gateway answered.</p>`}
${verdictLines(verdict)}
</div>
<div><h3>Requests a second, the last minute</h3>${secondsPlot(tally, all)}</div>
</div>`;
}

function verdictLines(verdict: Tally["verdict"]): Html | readonly Html[] {
  if (verdict === undefined) return html`<p class="faint">No request has come yet.</p>`;
  const kind = verdict.isOk ? "faint" : "bad";
  return verdict.text.split("\n").map((line) => html`<p class="${kind}">${line}</p>`);
}

function versionRow(
  { version, expected, requests, share, within, failed, p50, p95 }: VersionTally,
  all: readonly string[],
): Html {
  const between = `${expected} % (${within.low.toFixed(1)} to ${within.high.toFixed(1)})`;
  const numbers = [
    requests.toLocaleString("en"),
    `${share.toFixed(1)} %`,
    between,
    failed.toLocaleString("en"),
    inMs(p50),
    inMs(p95),
  ];
  return html`<tr><th scope="row">${swatch(all, version)} ${version}</th>${numbers.map((one) => html`<td class="number">${one}</td>`)}</tr>`;
}

function inMs(value: number | undefined): string {
  return value === undefined ? "-" : `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function secondsPlot({ seconds, versions }: Tally, all: readonly string[]): Html {
  const totals = seconds.map((one) => [...one.values()].reduce((sum, count) => sum + count, 0));
  const most = Math.max(4, ...totals);
  const inner = { width: plot.width - plot.left - 8, height: plot.height - plot.top - plot.bottom };
  const bottom = plot.top + inner.height;
  const step = inner.width / seconds.length;
  const order = [...versions.map(({ version }) => version), ""];
  const bars = seconds.flatMap((counts, index) => {
    let y = bottom;
    return order.flatMap((version) => {
      const count = counts.get(version) ?? 0;
      if (count === 0) return [];
      const height = round((count / most) * inner.height);
      y -= height;
      const colour = version === "" ? "c5" : colourOf(all, version);
      return html`<rect class="${colour}" x="${round(plot.left + index * step)}" y="${round(y)}" width="${round(step - 1)}" height="${height}"/>`;
    });
  });
  const now = totals.at(-2) ?? 0;
  return html`<svg class="plot" viewBox="0 0 ${plot.width} ${plot.height}" role="img" aria-label="Requests a second by version: ${now} in the last whole second, at most ${Math.max(...totals)}">
<line class="grid" x1="${plot.left}" x2="${plot.width - 8}" y1="${bottom}" y2="${bottom}"/><line class="grid" x1="${plot.left}" x2="${plot.width - 8}" y1="${plot.top}" y2="${plot.top}"/>
<text class="faint" x="${plot.left - 6}" y="${plot.top + 4}" text-anchor="end">${most}</text><text class="faint" x="${plot.left - 6}" y="${bottom + 4}" text-anchor="end">0</text>
<text class="faint" x="${plot.left}" y="${plot.height - 4}">1 min ago</text><text class="faint" x="${plot.width - 8}" y="${plot.height - 4}" text-anchor="end">now</text>
${bars}</svg>`;
}

/** The last requests, the newest first. */
export function requestsPart({ last }: Tally, all: readonly string[]): Html {
  const head = ["time", "request", "version", "status", "took"];
  const rows = last.map((one) => requestRow(one, all));
  return html`<h2 id="requests-title">Last requests</h2>
<div class="wide" tabindex="0" role="region" aria-labelledby="requests-title"><table><caption class="hidden">The last requests, the newest first</caption><thead><tr>${head.map((one) => html`<th scope="col">${one}</th>`)}</tr></thead><tbody>${rows.length > 0 ? rows : html`<tr><td colspan="5" class="faint">none yet</td></tr>`}</tbody></table></div>`;
}

function requestRow(
  { at, method, path, version, status, latencyMs }: SeenRequest,
  all: readonly string[],
): Html {
  const who = version === undefined ? "none" : html`${swatch(all, version)} ${version}`;
  return html`<tr><td>${at.toISOString().slice(11, 23)}</td><td><code>${method} ${path}</code></td><td>${who}</td><td class="${status >= 400 ? "bad" : ""}">${status}</td><td>${inMs(latencyMs)}</td></tr>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
