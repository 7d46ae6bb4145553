import type { RunObserver, SeenRequest } from "../rehearsal/run-observer";
import type { ExpectedShare } from "../traffic/report";
import { partOf } from "./environment-page";
import { type Html, html } from "./html";
import type { Page } from "./page";
import { percentControl } from "./percent-control";
import { RequestTally } from "./request-tally";
import { namesOf } from "./service-part";
import type { ServiceState } from "./service-state";
import { sharesText } from "./text";
import { requestsPart, trafficPart } from "./traffic-part";

/** What the page tells of the rehearsal itself. */
type State = { readonly is: "applied" | "changing" } | { readonly is: "not applied"; readonly why: string };

/** The page of a rehearsal that serves: its requests, a control for the percent, and the service. */
export class RehearsalPage implements RunObserver {
  private readonly tally = new RequestTally();
  private url = "";
  private state: State = { is: "applied" };
  private expected: readonly ExpectedShare[] = [];

  /** @param days of the history */
  constructor(
    private service: ServiceState,
    private readonly days: number,
  ) {}

  /** The service as its files are now. */
  read(service: ServiceState): void {
    this.service = service;
  }

  serving(url: string): void {
    this.url = url;
  }

  applied(expected: readonly ExpectedShare[]): void {
    this.state = { is: "applied" };
    this.expected = expected;
    this.tally.applied(expected);
  }

  changing(): void {
    this.state = { is: "changing" };
  }

  notApplied(why: string): void {
    this.state = { is: "not applied", why };
  }

  answered(request: SeenRequest): void {
    this.tally.add(request);
  }

  page(now: Date): Page {
    const { name, path, release } = this.service;
    const tally = this.tally.tally();
    const listed = release === undefined ? [] : namesOf(release);
    const all = [...new Set([...listed, ...tally.versions.map(({ version }) => version)])];
    const shares = Object.fromEntries(this.expected.map(({ version, percent }) => [version, percent]));
    return {
      title: `${name} - rehearsal`,
      header: html`<h1>${name}</h1><span>rehearsal on this machine</span>${this.url === "" ? undefined : html`<a href="${this.url}">${this.url}</a>`}`,
      controls: percentControl(path, release?.trial?.percent),
      parts: [
        {
          id: "traffic",
          body: trafficPart(tally, all, stateText(this.state)),
          said: this.state.is === "applied" ? `applied: ${sharesText(shares)}` : this.state.is,
        },
        { id: "requests", body: requestsPart(tally, all) },
        partOf(this.service, { now, days: this.days }),
      ],
    };
  }
}

function stateText(state: State): Html | undefined {
  if (state.is === "applied") return undefined;
  if (state.is !== "not applied") return html`<p>Files have changed: they are synthesized and applied.</p>`;
  const lines = state.why.split("\n").map((line) => html`<li>${line}</li>`);
  return html`<p class="bad">Not applied: what was applied before keeps serving.</p><ul class="problems">${lines}</ul>`;
}
