import { trainNamed } from "../environment/train";
import { readEnvironment } from "./file";
import { findProject, type ReadRelease, readRelease, serviceName, Unable } from "./project";
import { filesOnDisk, type ProjectFiles } from "./project-files";
import { servicesOf } from "./releases-folder";

/** Services that one command is about. */
export interface Together {
  /** In the order in which they are deployed, each once and all of one environment. */
  readonly reads: readonly ReadRelease[];
  /** What a command is given to name them again: `dev/orders dev/billing`, or their train `dev/checkout`. */
  readonly given: string;
  /** What they are called in one word: their train, or their environment. */
  readonly title: string;
}

/**
 * Reads the services that a command names, one by one or as a train.
 *
 * @throws {Unable} where one is not there, has problems, is named twice or is of another environment
 */
export function readTogether(names: readonly string[]): Together {
  const files = filesOnDisk(findProject());
  const services = names.flatMap((name) => servicesNamed(files, name));
  const twice = services.find((name, index) => services.indexOf(name) !== index);
  if (twice !== undefined) throw new Unable(`${twice} is named twice`);
  const environments = [...new Set(services.map((name) => serviceName(name).environment))];
  if (environments.length > 1)
    throw new Unable(
      `services that go together must be of one environment, got ${environments.join(" and ")}`,
    );
  const reads = services.map((name) => readRelease(name));
  const isTrain = names.length === 1 && services.length > 1;
  return { reads, given: names.join(" "), title: isTrain ? names.join() : (environments[0] ?? "") };
}

/** The services of a train; of any other name only that. */
export function servicesNamed(files: ProjectFiles, name: string): readonly string[] {
  const [environment = "", train = ""] = name.split("/");
  if (servicesOf(files, environment).includes(train)) return [name];
  const found = trainNamed(readEnvironment(files, environment).value?.trains ?? {}, train);
  return found?.services.map((service) => `${environment}/${service}`) ?? [name];
}

/** Every train of a project, as a command names it. */
export function trainNames(files: ProjectFiles): string[] {
  return files
    .entries("releases")
    .folders.flatMap((environment) =>
      Object.keys(readEnvironment(files, environment).value?.trains ?? {}).map(
        (name) => `${environment}/${name}`,
      ),
    );
}
