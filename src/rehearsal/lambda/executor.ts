import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { runtimeLanguage } from "../../release/functions/runtimes";
import { guardGroup } from "../../terminal/guard";
import { onOutputLine } from "../output-lines";
import type { FunctionVersion } from "./function";
import type { Call, Reply } from "./invocation";

export interface ExecutorEvents {
  readonly onReply: (reply: Reply) => void;
  /** It is gone: by itself, or because it was stopped. */
  readonly onExit: (reason: string) => void;
  /** A line that the handler printed. */
  readonly onLog: (line: string) => void;
}

/** What a runtime needs beside its function's memory, in MB. */
const runtimeMb = 256;
/** Children that run, to be ended with this process. */
const running = new Set<Executor>();

let found: boolean | undefined;

/** Whether this machine has Python 3. */
export function hasPython(): boolean {
  found ??= spawnSync("python3", ["--version"]).status === 0;
  return found;
}

/**
 * One running instance of a function: a process of its own, because nothing less keeps a handler that runs out
 * of memory, closes files or ends its process from taking the rehearsal along. It does one call at a time, in the
 * order in which it gets them.
 */
export class Executor {
  private readonly child: ChildProcess;
  private reason?: string;

  /** @param folder where the function's code stands */
  constructor(
    private readonly lambda: FunctionVersion,
    folder: string,
    environment: Readonly<Record<string, string>>,
    { onReply, onExit, onLog }: ExecutorEvents,
  ) {
    const [command, ...args] = commandOf(lambda);
    this.child = spawn(command, [...args, folder, lambda.handler, String(lambda.memoryMb)], {
      cwd: folder,
      env: environment,
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
      // A group of its own, so that what a handler starts ends with it.
      detached: true,
    });
    const [, stdout, stderr, calls, replies] = this.child.stdio as [
      null,
      Readable,
      Readable,
      Writable,
      Readable,
    ];
    onLine(
      replies,
      (line) => this.receive(line, onReply),
      () => this.stop(`Runtime.ExitError: the answer is longer than ${mostReply / 1024 / 1024} MB`),
    );
    onOutputLine(stdout, onLog);
    onOutputLine(stderr, onLog);
    const release = guardGroup(this.child.pid);
    // A child that is gone is told by its exit.
    calls.on("error", () => {});
    const gone = (reason: string) => {
      running.delete(this);
      release();
      onExit(this.reason ?? reason);
    };
    this.child.on("error", (error) => gone(error.message));
    this.child.on("exit", (code, signal) => {
      // Its last reply may still be on the way.
      const end = () => gone(exitReason(code, signal, lambda.memoryMb));
      replies.once("close", end);
      setTimeout(end, 100);
    });
    running.add(this);
  }

  send(calls: readonly Call[]): void {
    const lines = calls.map(({ context, event }) => `${JSON.stringify(context)}\n${event}\n`);
    (this.child.stdio[3] as Writable).write(lines.join(""));
  }

  /** Ends it, whatever it does. @param reason what its end is told to be. @default - how it ended */
  stop(reason?: string): void {
    this.reason ??= reason;
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, "SIGKILL");
    } catch {
      // It is gone already.
    }
  }

  /** Ends it when it has grown beyond its function's memory, where the system tells (Linux). */
  checkMemory(): void {
    const { memoryMb } = this.lambda;
    try {
      const pages = Number(readFileSync(`/proc/${this.child.pid}/statm`, "utf8").split(" ")[1]);
      if (pages * 4096 > (memoryMb + runtimeMb) * 1024 * 1024) this.stop(outOfMemory(memoryMb));
    } catch {
      // Another system, or the child is gone.
    }
  }

  /** A line that is no reply comes of a handler that wrote where it must not. */
  private receive(line: string, onReply: (reply: Reply) => void): void {
    let reply: Reply;
    try {
      reply = parseReply(line);
    } catch {
      this.stop("Runtime.ExitError: the handler wrote to the runtime's own channel");
      return;
    }
    onReply(reply);
  }
}

/**
 * `ready`, `answer <milliseconds> <JSON>`, `error <JSON>`, `back <count>`, `chunk <base64>` or `end <milliseconds>`.
 *
 * @throws on anything else
 */
function parseReply(line: string): Reply {
  if (line === "ready") return { type: "ready" };
  if (line.startsWith("answer ")) {
    const end = line.indexOf(" ", "answer ".length);
    const tookMs = Number(line.slice("answer ".length, end));
    const answer = line.slice(end + 1);
    return { type: "answer", answer: JSON.parse(answer), bytes: Buffer.byteLength(answer), tookMs };
  }
  if (line.startsWith("chunk ")) {
    return { type: "chunk", chunk: Buffer.from(line.slice("chunk ".length), "base64") };
  }
  if (line.startsWith("end ")) return { type: "end", tookMs: Number(line.slice("end ".length)) };
  if (line.startsWith("back ")) return { type: "back", count: Number(line.slice("back ".length)) };
  if (!line.startsWith("error ")) throw new Error("no reply");
  const { error, isLast } = JSON.parse(line.slice("error ".length));
  return { type: "error", error: String(error), isLast: isLast === true };
}

/** Many times what Lambda takes as an answer, which is 6 MB. */
const mostReply = 64 * 1024 * 1024;

/** Lines as they come: node:readline takes several times as long for them. */
function onLine(stream: Readable, receive: (line: string) => void, onTooLong: () => void): void {
  let text = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    text += chunk;
    if (text.length > mostReply) {
      text = "";
      onTooLong();
      return;
    }
    if (!chunk.includes("\n")) return;
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) receive(line);
  });
}

function commandOf({ runtime, memoryMb }: FunctionVersion): [string, ...string[]] {
  const language = runtimeLanguage(runtime);
  if (language === "python") return ["python3", join(__dirname, "python-runtime.py")];
  if (language === "os") return [process.execPath, join(__dirname, "bootstrap-runtime.js")];
  return [process.execPath, `--max-old-space-size=${memoryMb}`, join(__dirname, "node-runtime.js")];
}

function outOfMemory(memoryMb: number): string {
  return `Runtime exited: out of memory (${memoryMb} MB)`;
}

/** V8 and the system end a process by SIGABRT or SIGTRAP when its heap is full. */
function exitReason(code: number | null, signal: NodeJS.Signals | null, memoryMb: number): string {
  if (signal === "SIGABRT" || signal === "SIGTRAP" || code === 134 || code === 133)
    return outOfMemory(memoryMb);
  return `Runtime exited with ${signal ?? `code ${code}`}`;
}

setInterval(() => {
  for (const executor of running) executor.checkMemory();
}, 50).unref();

process.on("exit", () => {
  for (const executor of running) executor.stop();
});
