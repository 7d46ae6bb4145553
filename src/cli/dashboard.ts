import { resolve } from "node:path";
import type { Environments } from "../dashboard/environment-page";
import type { Reading } from "../dashboard/read-state";
import { checkEnvironment, findProject, Unable } from "../release/files/project";
import { filesOnDisk } from "../release/files/project-files";
import { strayProblems } from "../release/files/releases-folder";
import { formatProblem } from "../release/problem";
import { helpAfter } from "../terminal/help";
import { exitOnSignals } from "../terminal/signals";
import { fileName, whole } from "./options";
import { suggestions } from "./suggestions";
import type { Cli } from "./verb";

const after = [
  "The page is served to this machine alone, and follows the files while it is open. Ctrl+C ends it.",
  "--out writes one file that has no script and asks for nothing: it may be attached to a ticket, or kept by a build.",
  "During 'rehearse --serve' a page of that service is served beside: it shows the requests as they come, and has a control that edits the percent.",
];

interface DashboardOptions {
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
    .action((environment, options) => dashboard(environment, options, now));
}

/** Writes the page, or serves it until the process is ended. */
async function dashboard(
  environment: string | undefined,
  { out, port, days }: DashboardOptions,
  now: Date,
): Promise<void> {
  if (out !== undefined && port !== undefined)
    throw new Unable("'--port' must not be given with --out, which serves nothing");
  const project = findProject();
  if (environment !== undefined) checkEnvironment(filesOnDisk(project), environment);
  const { environmentPage } = await import("../dashboard/environment-page.js");
  const { readServices } = await import("../dashboard/read-state.js");
  const page = (now: Date) => {
    const files = filesOnDisk(project);
    const reading: Reading = { project, files, now, next: (release) => suggestions(release, now) };
    const names = environment === undefined ? files.entries("releases").folders : [environment];
    const services = names.flatMap((name) => readServices(reading, name));
    const problems = strayProblems(files, environment).map(formatProblem);
    return environmentPage({ names, services, problems } satisfies Environments, { now, days });
  };
  if (out !== undefined) {
    const { documentOf } = await import("../dashboard/page.js");
    const { writeWhole } = await import("../terminal/whole-file.js");
    const text = documentOf(page(now));
    writeWhole(resolve(process.cwd(), out), text, { name: out });
    console.log(`wrote ${out} (${Math.ceil(Buffer.byteLength(text) / 1000)} kB)`);
    return;
  }
  exitOnSignals();
  const { PageServer } = await import("../dashboard/page-server.js");
  const { followFiles } = await import("../dashboard/follow-files.js");
  const server = new PageServer({ page: () => page(new Date()) });
  console.log(
    `serving      ${await server.listen(port)}/\n\nIt follows the files of releases/. Ctrl+C ends.`,
  );
  followFiles(project, () => server.update());
  await new Promise(() => {});
}
