import { styleText } from "node:util";

export type Colour = "bold" | "dim" | "red" | "green" | "yellow";

/** https://no-color.org: colour is for a terminal whose user has not refused it. */
const isWanted = process.stdout.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";

/** The text in a colour where colours are shown, and as it is elsewhere. */
export function coloured(colour: Colour, text: string): string {
  return isWanted ? styleText(colour, text) : text;
}
