import type { EnvironmentFile } from "./environment-schema";

/** What all services of an environment share: where it runs, who may deploy it, where its state is kept. */
export interface Environment extends Omit<EnvironmentFile, "$schema"> {
  /** The name of its folder in releases/. */
  readonly name: string;
}

/** The repository that deploys an environment. */
export type GitHub = NonNullable<EnvironmentFile["github"]>;

/** The stack of the repositories of container images. */
export function imageRepositoriesStackName(environment: string): string {
  return `image-repositories-${environment}`;
}

/** The stack of the region-wide role by which API Gateway writes logs. */
export function accountStackName(environment: string): string {
  return `api-gateway-account-${environment}`;
}

/** The stack of what the environment's account needs before GitHub can deploy to it. */
export function bootstrapStackName(environment: string): string {
  return `bootstrap-${environment}`;
}

/** Where a stack's state stands in the bucket. */
export function stateKey({ state }: Pick<Environment, "state">, stack: string): string {
  const prefix = state?.s3.prefix;
  return `${prefix === undefined ? "" : `${prefix}/`}${stack}.tfstate`;
}
