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
  let reason = "Runtime exited without providing a reason";
  worker.on("message", (reply: Reply) => onReply(reply));
  worker.on("error", (error: Error & { code?: string }) => {
    reason =
      error.code === "ERR_WORKER_OUT_OF_MEMORY"
        ? `Runtime exited: out of memory (${memoryMb} MB)`
        : (error.stack ?? error.message);
  });
  worker.on("exit", () => onExit(reason));
  createInterface({ input: worker.stdout }).on("line", onLog);
  createInterface({ input: worker.stderr }).on("line", onLog);
  return {
    call: (call) => worker.postMessage(call),
    stop: () => void worker.terminate(),
  };
}
