import { join } from "node:path";
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import { buildSync } from "esbuild";
import type { LambdaFunction } from "./function";
import type { Executor, ExecutorEvents, Reply } from "./invocation";

let workerSource: string | undefined;

/** The worker's program, translated once. */
function source(): string {
  workerSource ??= buildSync({
    entryPoints: [join(__dirname, "node-worker.ts")],
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "cjs",
  }).outputFiles[0]?.text;
  return workerSource ?? "";
}

interface Watched {
  readonly memoryMb: number;
  readonly outOfMemory: () => void;
}

/** What a worker needs beside its function's memory, and what is left for the rehearsal itself, in MB. */
const workerMb = 64;
const spareMb = 512;
const watched = new Set<Watched>();
let watch: NodeJS.Timeout | undefined;

/** Buffers are outside of a worker's limits: when the process grows beyond all of them, its workers end. */
function watchMemory(one: Watched): void {
  watched.add(one);
  if (watch !== undefined) return;
  const before = process.memoryUsage.rss();
  watch = setInterval(() => {
    const allowedMb = [...watched].reduce((sum, { memoryMb }) => sum + memoryMb + workerMb, spareMb);
    if (process.memoryUsage.rss() - before < allowedMb * 1024 * 1024) return;
    for (const { outOfMemory } of watched) outOfMemory();
  }, 50).unref();
}

/** Starts a worker for a function whose code stands in `folder`. */
export function startNode(
  { handler, memoryMb }: LambdaFunction,
  folder: string,
  environment: Readonly<Record<string, string>>,
  { onReply, onExit, onLog }: ExecutorEvents,
): Executor {
  const worker = new Worker(source(), {
    eval: true,
    workerData: { folder, handler },
    env: environment,
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  const outOfMemory = `Runtime exited: out of memory (${memoryMb} MB)`;
  let reason = "Runtime exited without providing a reason";
  const memory: Watched = {
    memoryMb,
    outOfMemory: () => {
      reason = outOfMemory;
      void worker.terminate();
    },
  };
  watchMemory(memory);
  worker.on("message", (reply: Reply) => onReply(reply));
  worker.on("error", (error: Error & { code?: string }) => {
    reason = error.code === "ERR_WORKER_OUT_OF_MEMORY" ? outOfMemory : (error.stack ?? error.message);
  });
  worker.on("exit", () => {
    watched.delete(memory);
    onExit(reason);
  });
  createInterface({ input: worker.stdout }).on("line", onLog);
  createInterface({ input: worker.stderr }).on("line", onLog);
  return {
    call: (call) => worker.postMessage(call),
    stop: () => void worker.terminate(),
  };
}
