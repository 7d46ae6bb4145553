import { styleText } from "node:util";

export type Colour = "bold" | "dim" | "red" | "green" | "yellow";

type Output = Pick<NodeJS.WriteStream, "isTTY">;

/**
 * Whether a stream shows colours. FORCE_COLOR goes first, as in Node (https://nodejs.org/api/cli.html#force_color1-2-3);
 * NO_COLOR and a terminal that knows none take them away (https://no-color.org); else a terminal has them.
 */
export function hasColour(output: Output, env: NodeJS.ProcessEnv = process.env): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: refused, TERM: terminal } = env;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return output.isTTY === true && !refused && terminal !== "dumb";
}

/** The text in a colour where its stream shows colours, and as it is elsewhere. */
export function coloured(colour: Colour, text: string, output: Output = process.stdout): string {
  return hasColour(output) ? styleText(colour, text) : text;
}
