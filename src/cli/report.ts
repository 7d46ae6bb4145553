import type { Change } from "../release/files/change";
import type { Release } from "../release/release";
import type { Traffic } from "../release/split";
import { rolesOf as rolesIn, standingOf } from "../release/steps/standing";
import { needsVerdict } from "../release/steps/steps";
import { canaryPercent, trafficOf } from "../release/traffic";
import { coloured } from "../terminal/colour";
import { duration } from "../terminal/duration";
import { table } from "../terminal/table";
import { type Output, widthOf, wrapped } from "../terminal/width";
import { type Suggestion, suggestions } from "./suggestions";

/** How every suggested command begins. */
const command = "npx lambda-release";

/** Who serves what before and after a change, a line for each version. */
export function changeTable(change: Change): string {
  return table(["version", "", "now", "then", ""], changeRows(change));
}

/** The lines of that table. */
export function changeRows({ from, to, after, read }: Change): string[][] {
  const versions = [...new Set([...from.keys(), ...to.keys()])];
  return versions.map((version) => [
    version,
    rolesOf(to.has(version) ? after : read.release, version),
    share(from.get(version)),
    share(to.get(version)),
    bar(to.get(version)),
  ]);
}

/** Who serves what, a line for each version. */
export function statusTable(release: Release, now: Date): string {
  const traffic = trafficOf(release);
  const rows = [...traffic].map(([version, percent]) => [
    version,
    share(percent),
    `${bar(percent)}  ${rolesOf(release, version)}${sinceOf(release, version, now)}`.trim(),
  ]);
  return table(["version", "traffic", ""], rows);
}

/** The commands that come next. */
export function suggestionLines(release: Release, now: Date, output: Output = process.stdout): string {
  return hintLines(suggestions(release, now), output);
}

/**
 * Commands and their effects in columns; where one would be wider than the terminal, each effect stands below its
 * command.
 */
export function hintLines(hints: readonly Suggestion[], output: Output = process.stdout): string {
  const all = hints.map((one) => ({ ...one, command: `${command} ${one.command}` }));
  const longest = Math.max(...all.map((one) => one.command.length));
  const width = widthOf(output);
  const lines = all.map(({ command, effect }, index) => {
    const line = `${index === 0 ? "next" : "or  "}   ${command.padEnd(longest)}   ${effect}`;
    return {
      line,
      below: [wrapped(`${line.slice(0, 7)}${command}`, width, 9), wrapped(`         ${effect}`, width, 9)],
    };
  });
  const fits = lines.every(({ line }) => line.length <= width);
  return lines
    .map(({ line, below }) => (fits ? line : below.join("\n")))
    .map((text, index) => (index === 0 ? text : coloured("dim", text, output)))
    .join("\n");
}

/** The plan of a canary: `10 % (30 min), 50 % (60 min), promote`; the step that it is at is marked. */
export function stepsLine(release: Release): string | undefined {
  const { steps, canary } = standingOf(release);
  if (steps === undefined) return undefined;
  const current = canary && canaryPercent({ canary });
  const all = steps.map(({ percent, bakeMinutes, verdict, auto }) => {
    const details = [
      ...(bakeMinutes === 0 ? [] : [`${bakeMinutes} min`]),
      ...(verdict === undefined ? [] : ["verdict"]),
      ...(auto ? ["auto"] : []),
    ];
    const step = details.length === 0 ? `${percent} %` : `${percent} % (${details.join(", ")})`;
    return percent === current ? `[${step}]` : step;
  });
  return [...all, "promote"].join(", ");
}

/** What the canary's step waits for besides its bake time. @returns nothing where it waits for no verdict */
export function awaitedVerdict(release: Release): string | undefined {
  const standing = standingOf(release);
  if (!needsVerdict(standing)) return undefined;
  const { stable, canary } = standing;
  const name = `${release.environment.name}/${release.service}`;
  return `${canary?.version} leaves ${canaryPercent(standing)} % when it is as good as ${stable}: ${command} verdict ${name}`;
}

/** For a script: versions as the file has them are keys in any case. */
export function asObject(traffic: Traffic): Record<string, number> {
  return Object.fromEntries(traffic);
}

/** What points at a version; nothing that is known by a file with problems. */
export function rolesOf(release: Release | undefined, version: string): string {
  return release === undefined ? "" : rolesIn(standingOf(release), version).join(", ");
}

function sinceOf(release: Release, version: string, now: Date): string {
  const { canary, blue, preview } = standingOf(release);
  const pointer = [canary, blue, preview].find((one) => one?.version === version);
  return pointer?.since === undefined ? "" : `, for ${duration(pointer.since, now)}`;
}

export function share(percent: number | undefined): string {
  return percent === undefined ? "-" : `${percent} %`;
}

function bar(percent = 0): string {
  return "█".repeat(Math.round(percent / 4));
}
