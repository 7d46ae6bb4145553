import type { AppliedState } from "../../terraform/applied-state";

/** What a version of a service runs, as its task definition says. */
export interface VersionDefinition {
  readonly version: string;
  /** ARN of the task definition. */
  readonly arn: string;
  readonly containers: readonly Container[];
}

export interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly entryPoint?: readonly string[];
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
}

/** The versions of a stack, named by its output `task_definitions` or else by their families. */
export function versionsIn(state: AppliedState): VersionDefinition[] {
  const named = Object.entries((state.outputs["task_definitions"] ?? {}) as Record<string, string>);
  return state.ofType("aws_ecs_task_definition").map(({ attributes }) => {
    const arn = String(attributes["arn"]);
    const [version = String(attributes["family"])] = named.find(([, one]) => one === arn) ?? [];
    return { version, arn, containers: JSON.parse(String(attributes["container_definitions"])) };
  });
}

/**
 * The version that comes after another: the last that a reader would sort behind it, or else another one that runs
 * what the same one is now.
 *
 * @throws where it is neither there any more nor followed
 */
export function versionAfter(
  from: VersionDefinition,
  versions: readonly VersionDefinition[],
): VersionDefinition {
  const { compare } = new Intl.Collator("en", { numeric: true });
  const later = versions
    .filter(({ version }) => compare(version, from.version) > 0)
    .sort((one, other) => compare(one.version, other.version))
    .at(-1);
  if (later !== undefined) return later;
  const same = versions.find(({ version }) => version === from.version);
  if (same !== undefined) return { ...same, version: `${from.version}-new`, arn: `${same.arn}-new` };
  const names = versions.map(({ version }) => version).join(", ");
  throw new Error(`the service runs ${from.version}, after which the stack has no version; it has ${names}`);
}
