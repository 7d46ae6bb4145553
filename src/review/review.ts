import { readReleases, releasePath } from "../release/files/file";
import { parseJson } from "../release/files/json-document";
import { filesOnDisk, type ProjectFiles } from "../release/files/project-files";
import { servicesOf } from "../release/files/releases-folder";
import { formatProblem, type Problem } from "../release/problem";
import type { Release } from "../release/release";
import type { LiveShare } from "../release/steps/live-share";
import { awsProviderOf } from "../synth/installed-package";
import { cannotReview } from "./cannot-review";
import { type Change, type Continued, isContinued } from "./change";
import { checkBakeTime, endsBakeTime } from "./checks/bake-time";
import { checkDecidedAgain } from "./checks/decided-again";
import { checkHeld } from "./checks/held";
import { checkLiveState } from "./checks/live-state";
import { checkOneKind } from "./checks/one-kind";
import { checkPermissions } from "./checks/permissions";
import { checkPlannedChanges } from "./checks/planned-changes";
import { checkPublishedVersions } from "./checks/published-version";
import { checkReplaced } from "./checks/replaced";
import { checkRollout } from "./checks/rollout";
import { checkRuntimes } from "./checks/runtimes";
import { checkStepVerdict } from "./checks/step-verdict";
import { checkStopped } from "./checks/stopped";
import { checkStrategy } from "./checks/strategy";
import { changedCode } from "./code";
import { stepsOf } from "./difference";
import { explanation } from "./explain";
import type { Check, Finding } from "./finding";
import { type BaseCommit, readCommit } from "./git";
import { headlineOf } from "./headline";
import { markdownOf } from "./markdown";
import { shortAddress } from "./part";
import { type Action, type Plan, readPlan } from "./plan";
import type { PublishedVersion, Review, ReviewedService } from "./reviewed-service";
import { readSide, type Side } from "./side";
import { inTrains, reviewedTrains } from "./train";
import { differenceLines } from "./versions/difference-lines";
import { versionDifference } from "./versions/version-difference";

export interface ReviewOptions {
  /** The folder that holds releases/ and lambdas/. */
  readonly project: string;
  /** The commit that is live: the base branch's tip. */
  readonly base: string;
  /** What `terraform show -json` printed of the plans of stacks, a file each. @default - only the files are judged */
  readonly plans?: readonly string[];
  /** The environment that is reviewed. @default - every one */
  readonly environment?: string;
  /** Whether a planned step, or its bake time, may be skipped. @default false */
  readonly skip?: boolean;
  readonly now?: Date;
  /** Asks AWS since when the share of a canary is live, where a change ends its bake time. @default - AWS is not asked */
  readonly liveShare?: (release: Release) => Promise<LiveShare>;
}

/** What is judged by the files alone. */
export const fileChecks = [
  checkStrategy,
  checkReplaced,
  checkRollout,
  checkBakeTime,
  checkStepVerdict,
  checkDecidedAgain,
  checkHeld,
  checkOneKind,
  checkPublishedVersions,
  checkPermissions,
  checkRuntimes,
  checkStopped,
];
const checks = [...fileChecks, checkLiveState, checkPlannedChanges];
const skippable: readonly Check[] = ["step skipped", "bake time"];

/**
 * Holds the working tree against a commit, and plans of the working tree against both.
 *
 * @throws CannotReview where there is nothing to judge by
 */
export async function review(options: ReviewOptions): Promise<Review> {
  const { project, base, plans = [], environment, skip = false, now = new Date(), liveShare } = options;
  const provider = awsProviderOf(project);
  const head = filesOnDisk(project);
  const { problems } = readReleases(head, { now, provider });
  if (problems.length > 0) cannotReview(...problems.map(formatProblem));
  const commit = readCommit(project, base);
  const services = servicesOfBoth(commit.files, head, environment);
  const read = plansOf(plans, services);
  const sides = services.map((service) => ({ service, ...sidesOf(service, commit, head) }));
  const code = await changedCode(project, commit, releasesOf(sides, "base"), releasesOf(sides, "head"));
  const compared = sides.map(({ service, ...both }): Change => {
    const steps = stepsOf(both.base, both.head, code);
    const isPublishing = both.base !== undefined && steps.some(({ kind }) => kind === "publish");
    const pastVersions = isPublishing ? pastVersionsOf(commit, service) : [];
    return {
      ...both,
      stack: stackOf(service),
      ref: base,
      steps,
      plan: read.get(stackOf(service)),
      pastVersions,
      now,
      provider,
    };
  });
  const changes = await withLiveShares(compared, liveShare);
  const all = changes.flatMap((change) => findingsOf(change, plans.length > 0));
  const { trains, notes } = reviewedTrains(changes);
  const isNote = (one: Finding) => one.isNote === true || (skip && skippable.includes(one.check));
  const result = {
    base,
    services: inTrains(
      changes.filter(isTold).map((change) => told(change, project, head)),
      trains,
    ),
    trains,
    findings: all.filter((one) => !isNote(one)),
    notes: [...notes, ...all.filter(isNote)],
    hasPlans: plans.length > 0,
  };
  return { ...result, markdown: markdownOf(result) };
}

async function withLiveShares(
  changes: readonly Change[],
  ask: ReviewOptions["liveShare"],
): Promise<readonly Change[]> {
  if (ask === undefined) return changes;
  return Promise.all(
    changes.map(async (change) =>
      endsBakeTime(change) ? { ...change, live: await ask(change.base.release) } : change,
    ),
  );
}

interface Service {
  readonly environment: string;
  readonly name: string;
}

