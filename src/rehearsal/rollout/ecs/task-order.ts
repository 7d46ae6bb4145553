import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ImageSettings, readDockerfile } from "./dockerfile";
import type { TaskOrder } from "./task";
import type { Container, VersionDefinition } from "./versions";

export interface TaskOrderOptions {
  readonly definition: VersionDefinition;
  readonly containerName: string;
  /** What the image is built of. */
  readonly folder: string;
  readonly healthPath: string;
}

/**
 * How a task of a version is run here: as its definition says, and what that leaves out as the Dockerfile does, which
 * gets the version as the build argument `VERSION`.
 *
 * @throws where there is no command
 */
export function taskOrder({ definition, containerName, folder, healthPath }: TaskOrderOptions): TaskOrder {
  const { version, containers } = definition;
  const container = containers.find(({ name }) => name === containerName);
  if (container === undefined) throw new Error(`${version} must have a container ${containerName}`);
  const { command, entryPoint, environment = [] } = container;
  const path = `containers/${containerName}`;
  if (!existsSync(folder)) {
    throw new Error(`${path} must exist: the tasks of ${version} run what their image is built from`);
  }
  const dockerfile = join(folder, "Dockerfile");
  const text = existsSync(dockerfile) ? readFileSync(dockerfile, "utf8") : "";
  const image = readDockerfile(text, { VERSION: version });
  const all = commandOf({ entryPoint, command }, image);
  if (all === undefined) {
    throw new Error(
      `${path}/Dockerfile must have a CMD that is a list, such as ["node", "server.js"], and no ENTRYPOINT that is a text`,
    );
  }
  const own = Object.fromEntries(environment.map(({ name, value }) => [name, value]));
  return { version, folder, command: all, environment: { ...image.environment, ...own }, healthPath };
}

/**
 * What is given replaces what the image says, and another entry point its command, too:
 * https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact
 */
function commandOf(
  { entryPoint, command }: Pick<Container, "entryPoint" | "command">,
  image: ImageSettings,
): readonly string[] | undefined {
  const first = entryPoint ?? image.entryPoint;
  const rest = command ?? (entryPoint === undefined ? image.command : []) ?? [];
  const isText = first === undefined || (rest.length === 0 && first.length === 0);
  return isText ? undefined : [...first, ...rest];
}
