import type { Trouble, WatchOptions } from "../live/watch";
import { type ReadRelease, Unable } from "../release/files/project";
import { RolloutView, type Shown } from "./rollout-view";

export interface ShowOptions {
  readonly json: boolean;
  /** Seconds between two looks. */
  readonly poll: number;
}

/**
 * Shows a shift until its end is known or Ctrl+C, and on a terminal below it what its versions do.
 *
 * @param ids what is followed, in a message
 * @param follow looks at the shift, and shows each look
 * @returns what `follow` found; nothing after Ctrl+C
 */
export async function showShift<T>(
  read: ReadRelease,
  { json, poll }: ShowOptions,
  ids: string,
  follow: (show: (seen: Shown | Trouble) => void, options: WatchOptions) => Promise<T>,
): Promise<T | undefined> {
  const ending = new AbortController();
  const { signal } = ending;
  const onSignal = () => ending.abort();
  process.once("SIGINT", onSignal);
  const view = json ? undefined : new RolloutView(process.stdout, read.name);
  if (view !== undefined && process.stdout.isTTY) {
    const { showBeside } = await import("./watched.js");
    showBeside(read, view, signal);
  }
  try {
    return await follow((seen) => view?.show(seen), { intervalMs: poll * 1000, signal });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw Unable.causedBy(
      error,
      `${(error as Error).message}: lost track of ${ids}; run '${watchCommand(read)}' to follow it`,
    );
  } finally {
    process.removeListener("SIGINT", onSignal);
    ending.abort();
  }
}

/** The command that follows what was started last. */
export function watchLine(read: ReadRelease): string {
  return `next   ${watchCommand(read)}`;
}

function watchCommand({ name }: ReadRelease): string {
  return `npx lambda-release rollout ${name} --watch`;
}
