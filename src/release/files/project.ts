import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { trainNamed } from "../environment/train";
import { formatProblem, type Problem } from "../problem";
import type { Release } from "../release";
import type { ReleaseContext } from "../release-context";
import { readEnvironment, readService, releasePath } from "./file";
import { filesOnDisk, type ProjectFiles } from "./project-files";
import { servicesOf } from "./releases-folder";

/** What keeps a command from running at all: exit code 2. Its lines are printed as they are. */
export class Unable extends Error {
  constructor(...lines: readonly string[]) {
    super(lines.join("\n"));
  }

  /** @param cause the error behind it, which DEBUG prints too */
  static causedBy(cause: unknown, ...lines: readonly string[]): Unable {
    return Object.assign(new Unable(...lines), { cause });
  }

  static because(problems: readonly Problem[]): Unable {
    return new Unable(...problems.map(formatProblem));
  }
}

/** A release file as it was read, and where it stands. It may have problems that an edit solves. */
export interface EditableFile {
  /** The files of its project. */
  readonly files: ProjectFiles;
  /** The project's folder. */
  readonly project: string;
  /** Path of the file, relative to the project. */
  readonly path: string;
  /** The whole text, as it was read. */
  readonly text: string;
  /** What could be understood of it, which edits are made of. */
  readonly context: ReleaseContext;
  /** What it says. @default - it has problems */
  readonly release?: Release;
  /** `<environment>/<service>` */
  readonly name: string;
}

/** A release file without problems. */
export interface ReadRelease extends EditableFile {
  /** The release that the file describes. */
  readonly release: Release;
}

/** The nearest folder from here upwards that holds releases/. @throws {Unable} when there is none */
export function findProject(from = process.cwd()): string {
  if (existsSync(join(from, "releases"))) return from;
  const above = dirname(from);
  if (above === from) throw new Unable("there is no folder 'releases' here or above");
  return findProject(above);
}

/**
 * The parts of `dev/greeting`, which need not be there.
 *
 * @param known an environment for the example in the message
 * @throws {Unable} where it is no such name
 */
export function serviceName(
  text: string,
  known = "dev",
): { readonly environment: string; readonly service: string } {
  const [environment = "", service = "", ...rest] = text.split("/");
  if (environment === "" || service === "" || rest.length > 0)
    throw new Unable(`'${text}' must be <environment>/<service>, such as ${known}/greeting`);
  return { environment, service };
}

/**
 * Reads a service's release file.
 *
 * @param name `<environment>/<service>`
 * @param tolerant whether problems are left to be judged after an edit, as long as the file can be understood
 * @throws {Unable} where it is not there or has problems
 */
export function readRelease(name: string): ReadRelease;
export function readRelease(name: string, options: { readonly tolerant: boolean }): EditableFile;
export function readRelease(name: string, { tolerant = false } = {}): EditableFile {
  const project = findProject();
  const files = filesOnDisk(project);
  const { environment, service } = serviceName(name, files.entries("releases").folders[0]);
  checkEnvironment(files, environment);
  const services = servicesOf(files, environment);
  if (!services.includes(service)) {
    const train = trainNamed(readEnvironment(files, environment).value?.trains ?? {}, service);
    throw new Unable(
      train === undefined
        ? `there is no service '${service}' in ${environment}: there are ${services.join(", ") || "none"}`
        : `'${service}' is a train: give one of its services, ${train.services.join(", ")}`,
    );
  }
  const path = releasePath(environment, service);
  const text = files.read(path);
  const { context, release, problems } = readService(files, environment, service);
  if (text === undefined || context === undefined || (release === undefined && !tolerant))
    throw Unable.because(problems);
  return { files, project, path, text, context, release, name };
}

/** @throws {Unable} when there is none of that name */
export function checkEnvironment(files: ProjectFiles, name: string): void {
  const environments = files.entries("releases").folders;
  if (environments.includes(name)) return;
  throw new Unable(`there is no environment '${name}': there are ${environments.join(", ") || "none"}`);
}
