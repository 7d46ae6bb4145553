import type { Edit } from "../files/edit";
import { modelOf, shiftsByItself } from "../strategies/strategies";
import { inSeconds } from "../time";
import { Refusal, type State, shiftedByItself } from "./transitions";

/** The canary keeps its share until `release`. @param why what the person wrote */
export function hold({ file }: State, why: string | undefined, now: Date): Edit[] {
  const { canary } = file;
  const model = modelOf(file);
  if (shiftsByItself(model)) throw new Refusal(shiftedByItself(model));
  if (canary === undefined) throw new Refusal("there is no canary to hold");
  if (canary.hold !== undefined)
    throw new Refusal(`${canary.version} is held already, since ${canary.hold.since}: ${canary.hold.why}`);
  const reason = why?.replace(/\s+/g, " ").trim() ?? "";
  if (reason === "") throw new Refusal('a hold needs its reason: -m "<why>"');
  return [{ field: ["canary", "hold"], value: { why: reason, since: inSeconds(now) } }];
}

/** A hold is taken away: the canary may get more users again. */
export function release({ file: { canary } }: State): Edit[] {
  if (canary === undefined) throw new Refusal("there is no canary to release");
  if (canary.hold === undefined) throw new Refusal(`${canary.version} is not held`);
  return [{ field: ["canary", "hold"] }];
}
