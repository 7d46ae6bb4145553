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

/** A file, and what is to stand in it. */
export interface WholeFile extends WriteOptions {
  readonly file: string;
  readonly text: string;
}

/**
 * Writes a file whole or not at all. The text goes to a file beside it, which takes its place when all of it is on
 * the disk. That file is the lock too: two commands cannot write one file at a time. A link is followed; mode and
 * owner stay. A signal that ends the process waits until the file is written.
 *
 * @throws {NotWritten} with one line that names the file
 */
export function writeWhole(file: string, text: string, options: WriteOptions = {}): void {
  writeAllWhole([{ file, text, ...options }]);
}

/**
 * Writes several files, each whole, and all or none. All texts are on the disk before the first takes its file's
 * place; where one then cannot, those before it are put back. What no process can wait for (SIGKILL, a power cut)
 * leaves, between two renamings, files that are each old or new, and the locks of the old ones.
 *
 * @throws {NotWritten} with one line that names the file
 */
export function writeAllWhole(files: readonly WholeFile[]): void {
  withSignalsHeld(() => {
    const ready: ReadyFile[] = [];
    try {
      for (const one of files) ready.push(inOneLine(one, () => prepare(one, Buffer.from(one.text))));
      for (const one of ready) inOneLine(one, () => checkUnchanged(one));
      placeAll(ready);
    } catch (error) {
      for (const { lock } of ready) rmSync(lock, { force: true });
      throw error;
    }
  });
}

class Changed extends Error {}

/** A file whose new text is on the disk beside it. */
interface ReadyFile extends WholeFile {
  readonly lock: string;
  /** Where a link leads. */
  readonly target: string;
  /** What it held. @default - it was not there */
  readonly former?: Uint8Array;
}

function inOneLine<T>({ file, name = file }: WholeFile, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Changed)
      throw new NotWritten(`${name} was changed by someone else meanwhile: nothing was written`);
    const { code, message } = error as NodeJS.ErrnoException;
    throw new NotWritten(`${name} cannot be written: ${code ?? message}`);
  }
}

function prepare(file: WholeFile, bytes: Uint8Array): ReadyFile {
  const isThere = lstatSync(file.file, { throwIfNoEntry: false }) !== undefined;
  const target = isThere ? realpathSync(file.file) : file.file;
  const stats = isThere ? statSync(target) : undefined;
  if (stats !== undefined && isReadOnly(target, stats)) throw new Error("it is read-only");
  const former = isThere ? readFileSync(target) : undefined;
  const lock = join(dirname(target), `.${basename(target)}.lock`);
  const descriptor = openLock(lock);
  try {
    try {
      if (stats !== undefined) keepOwner(descriptor, stats);
      writeAll(descriptor, bytes);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (!readFileSync(lock).equals(bytes)) throw new Error("the disk does not hold what was written");
    return { ...file, lock, target, former };
  } catch (error) {
    rmSync(lock, { force: true });
    throw error;
  }
}

function checkUnchanged({ isUnchanged = () => true }: WholeFile): void {
  if (!isUnchanged()) throw new Changed();
}

function placeAll(ready: readonly ReadyFile[]): void {
  const placed: ReadyFile[] = [];
  try {
    for (const one of ready) {
      inOneLine(one, () => renameSync(one.lock, one.target));
      placed.push(one);
    }
  } catch (error) {
    const troubles = placed.reverse().flatMap((one) => putBack(one) ?? []);
    throw new NotWritten([(error as Error).message, ...troubles].join("; "));
  }
}

/** @returns why that cannot be done either; nothing where it is done */
function putBack(placed: ReadyFile): string | undefined {
  const { file, name = file, target, former } = placed;
  try {
    if (former === undefined) rmSync(target);
    else renameSync(prepare(placed, former).lock, target);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return `${name} is written already and cannot be put back: ${code ?? message}`;
  }
  return undefined;
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
