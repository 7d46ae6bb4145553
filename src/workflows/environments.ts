import { tokenAudience } from "../release/aws/aws-regions";
import { domainStackName } from "../release/environment/domain";
import {
  accountStackName,
  type Environment,
  imageRepositoriesStackName,
} from "../release/environment/environment";
import type { Trains } from "../release/environment/train";
import { readReleases } from "../release/files/file";
import { Unable } from "../release/files/project";
import { filesOnDisk } from "../release/files/project-files";
import { formatProblem } from "../release/problem";
import type { Release } from "../release/release";

export interface WorkflowStack {
  readonly name: string;
  /** @default - it is not a service's */
  readonly release?: Release;
  /** Whether a workflow deploys it. The account's is deployed by hand: it needs more than a deploy may do. */
  readonly isDeployed: boolean;
}

/** An environment as the workflows see it. What its account needs before them, `bootstrap-<environment>`, is not theirs. */
export interface WorkflowEnvironment {
  readonly name: string;
  readonly region: string;
  /** Whether it can be planned anywhere: a runner sees no state but one in S3. */
  readonly isPlanned: boolean;
  /** In the order in which they are deployed. */
  readonly stacks: readonly WorkflowStack[];
}

/** @throws {Unable} with every problem of every file */
export function environmentsOf(project: string): WorkflowEnvironment[] {
  const { environments, releases, problems } = readReleases(filesOnDisk(project));
  if (problems.length > 0) throw new Unable(problems.map(formatProblem).join("\n"));
  return environments.map((environment) => ({
    name: environment.name,
    region: environment.region,
    isPlanned: environment.state !== undefined,
    stacks: stacksOf(environment, releases),
  }));
}

export function environmentNamed(project: string, name: string): WorkflowEnvironment {
  const environments = environmentsOf(project);
  const found = environments.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = environments.map((one) => one.name).join(", ");
  throw new Unable(`there is no environment '${name}': there are ${names}`);
}

function stacksOf(environment: Environment, releases: readonly Release[]): WorkflowStack[] {
  const { name, apiGatewayAccount, imageRepositories, domain, trains } = environment;
  return [
    ...(apiGatewayAccount ? [{ name: accountStackName(name), isDeployed: false }] : []),
    ...(imageRepositories.length > 0 ? [{ name: imageRepositoriesStackName(name), isDeployed: true }] : []),
    // Before the services, which map their base paths to it.
    ...(domain?.existing === false ? [{ name: domainStackName(name), isDeployed: true }] : []),
    ...inTrains(
      releases.filter((release) => release.environment.name === name),
      trains,
    ).map((release) => ({ name: release.name, release, isDeployed: true })),
  ];
}

/** First the services of no train, by their names, then one train after the other, each in its order. */
function inTrains(releases: readonly Release[], trains: Trains): Release[] {
  const together = Object.values(trains).flatMap(({ services }) => services);
  return [
    ...releases.filter(({ service }) => !together.includes(service)),
    ...together.flatMap((service) => releases.filter((release) => release.service === service)),
  ];
}

/** What a workflow's matrix gets of an environment. */
export function matrixOf(environments: readonly WorkflowEnvironment[]) {
  return environments.map(({ name, region, isPlanned }) => ({
    name,
    region,
    audience: tokenAudience(region),
    planned: isPlanned,
    // A pull request is reviewed outside of GitHub's environments, so their variables have other names.
    reviewRole: `REVIEW_ROLE_ARN_${name.replaceAll("-", "_").toUpperCase()}`,
  }));
}
