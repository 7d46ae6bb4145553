import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { withWrappedHelp } from "../src/terminal/help";
import { guardOutput } from "../src/terminal/output";
import { table } from "../src/terminal/table";
import { copyWithMatcherTests } from "./matchers";
import { copyWithServices, copyWithSources, deployableStrategies, project, userProject } from "./projects";
import { requestsPerSecond } from "./rehearsal";
import { median, ratio, timeInTurn } from "./timing";

interface Row {
  readonly what: string;
  readonly measured: string;
  readonly of?: string;
  readonly value: string;
  readonly target: string;
  readonly isMet: boolean;
}

const launch = ["node", "-r", "./launch.js", "main.ts"] as const;
const tsx = ["node", "--import", "tsx"] as const;
const seconds = (values: readonly number[]) => `${median(values).toFixed(2)} s`;

function atMost(what: string, values: readonly number[], references: readonly number[], target: number): Row {
  const value = ratio(values, references);
  return {
    what,
    measured: seconds(values),
    of: seconds(references),
    value: value.toFixed(value < 1 ? 3 : 1),
    target: `at most ${target}`,
    isMet: value <= target,
  };
}

/**
 * The app as cdktf.json starts it, here and in a project that has the package, beside plain starts of the same program
 * from the sources. Handlers are bundled in each.
 */
function appStart(runs: number): Row[] {
  const sources = copyWithSources();
  const user = userProject();
  const times = timeInTurn(
    {
      here: { command: launch, folder: project },
      user: { command: ["node", "-r", "lambda-release/launch", "main.ts"], folder: user },
      tsx: { command: [...tsx, "main.ts"], folder: sources },
      tsNode: { command: ["node", "node_modules/ts-node/dist/bin.js", "main.ts"], folder: sources },
    },
    runs,
  );
  return [
    atMost("user's project, of ts-node main.ts", times.user, times.tsNode, 0.1),
    atMost("user's project, of tsx main.ts", times.user, times.tsx, 0.45),
    atMost("this repository, of tsx main.ts", times.here, times.tsx, 0.55),
  ];
}

function appSize(counts: readonly { services: number; target: number }[], runs: number): Row[] {
  const one = copyWithServices(1);
  return counts.map(({ services, target }) => {
    const times = timeInTurn(
      {
        one: { command: launch, folder: one },
        many: { command: launch, folder: copyWithServices(services) },
      },
      runs,
    );
    return atMost(`app of ${services} services, of one service`, times.many, times.one, target);
  });
}

/** The release command as its bin runs it, beside Node itself. */
function releaseCommand(runs: number): Row[] {
  const bin = ["node", join(userProject(), "node_modules/lambda-release/bin.js")] as const;
  const times = timeInTurn(
    {
      node: { command: ["node", "-e", "0"], folder: project },
      status: { command: [...bin, "status", "dev/greeting"], folder: project },
      shift: { command: [...bin, "shift", "dev/greeting", "25", "--dry-run"], folder: project },
    },
    runs,
  );
  return [
    atMost("release status, of node -e 0", times.status, times.node, 4),
    atMost("release shift, of node -e 0", times.shift, times.node, 4),
  ];
}

/** All strategies in one app, beside an app for each of them with as many services of it. */
function mixedApp(runs: number): Row[] {
  const strategies = deployableStrategies();
  const each = Math.ceil(100 / strategies.length);
  const all = each * strategies.length;
  const folders: [string, string][] = strategies.map((one) => [one, copyWithServices(each, [one])]);
  folders.push(["mixed", copyWithServices(all, strategies)]);
  const apps = Object.fromEntries(folders.map(([name, folder]) => [name, { command: launch, folder }]));
  const times = timeInTurn(apps, runs);
  const sums = (times["mixed"] ?? []).map((_, run) =>
    strategies.reduce((sum, strategy) => sum + (times[strategy]?.[run] ?? Number.NaN), 0),
  );
  return [
    atMost(`mixed app of ${all} services, of its ${strategies.length} parts`, times["mixed"] ?? [], sums, 1),
  ];
}

function matcherTests(runs: number): Row[] {
  const folder = copyWithMatcherTests();
  const jest = (config: string) =>
    ["node", "node_modules/jest/bin/jest.js", "--no-cache", "--config", config] as const;
  const times = timeInTurn(
    {
      own: { command: jest("own.config.json"), folder },
      tsJest: { command: jest("ts-jest.config.json"), folder },
    },
    runs,
  );
  return [atMost("50 matcher tests, of ts-jest", times.own, times.tsJest, 0.6)];
}

async function rehearsal(requests: number, rounds: number): Promise<Row[]> {
  execFileSync("node", ["bin.js", "synth"], { cwd: project, stdio: "ignore" });
  const perSecond = median(await requestsPerSecond(project, "greeting-dev", requests, rounds));
  const text = Math.round(perSecond).toLocaleString("en");
  return [
    {
      what: "rehearsal, requests per second",
      measured: text,
      value: text,
      target: "at least 8,000",
      isMet: perSecond >= 8000,
    },
  ];
}

async function main(): Promise<void> {
  const { quick, runs } = withWrappedHelp(new Command("npm run bench --"))
    .description(
      "Measures this project against references that run in turn with it. A report: it judges nothing.",
    )
    .option("--runs <n>", "runs of each command that count, of which the median is told", positive, 7)
    .option("--quick", "three runs at most, and no app of 500 services", false)
    .parse()
    .opts<{ quick: boolean; runs: number }>();
  const few = quick ? Math.min(runs, 3) : runs;
  const sizes = [
    { services: 100, target: 5 },
    { services: 500, target: 20 },
  ];
  const parts: [string, () => Row[] | Promise<Row[]>][] = [
    ["app start", () => appStart(few)],
    ["release command", () => releaseCommand(2 * few)],
    ["app size", () => appSize(quick ? sizes.slice(0, 1) : sizes, Math.min(few, 5))],
    ["mixed app", () => mixedApp(Math.min(few, 5))],
    ["matcher tests", () => matcherTests(Math.min(few, 3))],
    ["rehearsal", () => rehearsal(quick ? 10_000 : 40_000, few)],
  ];
  const rows: Row[] = [];
  for (const [name, measure] of parts) {
    console.error(`measuring ${name} ...`);
    rows.push(...(await measure()));
  }
  const cells = rows.map((row) => [
    row.what,
    row.measured,
    row.of ?? "",
    row.value,
    row.target,
    row.isMet ? "met" : "missed",
  ]);
  console.log(`Node ${process.version}, ${availableParallelism()} processors, medians\n`);
  console.log(table(["", "measured", "reference", "ratio", "target", ""], cells));
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 100)
    throw new InvalidArgumentError("must be a whole number from 1 to 100");
  return value;
}

guardOutput(1);
main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
