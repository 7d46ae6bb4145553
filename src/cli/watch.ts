import { setTimeout as pause } from "node:timers/promises";
import { helpAfter } from "../terminal/help";
import { Screen } from "../terminal/screen";
import { interrupted } from "../terminal/signals";
import { hasUnicode } from "../terminal/sparkline";
import { upTo } from "./options";
import { factsOf } from "./service-facts";
import { viewLines } from "./service-text";
import { type Cli, serviceArgument } from "./verb";
import { Watched } from "./watched";

export interface WatchOptions {
  /** Seconds between two looks. */
  readonly poll: number;
  readonly json: boolean;
}

/** How often pointers and alarms are asked. */
export const defaultPoll = 15;

/** As long as this it waits at most where AWS does not answer. */
const longestWaitMs = 300_000;

const after = [
  "On a terminal it draws in place, and leaves what stood there before. In a pipe it prints a line for each change, with --json the whole view as one object for each change.",
  "It asks for pointers, alarms and stops every --poll seconds. Metrics are asked for once a minute, by one GetMetricData: AWS charges $0.01 for 1,000 metrics, so 8 of them, as a release of one function has, are $0.005 an hour.",
  "AWS that does not answer is a line, and is asked again, each time after twice as long, up to 5 minutes.",
  "Exit codes: 130 after Ctrl+C, which alone ends it; 2 it could not begin.",
];

export const pollOption = [
  "--poll <seconds>",
  "how often pointers and alarms are asked for; metrics once a minute",
  upTo(3600, "a number of seconds"),
  defaultPoll,
] as const;

export function addWatch({ program, end }: Cli): void {
  helpAfter(program.command("watch"), ...after)
    .description(
      "a live view: steps and time left, shares, requests, 5xx and p95 of both versions, alarms, verdict, guard, next",
    )
    .argument("<service>", serviceArgument)
    .option(...pollOption)
    .option("--json", "for scripts: one object a line, for each change", false)
    .action(async (service, options) => end(await watchService(service, options)));
}

/**
 * Shows a service until Ctrl+C.
 *
 * @throws {Unable} where the file cannot be read, or there are no credentials for its account, as it begins
 */
export async function watchService(service: string, options: WatchOptions): Promise<number> {
  const ending = new AbortController();
  const { signal } = ending;
  const onSignal = () => ending.abort();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, onSignal);
  const isTerminal = process.stdout.isTTY && process.env["TERM"] !== "dumb";
  const out = options.json ? new Objects() : isTerminal ? new Drawn(options) : new Lines();
  const ended = aborted(signal);
  const watched = await Watched.begin(service);
  try {
    for (let failures = 0; !signal.aborted; ) {
      const isAnswered = await Promise.race([watched.look(), ended]);
      if (signal.aborted) break;
      failures = isAnswered ? 0 : failures + 1;
      out.show(watched);
      const waitMs = options.poll * 1000 * 2 ** Math.min(failures, 10);
      await pause(Math.min(waitMs, Math.max(longestWaitMs, options.poll * 1000)), undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    watched.close();
    out.close();
    for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, onSignal);
  }
  return interrupted;
}

function aborted(signal: AbortSignal): Promise<false> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(false), { once: true });
  });
}

type Shown = Pick<Watched, "view" | "name" | "trouble">;

/** On a terminal, in place. */
class Drawn {
  private readonly screen = new Screen(process.stdout);
  private last: readonly string[] = [];

  constructor(private readonly options: WatchOptions) {}

  show({ view, name, trouble }: Shown): void {
    const { poll } = this.options;
    const [isUnicode, output] = [hasUnicode(), process.stdout];
    const lines = (width: number) =>
      view === undefined
        ? [name, "", `waiting    ${trouble}`]
        : viewLines(view, { width, isUnicode, output, poll });
    this.last = lines(this.screen.width);
    this.screen.draw(lines);
  }

  /** What was seen last stays to be read. */
  close(): void {
    this.screen.close();
    if (this.last.length > 0) process.stdout.write(`${this.last.join("\n")}\n`);
  }
}

function isWaiting(facts: ReadonlyMap<string, string>): boolean {
  return [...facts.keys()].some((about) => about.startsWith("waiting"));
}

/** In a pipe, a line for each change. */
class Lines {
  private facts: ReadonlyMap<string, string> = new Map();

  show({ view, trouble }: Shown): void {
    const facts = view === undefined ? new Map([["waiting", trouble]]) : factsOf(view);
    const time = new Date().toISOString().slice(11, 19);
    for (const [about, text] of facts) {
      if (this.facts.get(about) === text) continue;
      const [word = ""] = about.split(" ");
      process.stdout.write(`${time}  ${word.padEnd(7)}  ${text}\n`);
    }
    if (isWaiting(this.facts) && !isWaiting(facts)) process.stdout.write(`${time}  waiting  over\n`);
    this.facts = facts;
  }

  close(): void {}
}

/** For scripts, an object for each change. */
class Objects {
  private told = "";

  show({ view, name: service, trouble }: Shown): void {
    const { at, ...rest } = view ?? { at: undefined, service, troubles: [trouble] };
    const text = JSON.stringify(rest);
    if (text === this.told) return;
    this.told = text;
    process.stdout.write(`${JSON.stringify({ at, ...rest })}\n`);
  }

  close(): void {}
}
