/** What a shell tells of a command that was ended by Ctrl+C. */
export const interrupted = 130;

let isListening = false;

/**
 * Has the program exit at a signal that ends it, so that what it started is ended and what it wrote beside is taken
 * away. Exit code 130.
 */
export function exitOnSignals(): void {
  if (isListening) return;
  isListening = true;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => process.exit(interrupted));
}
