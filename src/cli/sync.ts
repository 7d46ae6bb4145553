import { type ReadRelease, Unable } from "../release/files/project";
import type { FunctionsRelease } from "../release/release";
import { type Split, sharesOf } from "../release/split";
import { standingOf } from "../release/steps/standing";
import { stopText, stopToTakeIn } from "../release/steps/stops";
import { Refusal, rollback } from "../release/verbs/transitions";
import { applyVerb, type WriteOptions } from "./apply-verb";

/** Writes into the file what was stopped in AWS since: the canary is dropped, or the former version serves again. */
export async function sync(read: ReadRelease, options: WriteOptions, now: Date): Promise<void> {
  const { release, name } = read;
  if (release.versionKind === "container" || release.guard === undefined)
    throw new Refusal(
      `${name} has no guard, so nothing records what was stopped: 'status ${name} --live' compares`,
    );
  const { traffic, stops } = await askAws(read, release);
  const stop = stopToTakeIn(standingOf(release), stops);
  if (stop === undefined) {
    if (options.json) console.log(JSON.stringify({ service: name, file: read.path, written: false }));
    else console.log(`${name}: nothing that the file gives users was stopped`);
    return;
  }
  if (serves(traffic, stop.version))
    throw new Refusal(
      `${stop.version} was stopped at ${stop.at}, but AWS still sends it users: 'status ${name} --live' shows how many. The guard moves them within two minutes.`,
    );
  const { message = stopText(stop) } = options;
  await applyVerb(read, (state) => rollback(state, { now: new Date(stop.at) }), { ...options, message }, now);
}

function serves(split: Split, version: string): boolean {
  return (sharesOf(split).get(version) ?? 0) > 0;
}

async function askAws({ name }: ReadRelease, release: FunctionsRelease) {
  const { liveStops } = await import("../live/live-stops.js");
  try {
    return await liveStops(release);
  } catch (error) {
    throw Unable.causedBy(error, `what was stopped of ${name} is not known: ${(error as Error).message}`);
  }
}
