/** A line that tells how far something is, on a terminal alone. */
export interface Progress {
  show(text: string): void;
  clear(): void;
}

/** @param isWanted whether there may be one at all */
export function progressOf(isWanted: boolean): Progress {
  if (!isWanted || !process.stderr.isTTY) return { show: () => {}, clear: () => {} };
  let shownAt = 0;
  return {
    show: (text) => {
      if (Date.now() - shownAt < 100) return;
      shownAt = Date.now();
      process.stderr.write(`\r\x1b[K${text}`);
    },
    clear: () => process.stderr.write("\r\x1b[K"),
  };
}
