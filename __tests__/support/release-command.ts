import { Writable } from "node:stream";
import { format } from "node:util";
import { run as runHere } from "../../src/cli/cli";
import type { Finished } from "./command";
import type { FakeTerminal } from "./fake-terminal";

/** What a command finds around it, beside its folder. */
export interface Surroundings {
  /** In place of this machine's own AWS. @default - none */
  readonly variables?: Readonly<Record<string, string>>;
  /** @default - now */
  readonly now?: Date;
  /** Where its output is drawn, in place of what is told of it. @default - it is a pipe */
  readonly terminal?: FakeTerminal;
}

/**
 * The release command in this process, with what `run` gives a process of its own: a folder, variables, and pipes
 * that nobody can be asked through. A start of Node with the AWS SDK takes longer than most verbs. What `bin.js` does
 * around it (the kept bundle, the guard of what is printed, the exit) has tests of its own.
 *
 * One command at a time: while it runs, what it reads of the process is the test's.
 */
export async function release(
  folder: string,
  args: readonly string[],
  { variables = {}, now = new Date(), terminal }: Surroundings = {},
): Promise<Finished> {
  const printed = { stdout: "", stderr: "" };
  // A whole stream: Node leads to it what its threads print.
  const pipe = (name: keyof typeof printed) => {
    const write = (chunk: Buffer, _encoding: string, done: () => void) => {
      printed[name] += chunk;
      done();
    };
    return Object.assign(new Writable({ write }), { isTTY: false });
  };
  const [stdout, stderr] = [terminal ?? pipe("stdout"), pipe("stderr")];
  const print = (stream: Pick<Writable, "write">) => (line?: unknown) => {
    stream.write(`${line === undefined ? "" : format(line)}\n`);
  };
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  const restore = [
    replace(process, "stdin", { isTTY: false }),
    replace(process, "stdout", stdout),
    replace(process, "stderr", stderr),
    replace(process, "cwd", () => folder),
    replace(process, "env", { ...Object.fromEntries(own), ...variables }),
    replace(console, "log", print(stdout)),
    replace(console, "error", print(stderr)),
  ];
  try {
    const exitCode = await runHere(args, now);
    return { exitCode, ...printed };
  } finally {
    for (const one of restore) one();
  }
}

/** @returns what puts back what was there */
function replace<T extends object>(owner: T, name: keyof T & string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  return () => {
    if (before === undefined) delete owner[name];
    else Object.defineProperty(owner, name, before);
  };
}
