import { isDeepStrictEqual } from "node:util";
import { type ContainerInFile, container, type EcsInFile, ecs } from "../schema/ecs";
import { versionId } from "../version-id";

/** What a version of a service of containers is: fixed once it is published. */
export interface ContainerVersion {
  /** As the file has it. */
  readonly name: string;
  /** Image, port, memory and the like. */
  readonly container: ContainerSettings;
}

export type ContainerSettings = Readonly<ContainerInFile>;

/** The service, its load balancer and its network, with a value for everything that has a default. */
export interface EcsSettings extends Omit<EcsInFile, "listener"> {
  /** The ports that users and hooks call. */
  readonly listener: EcsInFile["listener"] & { readonly port: number; readonly testPort: number };
}

const containerDefaults: Readonly<Record<string, unknown>> = container.omit({ image: true }).parse({});

/** What a file must say of a container: all that is not a default. */
export function givenOf(settings: ContainerSettings): Partial<ContainerSettings> {
  const given = Object.entries(settings).filter(
    ([name, one]) => !isDeepStrictEqual(containerDefaults[name], one),
  );
  return Object.fromEntries(given);
}

/** The family of a version's task definition: one for each, of which there is one revision while the version is listed. */
export function taskFamily(release: string, version: string): string {
  return `${release}-${versionId(version)}`;
}

/** @param definition ARN of a task definition: `arn:aws:ecs:eu-central-1:111122223333:task-definition/shop-dev-v1:3` */
export function familyOf(definition: string): string {
  const [last = ""] = definition.split("/").slice(-1);
  return last.replace(/:\d+$/, "");
}

/** The `ecs` of a file with the ports that follow from the protocol. */
export function ecsWithDefaults(given: EcsInFile = ecs.parse({})): EcsSettings {
  const { listener } = given;
  const isSecure = listener.certificateArn !== undefined;
  const { port = isSecure ? 443 : 80, testPort = isSecure ? 8443 : 8080 } = listener;
  return { ...given, listener: { ...listener, port, testPort } };
}
