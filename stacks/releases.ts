import { join } from "node:path";
import { App, TerraformElement, type TerraformStack } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import { Construct } from "constructs";
import { toolkit } from "../src/release/aws/toolkit";
import type { Environment } from "../src/release/environment/environment";
import { readReleases } from "../src/release/files/file";
import { filesOnDisk } from "../src/release/files/project-files";
import { usedRuntimeNotices } from "../src/release/functions/used-runtimes";
import { formatProblem, type Problem } from "../src/release/problem";
import type { Release } from "../src/release/release";
import { usedResources } from "../src/release/used-resources";
import { packageHandlers } from "../src/synth/handler-files";
import { awsProviderOf, isAnotherCopy } from "../src/synth/installed-package";
import { writePackages } from "../src/synth/output";
import { ProviderLock } from "../src/synth/provider-lock";
import { asRehearsed } from "../src/synth/rehearsed-file";
import { printable } from "../src/terminal/printable";
import { AliasCanaryStageStack } from "./alias-canary-stage-stack";
import { ApiGatewayAccountStack } from "./api-gateway-account-stack";
import { BlueGreenStageStack } from "./blue-green-stage-stack";
import { BootstrapStack, isDeployedByGitHub } from "./bootstrap-stack";
import { CanaryStageStack } from "./canary-stage-stack";
import { CodedeployAliasStack } from "./codedeploy-alias-stack";
import { withoutStackTraces } from "./creation-stacks";
import { DomainStack, makesDomain } from "./domain-stack";
import { EcsBlueGreenStack } from "./ecs-blue-green-stack";
import { EcsNativeStack } from "./ecs-native-stack";
import { ImageRepositoriesStack } from "./image-repositories-stack";
import { withoutDeprecatedCalls } from "./quiet-cdktf";
import { WeightedAliasStack } from "./weighted-alias-stack";

/** A stack that is made of a release. Its id must be the release's name, `<service>-<environment>`. */
export type ReleaseStack<R extends Release> = new (scope: Construct, release: R) => TerraformStack;

/** A stack for each strategy. */
export type StrategyStacks = { readonly [R in Release as R["strategy"]]: ReleaseStack<R> };

export interface ReleasesOptions {
  /**
   * Stacks of your own, by strategy: each takes the place of this package's for all services of its strategy. Extend
   * the package's stack.
   * @default - the stacks of this package
   */
  readonly stacks?: Partial<StrategyStacks>;
  /**
   * Stacks of your own for single services, by the service's name, in all environments. They go before `stacks`.
   * @default - none
   */
  readonly services?: Readonly<Record<string, ReleaseStack<never>>>;
  /**
   * The day for which it is checked what AWS still creates: a new version with a runtime that AWS has closed is
   * refused. A runtime that is deprecated by then, or within 60 days, is a line on stderr.
   * @default - today
   */
  readonly now?: Date;
}

/** By strategy the stack that deploys its releases. */
const strategyStacks: StrategyStacks = {
  "canary-stage": CanaryStageStack,
  "alias-canary-stage": AliasCanaryStageStack,
  "weighted-alias": WeightedAliasStack,
  "blue-green-stage": BlueGreenStageStack,
  "codedeploy-alias": CodedeployAliasStack,
  "ecs-blue-green": EcsBlueGreenStack,
  "ecs-native": EcsNativeStack,
};

/**
 * Adds a stack for each release file of a project, and those that its environments ask for. `app.synth()` then writes
 * them, with the packages of their functions.
 *
 * Where a file has a problem, each is printed in a line on stderr and the process ends with exit code 1: nothing is
 * written, and the output of the last good synth stays as it is.
 *
 * @param project the project's folder, which holds `releases/` and `lambdas/`
 * @throws where `services` names a service that the project does not have, or a stack of your own has another id
 */
export async function addReleases(app: App, project: string, options: ReleasesOptions = {}): Promise<void> {
  const problems = await tryReleases(app, project, options);
  if (problems.length === 0) return;
  for (const line of problems) console.error(line);
  process.exit(1);
}

/**
 * The same without the end of the process.
 *
 * @returns a line for each problem; where there is one, the app must not be synthesized
 * @throws as `addReleases`
 */
export async function tryReleases(
  app: App,
  project: string,
  options: ReleasesOptions = {},
): Promise<readonly string[]> {
  const copies = otherCopies(app, project);
  if (copies.length > 0) return copies;
  const files = asRehearsed(filesOnDisk(project));
  const now = options.now ?? new Date();
  const provider = awsProviderOf(project);
  const { environments, releases, problems } = readReleases(files, { now, provider });
  if (problems.length > 0) return linesOf(problems);
  // A line and no more: what is written must not depend on the day.
  for (const { text, services } of usedRuntimeNotices(releases, now, provider))
    console.error(printable(`warning: ${text} (${services.join(", ")})`));

  withoutStackTraces();
  withoutDeprecatedCalls();
  // Handlers are bundled by another process while the stacks are built.
  const packaging = packageHandlers(project, releases);
  const lock = ProviderLock.of(files);
  const stacks = addStacks(app, environments, releases, options);
  const foreign = foreignConstructs(stacks.keys());
  const { packages, zips, problems: packagingProblems } = await packaging;
  if (foreign.length > 0) return foreign.map(printable);
  if (packagingProblems.length > 0) return linesOf(packagingProblems);

  for (const [stack, release] of stacks) {
    // After the stack was found valid, before the manifest.
    addCustomSynthesis(stack, {
      onSynthesize: ({ outdir }) => {
        const folder = join(outdir, "stacks", stack.node.id);
        if (release !== undefined) writePackages(folder, release, packages, zips);
        lock.write(folder, providersOf(stack));
      },
    });
  }
  const invalid = [...stacks.keys()].flatMap((stack) =>
    stack.node.findAll().flatMap(({ node }) => node.validate()),
  );
  return invalid.map(printable);
}

