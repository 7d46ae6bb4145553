import type { Command } from "commander";

/** What a file of a verb is given. */
export interface Cli {
  /** The command that the verb is added to. */
  readonly program: Command;
  /** The moment at which the command was started. */
  readonly now: Date;
  /** Takes the exit code of a verb that ran and found something. */
  end(exitCode: number): void;
}

export const serviceArgument = "<environment>/<service>, such as dev/greeting";

/** Of a verb that takes several. */
export const servicesArgument = "services of one environment, such as dev/greeting, or their train";
