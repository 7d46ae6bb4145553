import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** A file that was not written, and why: it is as it was. */
export class NotWritten extends Error {}

export interface WriteOptions {
  /** What messages call the file. @default - its path */
  readonly name?: string;
  /** Asked when all is written, before it takes the old file's place. @default - whatever is there is replaced */
  readonly isUnchanged?: () => boolean;
}

/** Writing takes milliseconds: a lock as old as this was left by a command that was killed. */
const staleAfterMs = 10_000;

/**
 * Writes a file whole or not at all. The text goes to a file beside it, which takes its place when all of it is on
 * the disk. That file is the lock too: two commands cannot write one file at a time. A link is followed; mode and
 * owner stay. A signal that ends the process waits until the file is written.
 *
 * @throws {NotWritten} with one line that names the file
 */
export function writeWhole(file: string, text: string, options: WriteOptions = {}): void {
  const { name = file, isUnchanged = () => true } = options;
  try {
    withSignalsHeld(() => replace(file, Buffer.from(text), isUnchanged));
  } catch (error) {
    if (error instanceof Changed)
      throw new NotWritten(`${name} was changed by someone else meanwhile: nothing was written`);
    const { code, message } = error as NodeJS.ErrnoException;
    throw new NotWritten(`${name} cannot be written: ${code ?? message}`);
  }
}

class Changed extends Error {}

function replace(file: string, bytes: Uint8Array, isUnchanged: () => boolean): void {
  const isThere = lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  const target = isThere ? realpathSync(file) : file;
  const former = isThere ? statSync(target) : undefined;
  if (former !== undefined && isReadOnly(target, former)) throw new Error("it is read-only");
  const lock = join(dirname(target), `.${basename(target)}.lock`);
  const descriptor = openLock(lock);
  try {
    try {
      if (former !== undefined) keepOwner(descriptor, former);
      writeAll(descriptor, bytes);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (!readFileSync(lock).equals(bytes)) throw new Error("the disk does not hold what was written");
    if (!isUnchanged()) throw new Changed();
    renameSync(lock, target);
  } catch (error) {
    rmSync(lock, { force: true });
    throw error;
  }
}

/** Writes all bytes: a disk that is nearly full, or a limit, takes a part of them without an error. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
}

function openLock(lock: string, isRetry = false): number {
  try {
    return openSync(lock, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (isRetry || age < staleAfterMs) throw new Error("another command is writing it; try again");
    rmSync(lock, { force: true });
    return openLock(lock, true);
  }
}

/** The superuser may write any file, but the mode says what its owner wants. */
function isReadOnly(file: string, { mode }: Stats): boolean {
  if ((mode & 0o222) === 0) return true;
  try {
    accessSync(file, constants.W_OK);
    return false;
  } catch {
    return true;
  }
}

function keepOwner(descriptor: number, { mode, uid, gid }: Stats): void {
  if (process.getuid?.() === 0) fchownSync(descriptor, uid, gid);
  fchmodSync(descriptor, mode & 0o7777);
}

const ending = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

let areHeld = false;

/** A signal that comes meanwhile has its effect afterwards. Node runs its listener only when `work` has returned. */
function withSignalsHeld(work: () => void): void {
  if (!areHeld) for (const signal of ending) process.on(signal, onSignal);
  areHeld = true;
  try {
    work();
  } finally {
    setImmediate(releaseSignals);
  }
}

function releaseSignals(): void {
  areHeld = false;
  for (const signal of ending) process.off(signal, onSignal);
}

function onSignal(signal: NodeJS.Signals): void {
  releaseSignals();
  process.kill(process.pid, signal);
}