/**
 * Constructs of one copy of a package are not those of another: references between them would be lost, and roles of
 * the project's own stacks would get no boundary.
 */
function otherCopies(app: App, project: string): string[] {
  const { name, awsProvider, archiveProvider, ownPackage } = toolkit;
  if (!(app instanceof App) && !isAnotherCopy(project, name))
    return [`the app must be an 'App' of "${name}", which ${ownPackage} is made for: import it from there`];
  const others = [
    ...(app instanceof App ? [] : [name]),
    ...(app instanceof Construct ? [] : ["constructs"]),
    ...[awsProvider, archiveProvider].filter((provider) => isAnotherCopy(project, provider)),
  ];
  return others.map(
    (other) =>
      `there are two copies of ${other}: the project's, and the one that ${ownPackage} finds; 'npx lambda-release doctor' says where, 'npm dedupe' may join them`,
  );
}

/** The same of what stacks of the project's own are made of: a line for each stack. */
function foreignConstructs(stacks: Iterable<TerraformStack>): string[] {
  return [...stacks].flatMap((stack) => {
    const foreign = stack.node
      .findAll()
      .find((one): boolean => TerraformElement.isTerraformElement(one) && !(one instanceof TerraformElement));
    if (foreign === undefined) return [];
    const { name, ownPackage } = toolkit;
    return `'${foreign.node.path}' is made of another package than the "${name}" of ${ownPackage}: import "${name}" and "${toolkit.awsProvider}" in stacks of your own, of which there must be one copy`;
  });
}

/** @returns each stack with its release; those of an environment have none */
function addStacks(
  app: App,
  environments: readonly Environment[],
  releases: readonly Release[],
  options: ReleasesOptions,
): Map<TerraformStack, Release | undefined> {
  checkServices(options, releases);
  const ofEnvironments = environments.flatMap((environment) => environmentStacks(app, environment, releases));
  return new Map<TerraformStack, Release | undefined>([
    ...ofEnvironments.map((stack) => [stack, undefined] as const),
    ...releases.map((release) => [releaseStack(app, release, options), release] as const),
  ]);
}

function environmentStacks(
  app: App,
  environment: Environment,
  releases: readonly Release[],
): TerraformStack[] {
  const stacks: TerraformStack[] = [];
  if (isDeployedByGitHub(environment)) {
    const own = releases.filter((release) => release.environment === environment);
    stacks.push(new BootstrapStack(app, environment, adoptedFunctions(own), usedResources(own)));
  }
  if (environment.apiGatewayAccount) stacks.push(new ApiGatewayAccountStack(app, environment));
  if (environment.imageRepositories.length > 0) stacks.push(new ImageRepositoriesStack(app, environment));
  if (makesDomain(environment)) stacks.push(new DomainStack(app, environment));
  return stacks;
}

function releaseStack(app: App, release: Release, { stacks, services }: ReleasesOptions): TerraformStack {
  const { service, environment, name, strategy } = release;
  const Stack = services?.[service] ?? stacks?.[strategy] ?? strategyStacks[strategy];
  // The table gives each strategy a stack of its releases, which the compiler cannot follow.
  const stack = new (Stack as unknown as ReleaseStack<Release>)(app, release);
  if (stack.node.id !== name)
    throw new Error(
      `the stack of ${environment.name}/${service} must have the id '${name}', got '${stack.node.id}'`,
    );
  return stack;
}

/** Names in AWS that are not of this project. */
function adoptedFunctions(releases: readonly Release[]): string[] {
  return releases
    .flatMap((release) =>
      ("functions" in release ? release.functions : []).filter(({ awsName, ownName }) => awsName !== ownName),
    )
    .map(({ awsName }) => awsName);
}

function checkServices({ services = {} }: ReleasesOptions, releases: readonly Release[]): void {
  const known = [...new Set(releases.map(({ service }) => service))].sort();
  const unknown = Object.keys(services).find((service) => !known.includes(service));
  if (unknown === undefined) return;
  throw new Error(
    `'services' of addReleases must name services of the project (${known.join(", ") || "it has none"}), got '${unknown}'`,
  );
}

function providersOf(stack: TerraformStack): string[] {
  return stack.allProviders().map(({ terraformProviderSource: source = "" }) => source);
}

/** A problem that several functions share is reported once. */
function linesOf(problems: readonly Problem[]): string[] {
  return [...new Set(problems.map(formatProblem))];
}
