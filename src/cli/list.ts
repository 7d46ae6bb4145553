import { trainWith } from "../release/environment/train";
import { readService } from "../release/files/file";
import { checkEnvironment, findProject, Unable } from "../release/files/project";
import { filesOnDisk, type ProjectFiles } from "../release/files/project-files";
import { servicesOf, strayProblems } from "../release/files/releases-folder";
import { formatProblem } from "../release/problem";
import type { Release } from "../release/release";
import { standingOf } from "../release/steps/standing";
import { modelOf } from "../release/strategies/strategies";
import { canaryPercent, trafficOf } from "../release/traffic";
import { duration } from "../terminal/duration";
import { table } from "../terminal/table";
import { asObject } from "./report";

interface Line {
  readonly service: string;
  /** @default - the file has problems */
  readonly release?: Release;
  /** The name of its train. @default - it is in none */
  readonly train?: string;
  readonly problems: readonly string[];
}

/** Prints all services of an environment, or of every one; those that cannot be read are told with the others. */
export function list(environment: string | undefined, json: boolean, now: Date): void {
  const files = filesOnDisk(findProject());
  if (environment !== undefined) checkEnvironment(files, environment);
  const environments = environment === undefined ? files.entries("releases").folders : [environment];
  const lines = environments.flatMap((one) => linesOf(files, one));
  if (json) console.log(JSON.stringify(lines.map(asJson)));
  else console.log(serviceTable(lines, now));
  const strays = strayProblems(files, environment).map(formatProblem);
  const problems = [...strays, ...lines.flatMap((line) => line.problems)];
  if (problems.length > 0) throw new Unable(...problems);
}

/** A line for each service; where one is in a train, each with its train. */
export function serviceTable(lines: readonly Omit<Line, "problems">[], now: Date): string {
  const isInTrain = lines.some(({ train }) => train !== undefined);
  const rows = lines.map((line) => [...rowOf(line, now), ...(isInTrain ? [line.train ?? "-"] : [])]);
  const head = ["service", "strategy", "stable", "on trial", "share", "for", ...(isInTrain ? ["train"] : [])];
  return table(head, rows);
}

function rowOf({ service, release }: Omit<Line, "problems">, now: Date): string[] {
  if (release === undefined) return [service, "(not valid)", "", "", "", ""];
  const { stable, canary, blue } = standingOf(release);
  const trial = canary ?? blue;
  return [
    service,
    release.strategy,
    stable,
    trial === undefined ? "-" : trial.version,
    shareInFile(release),
    trial?.since === undefined ? "-" : duration(trial.since, now),
  ];
}

function shareInFile(release: Release): string {
  const { canary, blue } = standingOf(release);
  if (canary === undefined) return blue === undefined ? "-" : "blue";
  return modelOf(release).movedBy === "codedeploy"
    ? "CodeDeploy"
    : `${canaryPercent({ canary })} %${canary.hold === undefined ? "" : " (held)"}`;
}

function linesOf(files: ProjectFiles, environment: string): Line[] {
  return servicesOf(files, environment).map((name) => {
    const { release, problems } = readService(files, environment, name);
    const train = release && trainWith(release.environment.trains, name);
    return { service: `${environment}/${name}`, release, train, problems: problems.map(formatProblem) };
  });
}

function asJson({ service, release, train }: Line) {
  if (release === undefined) return { service, valid: false };
  const { stable, canary, blue } = standingOf(release);
  const traffic = asObject(trafficOf(release));
  return { service, valid: true, strategy: release.strategy, stable, canary, blue, traffic, train };
}
