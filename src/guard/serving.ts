import type { LiveState } from "../live/live-state";
import { liveTraffic } from "../live/live-traffic";
import { aliasInVariable } from "../release/functions/alias-variable";
import { liveAlias } from "../release/pointer";
import type { FunctionsRelease } from "../release/release";
import type { Split } from "../release/split";
import { type Decision, readDecision } from "../release/steps/decision";
import type { Stop } from "../release/steps/stops";
import { modelOf } from "../release/strategies/strategies";

/** Who serves users, and by what decision. */
export interface Serving {
  readonly traffic: Split;
  /** @default - the pointer does not say */
  readonly decision?: Decision;
}

/** @param stops the latest first */
export function servingNow(release: FunctionsRelease, live: LiveState, [last]: readonly Stop[]): Serving {
  const traffic = liveTraffic(release, live);
  if (release.versionKind !== "lambda" || modelOf(release).movedBy !== "alias")
    return { traffic, decision: readDecision(live.api?.stage.description ?? "") };
  const serving = release.functions.flatMap((one) => {
    const alias = live.aliases.get(aliasInVariable(one, liveAlias));
    return alias === undefined ? [] : [{ name: one.name, alias }];
  });
  const decisionOf = (one = serving[0]) => readDecision(one?.alias.description ?? "");
  if (last === undefined || traffic.unknown.length === 0) return { traffic, decision: decisionOf() };
  // Aliases are moved one by one: a stop that ended between two of them has left users at its version.
  const numbersOf = (version = "") => release.versions.find(({ name }) => name === version)?.numbers ?? {};
  const [from, to] = [numbersOf(last.version), numbersOf(Object.keys(last.to)[0])];
  const left = serving.find(({ name, alias }) => {
    const number = from[name];
    return (
      number !== undefined &&
      number !== to[name] &&
      [alias.version, ...Object.keys(alias.weights)].includes(number)
    );
  });
  if (left === undefined) return { traffic, decision: decisionOf() };
  const { stable, canary } = traffic;
  const split =
    canary === undefined
      ? { stable: last.version }
      : { stable, canary: { ...canary, version: last.version } };
  return { traffic: split, decision: decisionOf(left) };
}
