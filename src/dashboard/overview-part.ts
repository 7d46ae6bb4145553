import { duration } from "../terminal/duration";
import { isKnown } from "../watch/service-view";
import { type Html, html } from "./html";
import { answerKinds, answerOf } from "./live-part";
import { idOf, namesOf, sharesOf } from "./service-part";
import type { ServiceState } from "./service-state";
import { shareBar } from "./share-bar";
import { sharesText } from "./text";

/** A line for each service, which leads to its part. @param problems what is wrong beside them, a line each */
export function overviewPart(
  services: readonly ServiceState[],
  problems: readonly string[],
  now: Date,
): Html {
  const isLive = services.some(({ live }) => live !== undefined);
  const head = ["service", "strategy", "who serves", "on trial", "bake time", ...(isLive ? ["verdict"] : [])];
  return html`<h2 id="overview-title">Services</h2>
<div class="wide" tabindex="0" role="region" aria-labelledby="overview-title"><table class="overview"><caption class="hidden">Every service, and who serves its users by the release file</caption><thead><tr>${head.map((one) => html`<th scope="col">${one}</th>`)}</tr></thead><tbody>${services.map((service) => row(service, isLive, now))}</tbody></table></div>
${problems.length > 0 ? html`<ul class="problems">${problems.map((line) => html`<li>${line}</li>`)}</ul>` : undefined}`;
}

function row({ name, release, live }: ServiceState, isLive: boolean, now: Date): Html {
  const link = html`<th scope="row"><a href="#${idOf(name)}">${name}</a></th>`;
  if (release === undefined) return html`<tr>${link}<td colspan="5"><b class="bad">not valid</b></td></tr>`;
  const { strategy, trial, bakeTime } = release;
  const shares = sharesOf(release);
  const since = trial?.since === undefined ? "" : ` for ${duration(trial.since, now)}`;
  return html`<tr>${link}<td>${strategy}</td><td>${shareBar(shares, namesOf(release), "bar small")}${sharesText(shares)}</td><td>${trial === undefined ? "-" : `${trial.version}${trial.as === "blue" ? " behind blue" : ""}${since}`}</td><td>${bakeTime === undefined ? "-" : shortBake(bakeTime)}</td>${isLive ? html`<td>${verdictText(live)}</td>` : undefined}</tr>`;
}

/** `until 2026-11-27T10:00:00Z`, without what it is counted from. */
function shortBake(text: string): string {
  return text.split(": ")[0] ?? text;
}

function verdictText(live: ServiceState["live"]): Html | string {
  const answer = live !== undefined && isKnown(live) ? answerOf(live) : undefined;
  return answer === undefined ? "-" : html`<b class="${answerKinds[answer]}">${answer}</b>`;
}
