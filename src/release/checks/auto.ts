import { guardOf } from "../guard";
import type { ReleaseContext } from "../release-context";
import { modelOf } from "../strategies/strategies";
import type { Finding } from "./finding";

/** A step that goes on by itself must have an end, and AWS or the guard must say when it began. */
export function checkAuto({ file, environment }: ReleaseContext): Finding[] {
  const needsGuard = modelOf(file).movedBy === "alias" && guardOf(file, environment) === undefined;
  return (file.steps ?? []).flatMap(({ auto, bakeMinutes, verdict }, index): Finding[] => {
    if (!auto) return [];
    const found = (message: string): Finding[] => [
      { field: ["steps", index, "auto"], message: `must not be true ${message}`, value: auto },
    ];
    if (bakeMinutes === 0 && verdict === undefined)
      return found("without 'bakeMinutes' above 0 or 'verdict': nothing says when the step is over");
    return needsGuard
      ? found("without 'guard': Lambda does not say since when a share is live, and the guard records it")
      : [];
  });
}
