import type { FunctionsRelease } from "../release/release";
import type { LiveShare } from "../release/steps/live-share";
import { standingOf } from "../release/steps/standing";
import { shareSince } from "../release/steps/steps";
import { modelOf, strategiesThat } from "../release/strategies/strategies";

/** The canary that is compared with stable, and since when it has its share. */
export interface ComparedShare {
  readonly canary: string;
  readonly since: Date;
}

/** Why there is none. */
export interface NotCompared {
  readonly notKnown: string;
  /** The rest of the sentence for who asked for the comparison: what to do. */
  readonly todo: string;
  /** Whether there is a canary to compare, and only its time is missing. */
  readonly isOfTime: boolean;
}

/** The one place that says whether a canary of functions is compared with stable, by its release. */
export function comparedCanary(release: FunctionsRelease): { readonly canary: string } | NotCompared {
  const { fields } = modelOf(release);
  if (!fields.includes("verdict")) {
    const having = strategiesThat((model) => model.fields.includes("verdict"));
    return none(`${release.strategy} has no canary to compare with stable`, `: a verdict is for ${having}`);
  }
  const { canary } = standingOf(release);
  return canary === undefined
    ? none("no version is on trial", ": 'start' one first")
    : { canary: canary.version };
}

/**
 * The same, and since when. What was found at another share is no evidence for this one, so it must be live: AWS says
 * that, unless CodeDeploy gives the share, which no file knows.
 *
 * @param live is asked where the answer depends on it
 */
export async function comparedShare(
  release: FunctionsRelease,
  live: () => Promise<LiveShare>,
): Promise<ComparedShare | NotCompared> {
  const compared = comparedCanary(release);
  if ("notKnown" in compared) return compared;
  const { canary } = compared;
  const given = standingOf(release).canary?.since;
  if (given === undefined)
    return noTime(`the file does not say since when ${canary} has its share`, ": write 'canary.since'");
  if (modelOf(release).movedBy === "codedeploy") return { canary, since: new Date(given) };
  const share = await live();
  if (share.is === "other")
    return noTime(`the share of ${canary} is not live: ${share.why}`, "; deploy the file");
  return { canary, since: shareSince(given, share.is === "live" ? share.since : undefined) };
}

function none(notKnown: string, todo: string): NotCompared {
  return { notKnown, todo, isOfTime: false };
}

function noTime(notKnown: string, todo: string): NotCompared {
  return { notKnown, todo, isOfTime: true };
}
