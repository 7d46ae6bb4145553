import type { Advance } from "../live/advance";
import { type Change, writeChange } from "../release/files/change";
import {
  checkEnvironment,
  findProject,
  type ReadRelease,
  readRelease,
  Unable,
} from "../release/files/project";
import { filesOnDisk } from "../release/files/project-files";
import { servicesOf } from "../release/files/releases-folder";
import { inSeconds } from "../release/time";
import { Refusal } from "../release/transitions";
import { coloured } from "../terminal/colour";
import { helpAfter } from "../terminal/help";
import { table } from "../terminal/table";
import { advanceChange } from "../workflows/advance-change";
import type { Cli } from "./verb";

const after = [
  "A release goes on where nobody holds it, nothing stopped it, its share is live and its bake time over, no alarm is in ALARM, and the verdict is as good where its step waits for one. Only steps with 'auto' go on.",
  "Run it again at any time: what went on waits until its new share is live.",
  "Exit codes: 0 every release was asked, 1 a version is worse and is to be rolled back, 2 AWS does not say of one, or a file is not valid.",
];

export function addAdvance({ program, now, end }: Cli): void {
  helpAfter(program.command("advance"), ...after)
    .description("ask of each release in flight whether its next step may be taken by itself: for CI systems")
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

/** What was found of a service, and the change that follows of it. */
interface Proposal {
  readonly read: ReadRelease;
  readonly found: Advance;
  /** @default - nothing is to be changed */
  readonly change?: Change;
  /** The commit message of the change. */
  readonly commit?: string;
}

async function advance(
  names: readonly string[],
  { write, json }: AdvanceOptions,
  now: Date,
): Promise<number> {
  const { readAdvance } = await import("../live/advance.js");
  const proposals: Proposal[] = [];
  const troubles: string[] = [];
  for (const name of servicesNamed(names)) {
    try {
      const read = readRelease(name);
      const found = await readAdvance(read.release, now);
      if (found !== undefined) proposals.push({ read, found, ...advanceChange(read, found, now) });
    } catch (error) {
      if (!(error instanceof Unable || error instanceof Refusal)) throw error;
      troubles.push(error.message);
    }
  }
  for (const { change } of proposals) if (write && change !== undefined) writeChange(change);
  if (json) console.log(JSON.stringify(proposals.map((one) => asJson(one, write))));
  else print(proposals, write, names);
  if (troubles.length > 0) throw new Unable(...troubles);
  if (proposals.some(({ found }) => found.is === "unknown")) return 2;
  return proposals.some(({ found }) => found.is === "worse") ? 1 : 0;
}

/** All services of the environments, and those that are named themselves, each once. */
function servicesNamed(names: readonly string[]): readonly string[] {
  const files = filesOnDisk(findProject());
  const all = names.length > 0 ? names : files.entries("releases").folders;
  return [
    ...new Set(
      all.flatMap((name) => {
        if (name.includes("/")) return [name];
        checkEnvironment(files, name);
        return servicesOf(files, name).map((service) => `${name}/${service}`);
      }),
    ),
  ];
}

function print(proposals: readonly Proposal[], write: boolean, names: readonly string[]): void {
  if (proposals.length === 0) {
    console.log("no release is in flight whose share a file sets");
    return;
  }
  const rows = proposals.map(({ read, found }) => [
    read.name,
    found.version,
    `${found.from} %`,
    textOf(found),
  ]);
  console.log(table(["service", "on trial", "share", "found"], rows));
  const changed = proposals.filter(({ change }) => change !== undefined);
  if (changed.length === 0) return;
  const lines = changed.map(
    ({ read, commit }) => `${write ? "wrote" : "would write"} ${read.path}\ncommit   ${commit}`,
  );
  console.log(`\n${lines.join("\n")}`);
  if (!write)
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

function asJson({ read, found: { until, verdict, ...found }, change, commit }: Proposal, write: boolean) {
  return {
    service: read.name,
    file: read.path,
    ...found,
    until: until && inSeconds(until),
    verdict: verdict && { ...verdict, from: inSeconds(verdict.from), to: inSeconds(verdict.to) },
    commit,
    written: write && change !== undefined,
  };
}
