import { stopText } from "../release/steps/stops";
import { reasonOf } from "../verdict/reason";
import { type AlarmView, isKnown, type MinutesView, onTrial, type ServiceView } from "../watch/service-view";
import { type Html, html } from "./html";
import { minutesPlot } from "./minutes-plot";
import { swatch } from "./share-bar";
import { moment } from "./text";

/** What AWS says of a service at this moment: whether it serves as the file says, the verdict, alarms and stops. */
export function livePart(view: ServiceView): Html {
  const { place, at, troubles } = view;
  return html`<h3>In AWS <span class="plain">account ${place.accountId}, ${place.region}, ${moment(at)}</span></h3>
<dl class="facts">${shareFact(view)}${verdictFact(view)}${alarmsFact(view)}${guardFact(view)}</dl>
${troubles.map((one) => html`<p class="care"><b>waiting</b> ${one}</p>`)}`;
}

/** The verdict in two words. @returns nothing where there is none to be had */
export function answerOf({ verdict }: ServiceView): keyof typeof answerKinds | undefined {
  return isKnown(verdict) ? verdict.answer : undefined;
}

export const answerKinds = { "as good": "good", worse: "bad", "not enough yet": "care" } as const;

function fact(what: string, value: Html | string): Html {
  return html`<div><dt>${what}</dt><dd>${value}</dd></div>`;
}

function shareFact({ isAsInFile }: ServiceView): Html {
  if (typeof isAsInFile === "object") return fact("shares", `not compared: ${isAsInFile.notKnown}`);
  return fact("shares", isAsInFile ? "as in the file" : html`<b class="bad">others than in the file</b>`);
}

function verdictFact(view: ServiceView): Html {
  const { verdict } = view;
  if (!isKnown(verdict)) return fact("verdict", `not known: ${verdict.notKnown}`);
  const kind = answerKinds[verdict.answer];
  return fact("verdict", html`<b class="${kind}">${verdict.answer}</b>: ${reasonOf(verdict, onTrial(view))}`);
}

function alarmsFact({ alarms }: ServiceView): Html {
  if (!isKnown(alarms)) return fact("alarms", `not known: ${alarms.notKnown}`);
  if (alarms.length === 0) return fact("alarms", "none");
  const items = alarms.map((one) => html`<li>${alarmText(one)}</li>`);
  return fact("alarms", html`<ul class="plain-list">${items}</ul>`);
}

function alarmText({ name, state, since, reason }: AlarmView): Html {
  const isBad = state === "ALARM" || state === "missing";
  const words = { ALARM: "in ALARM", OK: "ok", INSUFFICIENT_DATA: "no data", missing: "missing" };
  const time = since === undefined || state === "missing" ? undefined : html` since ${moment(since)}`;
  const why = isBad && reason !== undefined ? `: ${reason}` : "";
  return html`<code>${name}</code> <b class="${isBad ? "bad" : state === "OK" ? "good" : "faint"}">${words[state]}</b>${time}${why}`;
}

function guardFact({ stops }: ServiceView): Html {
  if (!isKnown(stops)) return fact("guard", `not known: ${stops.notKnown}`);
  if (stops.length === 0) return fact("guard", "nothing was stopped");
  return fact(
    "guard",
    html`<ul class="plain-list">${stops.map((one) => html`<li>${stopText(one)}</li>`)}</ul>`,
  );
}

/** What both versions did in the last hour. @param all the versions that have colours */
export function minutesPart({ minutes }: ServiceView, all: readonly string[]): Html {
  if (!isKnown(minutes)) return html`<p class="faint">Minutes: not known: ${minutes.notKnown}</p>`;
  const { of, noLatency } = minutes;
  const plots = [
    minutesPlot(minutes, { of: "requests", title: `${of} a minute`, unit: "" }, all),
    minutesPlot(
      minutes,
      { of: "failed", title: of === "requests" ? "5xx a minute" : "errors a minute", unit: "" },
      all,
    ),
    ...(noLatency === undefined ? [minutesPlot(minutes, { of: "p95", title: "p95", unit: " ms" }, all)] : []),
  ];
  return html`<h3>The last hour</h3><div class="minutes">${plots}</div>
${noLatency && html`<p class="faint">p95: not known: ${noLatency}</p>`}
<p class="faint">${spanText(minutes)} ${series(minutes).map(({ version }) => html`${swatch(all, version)} ${version} `)}</p>`;
}

function series({ stable, canary }: MinutesView) {
  return canary === undefined ? [stable] : [stable, canary];
}

function spanText({ from, stable }: MinutesView): string {
  const { length } = stable.requests;
  const to = new Date(Date.parse(from) + length * 60_000).toISOString().slice(11, 16);
  return `${length} minutes to ${to} UTC; CloudWatch may still count the last 3.`;
}
