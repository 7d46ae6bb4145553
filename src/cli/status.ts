import type { ReadRelease } from "../release/files/project";
import { bakeTimeOf, bakeTimeText } from "../release/steps/bake-time";
import { heldText } from "../release/steps/held";
import { notAsked } from "../release/steps/live-share";
import { standingOf } from "../release/steps/standing";
import { needsVerdict } from "../release/steps/steps";
import { trafficOf } from "../release/traffic";
import { coloured } from "../terminal/colour";
import { asObject, awaitedVerdict, statusTable, stepsLine, suggestionLines } from "./report";
import { suggestions } from "./suggestions";

/** Prints who serves what, and what comes next. A bake time counts by the file: AWS is not asked. */
export function status(read: ReadRelease, json: boolean, now: Date): void {
  const { release, path, name } = read;
  const baking = bakeTimeOf(standingOf(release), notAsked("use --live for that"));
  if (json) {
    const next = suggestions(release, now).map(({ command }) => command);
    console.log(
      JSON.stringify({
        ...standingJson(read),
        bakeTime: baking,
        waitsForVerdict: needsVerdict(standingOf(release)),
        next,
      }),
    );
    return;
  }
  const steps = stepsLine(release);
  console.log(`${coloured("bold", name)}   ${release.strategy}, ${path}\n`);
  console.log(statusTable(release, now));
  if (steps !== undefined) console.log(`\nsteps  ${steps}`);
  const held = heldText(standingOf(release));
  if (held !== undefined) console.log(`${steps === undefined ? "\n" : ""}hold  ${held}`);
  if (baking !== undefined) console.log(`bake time  ${bakeTimeText(baking, now)}`);
  const verdict = awaitedVerdict(release);
  if (verdict !== undefined) console.log(`verdict  ${verdict}`);
  console.log(`\n${suggestionLines(release, now)}`);
}

/** Where a release stands by its file, for a script. */
export function standingJson({ release, path, name }: ReadRelease) {
  return {
    service: name,
    file: path,
    strategy: release.strategy,
    traffic: asObject(trafficOf(release)),
    ...standingOf(release),
  };
}
