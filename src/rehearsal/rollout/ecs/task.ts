import { type ChildProcess, spawn } from "node:child_process";
import { get } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { guardGroup } from "../../../terminal/guard";
import { onOutputLine } from "../../output-lines";

/** How a container is run on this machine. */
export interface TaskOrder {
  readonly version: string;
  readonly folder: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly healthPath: string;
}

/** How long it may take to be well, or to end when it is asked to. */
const startMs = 20_000;
const endMs = 2_000;

const running = new Set<Task>();
process.on("exit", () => {
  for (const task of running) task.signal("SIGKILL");
});

/** A container's server, a process of this machine's, on the port that `PORT` tells it. */
export class Task {
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  /** Why it is not well. @default - it is, or was when it was started */
  illness?: string;
  private end?: string;
  private lastLine = "";

  private constructor(
    private readonly order: TaskOrder,
    readonly port: number,
  ) {
    const [program = "", ...args] = order.command;
    const { PATH = "", HOME = "/" } = process.env;
    this.child = spawn(program, args, {
      cwd: order.folder,
      env: { PATH, HOME, ...order.environment, PORT: String(port) },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that what it starts ends with it.
      detached: true,
    });
    for (const output of [this.child.stdout, this.child.stderr] as Readable[]) {
      onOutputLine(output, (line) => {
        // What follows the error itself is where it was thrown, and by which Node.
        if (/Error\b/.test(line) || !/Error\b/.test(this.lastLine)) this.lastLine = line.trim();
      });
    }
    running.add(this);
    const release = guardGroup(this.child.pid);
    this.exited = new Promise((resolve) => {
      const gone = (end: string) => {
        this.end ??= end;
        running.delete(this);
        release();
        resolve();
      };
      this.child.on("error", ({ message }) => gone(message));
      this.child.on("close", (code, signal) => gone(`it ends with ${signal ?? `exit code ${code}`}`));
    });
  }

  /** Starts it, and waits until it answers its health check. What does not by then never does. */
  static async start(order: TaskOrder): Promise<Task> {
    const task = new Task(order, await freePort());
    const end = Date.now() + startMs;
    do {
      task.illness = await task.check();
      if (task.illness === undefined || task.end !== undefined) break;
      await pause(25);
    } while (Date.now() < end);
    return task;
  }

  private async check(): Promise<string | undefined> {
    const { healthPath } = this.order;
    const status = await statusOf(`http://127.0.0.1:${this.port}${healthPath}`);
    if (status === 200) return undefined;
    const said = this.lastLine === "" ? "" : `: ${this.lastLine}`;
    if (this.end !== undefined) return `${this.end}${said}`;
    if (status !== undefined) return `it answers ${healthPath} with ${status}`;
    return `it does not answer ${healthPath} on the port in the variable PORT${said}`;
  }

  /** Asks it to end, and ends it. */
  async stop(): Promise<void> {
    this.signal("SIGTERM");
    const patience = new AbortController();
    const over = pause(endMs, undefined, { signal: patience.signal }).catch(() => {});
    await Promise.race([this.exited, over]);
    patience.abort();
    this.signal("SIGKILL");
    await this.exited;
  }

  signal(name: NodeJS.Signals): void {
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, name);
    } catch {
      // It is gone already.
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** @returns nothing where there is no answer */
function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { timeout: 2_000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on("timeout", () => request.destroy()).on("error", () => resolve(undefined));
  });
}
