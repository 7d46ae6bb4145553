import { alarmsOf } from "../alarms/alarms";
import { hasGuardedAlarm, isAlarmKind } from "../alarms/guarded-alarms";
import { guardOf } from "../guard";
import type { ReleaseContext } from "../release-context";
import { modelOf, strategiesThat } from "../strategies/strategies";
import type { Finding } from "./finding";

/** Whether the guard has alarms to act on, and the file has those that it names. */
export function checkGuard({ file, environment }: ReleaseContext): Finding[] {
  const guard = guardOf(file, environment);
  if (guard === undefined) return [];
  const alarms = alarmsOf(file);
  const own = alarms?.own ?? [];
  const foreign = verdictOfOthers(file);
  if (foreign.length > 0) return foreign;
  const named = file.guard === false ? [] : (file.guard?.alarms ?? []);
  const unknown = named.flatMap((name, index): Finding[] => {
    const isThere = isAlarmKind(name)
      ? name === "own"
        ? own.length > 0
        : alarms?.[name] !== undefined
      : own.includes(name);
    if (isThere) return [];
    const message = isAlarmKind(name)
      ? `must be a kind of alarm that the release has: 'alarms.${name}' makes none`
      : 'must be "errors", "latency", "answers", "own" or a name in \'alarms.own\'';
    return [{ field: ["guard", "alarms", index], message, value: name }];
  });
  if (unknown.length > 0 || hasGuardedAlarm(alarms, guard) || guard.verdict) return unknown;
  const isOfEnvironment = guard.alarms !== undefined && named.length === 0;
  const message = isOfEnvironment
    ? `must have an alarm to act on: the release has none of 'guard.alarms' in releases/${environment.name}/environment.json`
    : "must have an alarm to act on: 'alarms' leaves none";
  return [{ field: ["guard"], message, value: isOfEnvironment ? guard.alarms : undefined }];
}

/** A verdict compares a canary with stable. That of an environment is for the services that have one. */
function verdictOfOthers(file: ReleaseContext["file"]): Finding[] {
  const compares = file.guard !== false && file.guard?.verdict === true;
  if (!compares || modelOf(file).fields.includes("verdict")) return [];
  const having = strategiesThat(({ fields }) => fields.includes("verdict") && fields.includes("guard"));
  const message = `must not be true with ${file.strategy}, which has no canary to compare with stable: it belongs to ${having}`;
  return [{ field: ["guard", "verdict"], message, value: true }];
}
