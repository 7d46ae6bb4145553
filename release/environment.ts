import type { EnvironmentFile } from "./environment-schema";

/** What all services of an environment share: where it runs, who may deploy it, where its state is kept. */
export interface Environment extends Omit<EnvironmentFile, "$schema"> {
  /** The name of its folder in releases/. */
  readonly name: string;
}

/** The stack of the repositories of container images. */
export function imageRepositoriesStackName(environment: string): string {
  return `image-repositories-${environment}`;
}

/** The stack of the region-wide role by which API Gateway writes logs. */
export function accountStackName(environment: string): string {
  return `api-gateway-account-${environment}`;
}
