import type { Outcome } from "../dashboard/page-server";
import type { RunObserver } from "../rehearsal/run-observer";
import { changeOf, editsOf, writeChange } from "../release/files/change";
import { findProject, type ReadRelease, readRelease, Unable } from "../release/files/project";
import { filesOnDisk } from "../release/files/project-files";
import { Refusal, shift } from "../release/verbs/transitions";
import { percent as percentOf } from "./options";
import { asObject } from "./report";
import { suggestions } from "./suggestions";

/** How often the page may change: requests come faster. */
const pauseMs = 500;
const days = 30;

/** Serves the page of a rehearsal beside it, until the process ends. @returns what sees the rehearsal */
export async function serveRehearsalPage({ name, release }: ReadRelease): Promise<RunObserver> {
  const { readState } = await import("../dashboard/read-state.js");
  const { RehearsalPage } = await import("../dashboard/rehearsal-page.js");
  const { PageServer } = await import("../dashboard/page-server.js");
  const { followFiles } = await import("../dashboard/follow-files.js");
  const project = findProject();
  const state = () => {
    const now = new Date();
    const reading = {
      project,
      files: filesOnDisk(project),
      now,
      next: (one: typeof release) => suggestions(one, now),
    };
    return readState(reading, release.environment.name, release.service);
  };
  const page = new RehearsalPage(state(), days);
  const server = new PageServer({
    page: () => page.page(new Date()),
    setPercent: (percent, skip) => setPercent(name, percent, skip),
  });
  const address = await server.listen();
  followFiles(project, () => page.read(state()));
  setInterval(() => server.update(), pauseMs);
  let isTold = false;
  return {
    serving(url) {
      page.serving(url);
      if (!isTold) console.log(`page         ${address}/`);
      isTold = true;
    },
    applied: (expected) => page.applied(expected),
    changing: () => page.changing(),
    notApplied: (why) => page.notApplied(why),
    answered: (request) => page.answered(request),
  };
}

/** The same edit as `shift` makes, without a question. */
function setPercent(name: string, given: unknown, skip: boolean): Outcome {
  try {
    const read = readRelease(name);
    const percent = percentOf(String(given));
    const change = changeOf(
      read,
      editsOf(read, (state) => shift(state, percent, { now: new Date(), skip })),
    );
    writeChange(change);
    const shares = Object.entries(asObject(change.to)).map(([version, share]) => `${version} ${share} %`);
    return { isDone: true, message: `wrote ${read.path}: ${shares.join(", ")}` };
  } catch (error) {
    const word = error instanceof Refusal ? "refused" : "error";
    if (!(error instanceof Refusal) && !(error instanceof Unable) && process.env["DEBUG"] !== undefined)
      console.error(error);
    return { isDone: false, message: `${word}: ${(error as Error).message}` };
  }
}
