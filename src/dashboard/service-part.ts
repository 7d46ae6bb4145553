import type { StepState } from "../release/steps/steps";
import { isKnown } from "../watch/service-view";
import { type Html, html } from "./html";
import { answerOf, livePart, minutesPart } from "./live-part";
import type { PastChange, ReleaseState, ServiceState, Station } from "./service-state";
import { shareBar, swatch } from "./share-bar";
import { sharePlot } from "./share-plot";
import { moment, sharesText, since } from "./text";

/** What is shown of every service alike. */
export interface Shown {
  readonly now: Date;
  /** Of the plot. */
  readonly days: number;
}

/** How many changes the table has: the verb `history` has all of them. */
const mostChanges = 20;

/** All of one service, under a heading of its own. */
export function servicePart(service: ServiceState, shown: Shown): Html {
  const { name, path, release, problems, live } = service;
  const id = idOf(name);
  if (release === undefined)
    return html`<h2 id="${id}-title" tabindex="-1">${name}</h2>
<p><code>${path}</code> is not valid:</p>
<ul class="problems">${problems.map((line) => html`<li>${line}</li>`)}</ul>`;
  return html`<header class="row"><h2 id="${id}-title" tabindex="-1">${name}</h2><span class="tag">${release.strategy}</span></header>
${shareBar(sharesOf(release), namesOf(release))}
<div class="columns">
<div>${versionsTable(service, release, shown.now)}
${stepsList(release)}
${nextList(release)}</div>
<div>${pastPart(name, release, shown)}
${liveOf(service)}</div>
</div>
${live !== undefined && isKnown(live) ? minutesPart(live, namesOf(release)) : undefined}
<h3>From file to AWS</h3>
<ol class="way">${release.way.map(station)}</ol>`;
}

function liveOf({ live, release }: ServiceState): Html | undefined {
  if (live === undefined || release === undefined) return undefined;
  if (isKnown(live)) return livePart(live);
  return html`<h3>In AWS</h3><p class="care"><b>not known</b> ${live.notKnown}</p>`;
}

/** `dev/greeting` as an id of the page. */
export function idOf(name: string): string {
  return `s-${name.replace(/[^\w-]/g, "-")}`;
}

/** What changes of a service are told by to those who do not see them. */
export function said({ name, release, live }: ServiceState): string {
  if (release === undefined) return `${name} is not valid`;
  return [`${name}: ${sharesText(sharesOf(release))}`, ...liveSaid(live)].join(", ");
}

function liveSaid(live: ServiceState["live"]): string[] {
  if (live === undefined || !isKnown(live)) return [];
  const answer = answerOf(live);
  const alarms = isKnown(live.alarms) ? live.alarms.filter(({ state }) => state === "ALARM") : [];
  return [
    ...(answer === undefined ? [] : [`verdict ${answer}`]),
    ...alarms.map(({ name }) => `${name} is in ALARM`),
  ];
}

export function sharesOf({ versions }: ReleaseState): Record<string, number> {
  return Object.fromEntries(versions.map(({ name, percent }) => [name, percent]));
}

export function namesOf({ versions }: ReleaseState): string[] {
  return versions.map(({ name }) => name);
}