function stackOf({ environment, name }: Service): string {
  return `${name}-${environment}`;
}

function servicesOfBoth(base: ProjectFiles, head: ProjectFiles, only: string | undefined): Service[] {
  const environments = new Set([base, head].flatMap((files) => files.entries("releases").folders));
  if (only !== undefined && !environments.has(only))
    cannotReview(`there is no environment '${only}': there are ${[...environments].sort().join(", ")}`);
  const reviewed = [...environments].filter((environment) => environment === (only ?? environment)).sort();
  return reviewed.flatMap((environment) => {
    const names = new Set([base, head].flatMap((files) => servicesOf(files, environment)));
    return [...names].sort().map((name) => ({ environment, name }));
  });
}

function plansOf(sources: readonly string[], services: readonly Service[]): ReadonlyMap<string, Plan> {
  const plans = new Map<string, Plan>();
  for (const source of sources) {
    const plan = readPlan(source);
    const other = plans.get(plan.stack);
    if (!services.some((service) => stackOf(service) === plan.stack))
      cannotReview(`${source} is a plan of ${plan.stack}, which no release file on either side defines`);
    if (other !== undefined) cannotReview(`${source} and ${other.source} are both plans of ${plan.stack}`);
    plans.set(plan.stack, plan);
  }
  return plans;
}

function sidesOf({ environment, name }: Service, commit: BaseCommit, files: ProjectFiles) {
  const head = readSide(files, environment, name).side;
  const base = readSide(commit.files, environment, name);
  if (base.problems.length > 0) cannotReview(...ofBase(base.problems, commit));
  return { base: base.side, head };
}

function ofBase(problems: readonly Problem[], { ref }: BaseCommit): string[] {
  return [
    `the release files of ${ref} must be valid, so that this tree can be compared with them`,
    ...problems.map((one) => `${ref}:${formatProblem(one)}`),
  ];
}

/** Of services that both sides have: what is new is no change of code, nor is what goes. */
function releasesOf(
  sides: readonly { readonly base?: Side; readonly head?: Side }[],
  which: "base" | "head",
): Release[] {
  return sides.flatMap(({ base, head }) => {
    if (base === undefined || head === undefined) return [];
    return [(which === "base" ? base : head).release];
  });
}

/** Whatever a version was called once, by whatever strategy; a text that is no release file tells nothing. */
function pastVersionsOf(commit: BaseCommit, { environment, name }: Service): string[] {
  const path = releasePath(environment, name);
  return commit.textsOf(path).flatMap((text) => {
    const document = parseJson(path, text);
    const versions = Array.isArray(document)
      ? undefined
      : (document.value as { versions?: unknown } | null)?.versions;
    if (Array.isArray(versions)) return versions.map(String);
    return versions !== null && typeof versions === "object" ? Object.keys(versions) : [];
  });
}

function findingsOf(change: Change, hasPlans: boolean): Finding[] {
  const { base, head, steps, plan } = change;
  const isReplaced =
    base !== undefined && head !== undefined && base.release.strategy !== head.release.strategy;
  if (isReplaced) return checkStrategy(change);
  const found = checks.flatMap((check) => check(change));
  const reaches = steps.some(({ kind }) => kind !== "other" && kind !== "remove");
  if (!hasPlans || plan !== undefined || !reaches) return found;
  const path = (head ?? base)?.path ?? "";
  return [
    ...found,
    { check: "no plan", place: path, message: `changes ${change.stack}, but no plan of it was given` },
  ];
}

function isTold({ steps, plan }: Change): boolean {
  return steps.length > 0 || plan?.resources.some(({ action }) => action !== "none") === true;
}

function told(change: Change, project: string, files: ProjectFiles): ReviewedService {
  const { stack, base, head, steps, plan } = change;
  return {
    stack,
    path: (head ?? base)?.path ?? "",
    headline: headlineOf(change),
    rows: steps.map((step) => ({
      kind: step.kind,
      step: step.text,
      shownBy: step.shownBy,
      planned: plannedFor(step, steps, plan),
    })),
    published: isContinued(change) ? publishedBy(change, project, files) : [],
  };
}

/** A new version's folder is all new lines in a pull request: what tells it from the stable one is in few of them. */
function publishedBy(
  { base, head, steps }: Continued,
  project: string,
  files: ProjectFiles,
): PublishedVersion[] {
  const beside = base.standing.stable;
  if (head.release.versionKind !== "functions" || !head.versions.includes(beside)) return [];
  const compared = { files, project, path: head.path, release: head.release };
  return steps.flatMap(({ kind, version }) => {
    if (kind !== "publish" || version === undefined) return [];
    const differences = differenceLines(versionDifference(compared, beside, version));
    return [{ version, beside, differences }];
  });
}

const verbs: Record<Action, string> = {
  create: "add",
  update: "change",
  delete: "destroy",
  replace: "replace",
  import: "import",
  forget: "forget",
  none: "keep",
};

/** The resources that a plan touches for a step, or their number where that is easier to read. */
function plannedFor(step: Change["steps"][number], steps: Change["steps"], plan: Plan | undefined): string[] {
  const resources = (plan?.resources ?? []).filter(
    (one) => one.action !== "none" && explanation(one, steps)[0] === step,
  );
  if (resources.length <= 2)
    return resources.map(({ action, address }) => `${verbs[action]} ${shortAddress(address)}`);
  const count = new Map<Action, number>();
  for (const { action } of resources) count.set(action, (count.get(action) ?? 0) + 1);
  return [...count].map(([action, number]) => `${verbs[action]} ${number} resources`);
}
