import { readService } from "../release/file";
import { formatProblem } from "../release/problem";
import { checkEnvironment, findProject, Unable } from "../release/project";
import { filesOnDisk, type ProjectFiles } from "../release/project-files";
import type { ReleaseContext } from "../release/release-context";
import { servicesOf, strayProblems } from "../release/releases-folder";
import { modelOf } from "../release/strategies/strategies";
import { canaryPercent, trafficOf } from "../release/traffic";
import { table } from "../terminal/table";
import { asObject, duration } from "./report";

interface Line {
  readonly service: string;
  /** @default - the file has problems */
  readonly context?: ReleaseContext;
  readonly problems: readonly string[];
}

/** Prints all services of an environment, or of every one; those that cannot be read are told with the others. */
export function list(environment: string | undefined, json: boolean, now: Date): void {
  const files = filesOnDisk(findProject());
  if (environment !== undefined) checkEnvironment(files, environment);
  const environments = environment === undefined ? files.entries("releases").folders : [environment];
  const lines = environments.flatMap((one) => linesOf(files, one));
  if (json) console.log(JSON.stringify(lines.map(asJson)));
  else console.log(table(["service", "strategy", "stable", "on trial", "share", "for"], lines.map(row)));
  const strays = strayProblems(files, environment).map(formatProblem);
  const problems = [...strays, ...lines.flatMap((line) => line.problems)];
  if (problems.length > 0) throw new Unable(...problems);

  function row({ service, context }: Line): string[] {
    if (context === undefined) return [service, "(not valid)", "", "", "", ""];
    const { strategy, stable, canary, blue } = context.file;
    const trial = canary ?? blue;
    return [
      service,
      strategy,
      stable,
      trial === undefined ? "-" : trial.version,
      shareInFile(context),
      trial?.since === undefined ? "-" : duration(trial.since, now),
    ];
  }
}

function shareInFile({ file }: ReleaseContext): string {
  if (file.canary === undefined) return file.blue === undefined ? "-" : "blue";
  return modelOf(file).movedBy === "codedeploy" ? "CodeDeploy" : `${canaryPercent(file)} %`;
}

function linesOf(files: ProjectFiles, environment: string): Line[] {
  return servicesOf(files, environment).map((name) => {
    const { context, problems } = readService(files, environment, name);
    const service = `${environment}/${name}`;
    return {
      service,
      context: problems.length > 0 ? undefined : context,
      problems: problems.map(formatProblem),
    };
  });
}

function asJson({ service, context }: Line) {
  if (context === undefined) return { service, valid: false };
  const { strategy, stable, canary, blue } = context.file;
  return { service, valid: true, strategy, stable, canary, blue, traffic: asObject(trafficOf(context.file)) };
}