function versionsTable({ live }: ServiceState, release: ReleaseState, now: Date): Html {
  const { versions, trial, stableSince } = release;
  const time = (name: string, roles: string) =>
    trial?.version === name ? trial.since : roles.startsWith("stable") ? stableSince : undefined;
  const view = live !== undefined && isKnown(live) ? live : undefined;
  const inAws = (name: string) => {
    const percent = view?.versions.find(({ version }) => version === name)?.aws;
    return view && html`<td class="number">${percent === undefined ? "-" : `${percent} %`}</td>`;
  };
  const rows = versions.toReversed().map(({ name, percent, roles }) => {
    const from = time(name, roles);
    return html`<tr><th scope="row">${swatch(namesOf(release), name)} ${name}</th><td class="number">${percent} %</td>${inAws(name)}<td>${roles || "-"}</td><td>${from === undefined ? "-" : since(from, now)}</td></tr>`;
  });
  const heads = view === undefined ? ["share"] : ["file", "AWS"];
  return html`<table><caption>Who serves</caption><thead><tr><th scope="col">version</th>${heads.map((one) => html`<th scope="col" class="number">${one}</th>`)}<th scope="col">role</th><th scope="col">since</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function stepsList({ steps, bakeTime, trial, held }: ReleaseState): Html | undefined {
  if (steps === undefined) return undefined;
  const last = html`<li class="ahead"><b>promote</b><span>everybody</span></li>`;
  return html`<h3>Steps</h3><ol class="steps">${steps.map(stepItem)}${last}</ol>
${trial === undefined ? html`<p class="faint">No version is on trial.</p>` : undefined}${bakeTime && html`<p>Bake time: ${bakeTime}</p>`}${held && html`<p class="care"><b>held</b> ${held}</p>`}`;
}

function stepItem(step: StepState): Html {
  const { percent, bakeMinutes, verdict, auto, is } = step;
  const current = is === "now" ? html` aria-current="step"` : undefined;
  const details = [
    `${bakeMinutes} min`,
    ...(verdict === undefined ? [] : ["verdict as good"]),
    ...(auto ? ["by itself"] : []),
    ...(is === "ahead" ? [] : [is]),
  ];
  return html`<li class="${is}"${current}><b>${percent} %</b><span>${details.join(", ")}</span></li>`;
}

function nextList({ next }: ReleaseState): Html | undefined {
  if (next.length === 0) return undefined;
  const items = next.map(
    ({ command, effect }) => html`<li><code>npx lambda-release ${command}</code><span>${effect}</span></li>`,
  );
  return html`<h3>Next</h3><ul class="next">${items}</ul>`;
}

function pastPart(name: string, release: ReleaseState, { now, days }: Shown): Html {
  const { changes, note } = release.past;
  const plot = sharePlot({ changes, versions: namesOf(release), days, now });
  const shownChanges = changes.slice(-mostChanges).toReversed();
  const hidden = changes.length - shownChanges.length;
  return html`<h3>Shares of the last ${days} days</h3>
${plot ?? (note === undefined ? html`<p class="faint">Git records no change of this file.</p>` : undefined)}
${note && html`<p class="faint">${note}</p>`}
${shownChanges.length > 0 ? pastTable(name, shownChanges, hidden) : undefined}`;
}

function pastTable(name: string, changes: readonly PastChange[], hidden: number): Html {
  const rows = changes.map(
    ({ at, move, shares, by, commit, why }) =>
      html`<tr><td>${at === undefined ? "not committed" : moment(at)}</td><td>${move}</td><td>${shares === undefined ? "-" : sharesText(shares)}</td><td>${by ?? "-"}</td><td>${commit === undefined ? "-" : html`<code>${commit}</code>`}</td><td>${why ?? "-"}</td></tr>`,
  );
  const more = hidden === 0 ? "" : `, and ${hidden} before: npx lambda-release history ${name}`;
  return html`<details id="${idOf(name)}-past"><summary>History: ${changes.length} ${changes.length === 1 ? "change" : "changes"}${more}</summary>
<div class="wide" tabindex="0" role="region" aria-label="History of ${name}"><table><caption>Every change of who serves ${name}, the newest first</caption><thead><tr>${["when", "change", "serves then", "by", "commit", "why"].map((one) => html`<th scope="col">${one}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

function station({ what, where, told, needsCare }: Station): Html {
  return html`<li${needsCare ? html` class="care"` : undefined}><span class="faint">${what}</span><code>${where}</code><span>${needsCare ? html`<b>careful</b> ` : undefined}${told}</span></li>`;
}
