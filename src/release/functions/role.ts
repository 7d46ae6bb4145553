import type { Environment } from "../environment/environment";

/** A role as IAM knows it. */
export interface RoleName {
  /** 64 characters at most. */
  readonly name: string;
  /** Begins and ends with a slash. @default - the path `/` */
  readonly path?: string;
}

/** The path of the roles that GitHub's workflows create for an environment: no role of another tool has it. */
export function rolePath(environment: string): string {
  return `/lambda-release/${environment}/`;
}

/**
 * Where a role stands and what it is called. A role in the path has dots in place of hyphens: names are unique in an
 * account whatever the path, and a role of that name may be at `/` already. No name of a function has a dot.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
 *
 * @param name the role's name at `/`
 */
export function roleOf(name: string, environment: Pick<Environment, "name" | "github">): RoleName {
  if (environment.github === undefined) return { name };
  return { name: name.replaceAll("-", "."), path: rolePath(environment.name) };
}
