import { inSeconds } from "../release/time";
import { html } from "./html";
import { overviewPart } from "./overview-part";
import type { Page, Part } from "./page";
import { idOf, type Shown, said, servicePart } from "./service-part";
import type { ServiceState } from "./service-state";
import { moment } from "./text";

/** The services of an environment, or of several, at a moment. */
export interface Environments {
  /** Names of the environments. */
  readonly names: readonly string[];
  readonly services: readonly ServiceState[];
  /** What else is wrong in `releases/`, a line each. */
  readonly problems: readonly string[];
}

/** All services, after a table of them. */
export function environmentPage({ names, services, problems }: Environments, shown: Shown): Page {
  const count = `${services.length} ${services.length === 1 ? "service" : "services"}`;
  return {
    title: `${names.join(", ")} - lambda-release`,
    header: html`<h1>${names.join(", ")}</h1><span>${count}</span><span class="faint">release files of ${moment(inSeconds(shown.now))}; ${services.some(({ live }) => live !== undefined) ? "AWS is asked" : "AWS was not asked"}</span>`,
    parts: [
      { id: "overview", body: overviewPart(services, problems, shown.now) },
      ...services.map((service) => partOf(service, shown)),
    ],
  };
}

export function partOf(service: ServiceState, shown: Shown): Part {
  return { id: idOf(service.name), body: servicePart(service, shown), said: said(service) };
}
