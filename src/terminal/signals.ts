/** What a shell tells of a command that was ended by Ctrl+C. */
export const interrupted = 130;

const exit = () => process.exit(interrupted);

/**
 * Has the program exit at a signal that ends it, so that what it started is ended and what it wrote beside is taken
 * away. Exit code 130.
 */
export function exitOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    if (!process.listeners(signal).includes(exit)) process.on(signal, exit);
}
