import type { ReadRelease } from "../release/project";
import { trafficOf } from "../release/traffic";
import { coloured } from "../terminal/colour";
import { asObject, statusTable, stepsLine, suggestionLines } from "./report";
import { suggestions } from "./suggestions";

/** Prints who serves what, and what comes next. */
export function status({ context, path, name }: ReadRelease, json: boolean, now: Date): void {
  const { file } = context;
  if (json) {
    const { strategy, stable, former, blue, preview, steps } = file;
    const next = suggestions(context, now).map(({ command }) => command);
    const pointers = { stable, former, canary: file.canary, blue, preview, steps };
    console.log(
      JSON.stringify({
        service: name,
        file: path,
        strategy,
        traffic: asObject(trafficOf(file)),
        ...pointers,
        next,
      }),
    );
    return;
  }
  const steps = stepsLine(context);
  console.log(`${coloured("bold", name)}   ${file.strategy}, ${path}\n`);
  console.log(statusTable(context, now));
  if (steps !== undefined) console.log(`\nsteps  ${steps}`);
  console.log(`\n${suggestionLines(context, now)}`);
}
