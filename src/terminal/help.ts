import { type Command, Help } from "commander";
import { widthOf, wrapped } from "./width";

/** Below as many columns a description stands under its option instead of beside it. */
const leastRoom = 30;

/**
 * Help that breaks lines between words at the terminal's width, or at 80 columns where there is none. Subcommands
 * that are added later have it too.
 *
 * @param after paragraphs below the options. @default - none
 */
export function withWrappedHelp<C extends Command>(command: C, ...after: readonly string[]): C {
  command
    .configureOutput({
      getOutHelpWidth: () => widthOf(process.stdout, 80),
      getErrHelpWidth: () => widthOf(process.stderr, 80),
    })
    .configureHelp({
      // Nearly each has options: its own help lists them.
      subcommandTerm: (subcommand) =>
        Help.prototype.subcommandTerm.call(new Help(), subcommand).replace(" [options]", ""),
      formatItem,
      formatHelp: (one, helper) =>
        wrapped(Help.prototype.formatHelp.call(helper, one, helper), helper.helpWidth ?? 80),
    });
  return helpAfter(command, ...after);
}

/** Adds paragraphs below the options, which are wrapped in the same way. */
export function helpAfter<C extends Command>(command: C, ...paragraphs: readonly string[]): C {
  if (paragraphs.length > 0)
    command.addHelpText("after", ({ error }) => {
      const width = widthOf(error ? process.stderr : process.stdout, 80);
      return `\n${paragraphs.map((one) => wrapped(one, width)).join("\n\n")}`;
    });
  return command;
}

function formatItem(term: string, termWidth: number, description: string, helper: Help): string {
  if (description === "") return `  ${term}`;
  const width = helper.helpWidth ?? 80;
  const room = width - termWidth - 4;
  if (room < leastRoom) return `  ${term}\n${wrapped(`      ${description}`, width)}`;
  const lines = wrapped(description, room, 0).split("\n");
  return `  ${term.padEnd(termWidth)}  ${lines.join(`\n${" ".repeat(termWidth + 4)}`)}`;
}
