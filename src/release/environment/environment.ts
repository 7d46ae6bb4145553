import type { EnvironmentFile } from "../schema/environment";
import { type Trains, trainsOf } from "./train";

/** What all services of an environment share: where it runs, who may deploy it, where its state is kept. */
export interface Environment extends Omit<EnvironmentFile, "$schema" | "state" | "trains"> {
  /** The name of its folder in releases/. */
  readonly name: string;
  /** Where Terraform keeps its state. @default - in a folder of the project */
  readonly state?: {
    readonly s3: NonNullable<EnvironmentFile["state"]>["s3"] & { readonly region: string };
  };
  /** Services that are released together. */
  readonly trains: Trains;
}

/** The environment of a file, with what one field gives another by default. */
export function environmentOf(name: string, file: EnvironmentFile): Environment {
  const { region, state, trains } = file;
  return {
    ...file,
    name,
    trains: trainsOf(trains),
    state: state && { s3: { ...state.s3, region: state.s3.region ?? region } },
  };
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
