import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import { quantile } from "../src/traffic/quantile";

/** A program with its arguments. */
export type Command = readonly [string, ...string[]];

/** Seconds that each command takes in a folder: medians of runs in turn, after one that does not count. */
export function timeInTurn<T extends Record<string, { command: Command; folder: string }>>(
  commands: T,
  runs: number,
): Record<keyof T, number[]> {
  const names = Object.keys(commands) as (keyof T)[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<keyof T, number[]>;
  for (let run = 0; run <= runs; run++) {
    for (const name of names) {
      const seconds = timeOf(commands[name] as T[keyof T]);
      if (run > 0) times[name].push(seconds);
    }
  }
  return times;
}

function timeOf({ command: [program, ...args], folder }: { command: Command; folder: string }): number {
  // Reading more certificates is no part of what is measured.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const startedAt = performance.now();
  const { status, stderr, error } = spawnSync(program, args, { cwd: folder, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error?.message ?? stderr}`);
  return (performance.now() - startedAt) / 1000;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5) ?? Number.NaN;
}

/** The median of the ratios run by run: a machine that is slow for a while is so for both. */
export function ratio(values: readonly number[], references: readonly number[]): number {
  return median(values.map((value, run) => value / (references[run] ?? Number.NaN)));
}
