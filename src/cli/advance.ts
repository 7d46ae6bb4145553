import type { Advance } from "../live/advance";
import { writeChanges } from "../release/files/change";
import { goingTogether } from "../release/files/going-together";
import { checkEnvironment, findProject, Unable } from "../release/files/project";
import { filesOnDisk } from "../release/files/project-files";
import { servicesOf } from "../release/files/releases-folder";
import { servicesNamed } from "../release/files/together";
import { inSeconds } from "../release/time";
import { Refusal } from "../release/verbs/transitions";
import { coloured } from "../terminal/colour";
import { helpAfter } from "../terminal/help";
import { table } from "../terminal/table";
import type { AdvanceChange, AskedService } from "../workflows/advance-change";
import type { Cli } from "./verb";

const after = [
  "A release goes on if it has no hold and no stop, its share is live, its bake time is over, no alarm is in ALARM, and the verdict is as good where its step waits for one. Only steps with 'auto' go on.",
  "Run it again at any time: what went on waits until its new share is live.",
  "Exit codes: 0 every release was asked, 1 a version is worse and is to be rolled back, 2 AWS does not say of one, or a file is not valid.",
];

export function addAdvance({ program, now, end }: Cli): void {
  helpAfter(program.command("advance"), ...after)
    .description("check whether the next step of each release may start without a person: for CI systems")
    .argument("[names...]", "environments or services, such as dev or dev/greeting (default: all)")
    .option(
      "--write",
      "edit the files of those that go on, as 'next' does, and of those that are worse, as 'rollback' does",
      false,
    )
    .option("--json", "for scripts", false)
    .action(async (names, options) => end(await advance(names, options, now)));
}

interface AdvanceOptions {
  readonly write: boolean;
  readonly json: boolean;
}

/** What was found of services that go together, and the change that follows of it. */
interface Proposal {
  readonly asked: readonly AskedService[];
  /** @default - nothing is to be changed */
  readonly made?: AdvanceChange;
  readonly written: boolean;
}

async function advance(
  names: readonly string[],
  { write, json }: AdvanceOptions,
  now: Date,
): Promise<number> {
  const { advanceChange, askTogether } = await import("../workflows/advance-change.js");
  const proposals: Proposal[] = [];
  const troubles: string[] = [];
  for (const going of goingTogether(filesOnDisk(findProject()), servicesOfAll(names))) {
    try {
      const asked = await askTogether(going, now);
      const made = advanceChange(going.title, asked, now);
      const written = write && made !== undefined;
      if (written) writeChanges(made.changes);
      proposals.push({ asked, made, written });
    } catch (error) {
      if (!(error instanceof Unable || error instanceof Refusal)) throw error;
      troubles.push(error.message);
    }
  }
  if (json) console.log(JSON.stringify(proposals.flatMap(asJson)));
  else print(proposals, names);
  if (troubles.length > 0) throw new Unable(...troubles);
  const found = proposals.flatMap(({ asked }) => asked.map((one) => one.found.is));
  if (found.includes("unknown")) return 2;
  return found.includes("worse") ? 1 : 0;
}

/** All services of the environments, and those that are named themselves, each once. */
function servicesOfAll(names: readonly string[]): readonly string[] {
  const files = filesOnDisk(findProject());
  const all = names.length > 0 ? names : files.entries("releases").folders;
  return [
    ...new Set(
      all.flatMap((name) => {
        if (name.includes("/")) return servicesNamed(files, name);
        checkEnvironment(files, name);
        return servicesOf(files, name).map((service) => `${name}/${service}`);
      }),
    ),
  ];
}

function print(proposals: readonly Proposal[], names: readonly string[]): void {
  const asked = proposals.flatMap((one) => one.asked);
  if (asked.length === 0) {
    console.log("no release is in flight whose share a file sets");
    return;
  }
  const rows = asked.map(({ name, found }) => [name, found.version, `${found.from} %`, textOf(found)]);
  console.log(table(["service", "on trial", "share", "found"], rows));
  for (const { made, written } of proposals) {
    if (made === undefined) continue;
    const paths = made.changes.map(({ read }) => `${written ? "wrote" : "would write"} ${read.path}`);
    console.log(`\n${[...paths, `commit   ${made.commit}`].join("\n")}`);
  }
  if (proposals.some(({ made, written }) => made !== undefined && !written))
    console.log(
      `\nnext   npx lambda-release ${["advance", ...names, "--write"].join(" ")}   edits the files`,
    );
}

const colours: Partial<Record<Advance["is"], Parameters<typeof coloured>[0]>> = {
  "goes on": "green",
  worse: "red",
  stopped: "red",
  unknown: "yellow",
};

function textOf({ is, why, from, to }: Advance): string {
  const colour = colours[is];
  const text = colour === undefined ? is : coloured(colour, is);
  if (is === "goes on") return `${text}: ${from} % -> ${to === "promote" ? "promote" : `${to} %`} (${why})`;
  if (is === "held" || is === "stopped") return why;
  return `${text}: ${why}`;
}

function asJson({ asked, made, written }: Proposal) {
  return asked.map(({ name, read, found: { until, verdict, ...found } }) => ({
    service: name,
    file: read.path,
    ...found,
    until: until && inSeconds(until),
    verdict: verdict && { ...verdict, from: inSeconds(verdict.from), to: inSeconds(verdict.to) },
    commit: made?.commit,
    written,
  }));
}
