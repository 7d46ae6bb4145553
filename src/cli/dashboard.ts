import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Page } from "../dashboard/page";
import type { Reading } from "../dashboard/read-state";
import { checkEnvironment, findProject, Unable } from "../release/files/project";
import { filesOnDisk, type ProjectFiles } from "../release/files/project-files";
import { servicesOf, strayProblems } from "../release/files/releases-folder";
import { formatProblem } from "../release/problem";
import { helpAfter } from "../terminal/help";
import { exitOnSignals } from "../terminal/signals";
import type { LiveServices } from "./live-services";
import { fileName, upTo, whole } from "./options";
import { suggestions } from "./suggestions";
import type { Cli } from "./verb";

const after = [
  "The page is served to this machine alone, and follows the files while it is open. Ctrl+C ends it.",
  "With --live AWS is asked while a browser has the page open: pointers, alarms and stops of each service, and its metrics by one GetMetricData a minute at most. 8 metrics, as a release of one function has, are $0.005 an hour. Without it AWS is not asked.",
  "--out writes one file that has no script and asks for nothing: it may be attached to a ticket, or kept by a build.",
  "During 'rehearse --serve' a page of that service is served beside: it shows the requests as they come, and has a control that edits the percent.",
];

/** Seconds between two looks at AWS. */
const defaultPoll = 60;

interface DashboardOptions {
  readonly live: boolean;
  readonly poll: number;
  readonly out?: string;
  readonly port?: number;
  readonly days: number;
}

export function addDashboard({ program, now }: Cli): void {
  helpAfter(program.command("dashboard"), ...after)
    .description("a page of every service: who serves what, its steps, its history, the way to AWS")
    .argument("[environment]", "such as dev: every one where none is given")
    .option("--out <file.html>", "write the page to one file, and serve nothing", fileName(".html"))
    .option("--port <number>", "port to serve on (default: any that is free)", whole(0, 65535))
    .option("--days <number>", "how many days of history to plot", whole(1, 3650), 30)
    .option("--live", "beside what AWS says, as watch does: shares, verdict, alarms, stops, minutes", false)
    .option("--poll <seconds>", "how often AWS is asked", upTo(3600, "a number of seconds"), defaultPoll)
    .action((environment, options) => dashboard(environment, options, now));
}

/** Writes the page, or serves it until the process is ended. */
async function dashboard(
  environment: string | undefined,
  { out, port, ...options }: DashboardOptions,
  now: Date,
): Promise<void> {
  if (out !== undefined && port !== undefined)
    throw new Unable("'--port' must not be given with --out, which serves nothing");
  const project = findProject();
  if (environment !== undefined) checkEnvironment(filesOnDisk(project), environment);
  const live = options.live ? await liveServices() : undefined;
  await live?.look(namesOf(project, environment));
  const { environmentPage } = await import("../dashboard/environment-page.js");
  const { readServices } = await import("../dashboard/read-state.js");
  const page = (now: Date) => {
    const files = filesOnDisk(project);
    const reading: Reading = {
      project,
      files,
      now,
      next: (release) => suggestions(release, now),
      live: live && ((name) => live.of(name)),
    };
    const names = environmentsOf(files, environment);
    const services = names.flatMap((name) => readServices(reading, name));
    const problems = strayProblems(files, environment).map(formatProblem);
    return environmentPage({ names, services, problems }, { now, days: options.days });
  };
  if (out === undefined) return serve(page, project, environment, { port, live, poll: options.poll });
  live?.close();
  const { documentOf } = await import("../dashboard/page.js");
  const { writeWhole } = await import("../terminal/whole-file.js");
  const text = documentOf(page(now));
  writeWhole(resolve(process.cwd(), out), text, { name: out });
  console.log(`wrote ${out} (${Math.ceil(Buffer.byteLength(text) / 1000)} kB)`);
}

interface Serving extends Pick<DashboardOptions, "port" | "poll"> {
  /** @default - AWS is not asked */
  readonly live?: LiveServices;
}

async function serve(
  page: (now: Date) => Page,
  project: string,
  environment: string | undefined,
  { port, live, poll }: Serving,
): Promise<void> {
  exitOnSignals();
  const { PageServer } = await import("../dashboard/page-server.js");
  const { followFiles } = await import("../dashboard/follow-files.js");
  const server = new PageServer({ page: () => page(new Date()) });
  console.log(
    `serving      ${await server.listen(port)}/\n\nIt follows the files of releases/. Ctrl+C ends.`,
  );
  followFiles(project, () => server.update());
  for (;;) {
    await pause(poll * 1000);
    if (live === undefined || !server.isWatched) continue;
    // One that cannot be asked now is asked again: the page has what it was told last.
    await live.look(namesOf(project, environment)).catch((error: Error) => console.error(error.message));
    server.update();
  }
}

async function liveServices(): Promise<LiveServices> {
  const { LiveServices } = await import("./live-services.js");
  return new LiveServices();
}

function environmentsOf(files: ProjectFiles, environment: string | undefined): readonly string[] {
  return environment === undefined ? files.entries("releases").folders : [environment];
}

function namesOf(project: string, environment: string | undefined): string[] {
  const files = filesOnDisk(project);
  return environmentsOf(files, environment).flatMap((one) =>
    servicesOf(files, one).map((service) => `${one}/${service}`),
  );
}
