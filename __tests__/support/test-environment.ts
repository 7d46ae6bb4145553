import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JestEnvironment } from "@jest/environment";
import { ModuleMocker } from "jest-mock";

/**
 * The environment of every test file. All files of a process have one realm (see `one-realm-runtime.js`): what a file
 * changes of its globals and of `process` is as before at its end.
 *
 * Each file has a temporary directory of its own, for itself and the processes that it starts. It is gone at the
 * file's end, after all its `afterAll`; an `exit` of the process never comes to a test.
 */
export default class OneRealm implements JestEnvironment {
  readonly global = globalThis as unknown as JestEnvironment["global"];
  readonly moduleMocker = new ModuleMocker(globalThis);
  // No test has another clock than the one that it gives.
  readonly fakeTimers = null;
  readonly fakeTimersModern = null;
  private readonly restoreGlobals = keep(globalThis);
  private readonly restoreProcess = keep(process);
  private readonly variables = { ...process.env };
  private readonly exitCode = process.exitCode;
  private readonly listeners = listenersOfProcess();
  private folder = "";

  async setup(): Promise<void> {
    this.folder = mkdtempSync(join(tmpdir(), "lambda-release-tests-"));
    process.env["TMPDIR"] = this.folder;
  }

  async teardown(): Promise<void> {
    for (const [event, listener] of listenersOfProcess())
      if (!this.listeners.some(([, known]) => known === listener)) process.removeListener(event, listener);
    this.restoreProcess();
    this.restoreGlobals();
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, this.variables);
    process.exitCode = this.exitCode;
    try {
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    } catch {
      // A process that is about to end still writes there: no reason for tests to fail.
    }
  }

  exportConditions(): string[] {
    return ["node", "node-addons"];
  }

  /** Nothing runs in it. */
  getVmContext() {
    return {};
  }
}

/** @returns what brings an object's properties back as they are now; what packages add to it stays, for they do so once */
function keep(owner: object): () => void {
  const before = Object.entries(Object.getOwnPropertyDescriptors(owner));
  return () => {
    for (const [name, descriptor] of before) Reflect.defineProperty(owner, name, descriptor);
  };
}

type Listener = Parameters<typeof process.removeListener>[1];

function listenersOfProcess(): (readonly [string | symbol, Listener])[] {
  return process
    .eventNames()
    .flatMap((event) =>
      process.rawListeners(event as "exit").map((one) => [event, one as Listener] as const),
    );
}
