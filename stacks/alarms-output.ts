import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { Release } from "../src/release/release";

/**
 * The output `alarms`, where there are any: the names of those that stop each shift, and of those that look at a
 * version of their own.
 *
 * @returns the names of the first
 */
export function addAlarmsOutput(
  scope: Construct,
  { alarms }: Pick<Release, "alarms">,
  made: readonly string[],
  byVersion: Readonly<Record<string, readonly string[]>> = {},
): readonly string[] {
  if (alarms === undefined) return [];
  const all = [...made, ...alarms.own];
  new TerraformOutput(scope, "alarms", { value: { all, by_version: byVersion } });
  return all;
}

/** The same output where each version has alarms of its own, beside those that are made for all. @returns all names */
export function addVersionAlarmsOutput(
  scope: Construct,
  release: Pick<Release, "alarms">,
  versions: Iterable<readonly [{ readonly name: string }, { readonly alarms: readonly string[] }]>,
  made: readonly string[],
): readonly string[] {
  const byVersion = [...versions].map(([{ name }, { alarms }]) => [name, alarms]);
  const all = addAlarmsOutput(scope, release, made, Object.fromEntries(byVersion));
  return [...all, ...[...versions].flatMap(([, { alarms }]) => alarms)];
}
