import { readLiveShare } from "../live/live-share";
import { Unable } from "../release/files/project";
import { Refusal } from "../release/verbs/transitions";
import { review } from "../review/review";
import { stopPlanWhileRed } from "./alarms";
import { applyInOrder, DeployFailed } from "./apply-in-order";
import { environmentNamed } from "./environments";
import { type NotifyOptions, notify } from "./notify";
import { digestOf, type Summaries, unreviewed } from "./plan-summary";
import { type PlannedStack, StackFolder } from "./terraform";
import { stopPlanUnlessAsGood } from "./verdict";

/** What allows a deploy to apply what it plans. */
export type Permission =
  /** The plans that a pull request was merged with. */
  | { readonly reviewed: Summaries }
  /** The digest of these very plans, given by somebody who has read them. */
  | { readonly accepted: string }
  /** The review finds nothing: what has changed since a commit explains each plan. */
  | { readonly base: string };

export interface DeployOptions {
  /** A service. @default - all stacks */
  readonly only?: string;
  /** Whether a version on trial gets more users while an alarm is red. @default false */
  readonly ignoreAlarms?: boolean;
  /** Whether it gets them without the verdict that its step waits for. @default false */
  readonly skipVerdict?: boolean;
  /** The commit that is live: what a train that takes back returns to. @default - the review's base, or the commit before */
  readonly former?: string;
  /** What those who are told of moved users hear beside it. */
  readonly told?: NotifyOptions;
}

/**
 * Deploys the stacks of an environment. All are planned before one is applied, and a plan is applied as it was
 * compared: `terraform apply` gets its file.
 *
 * @returns the services that something was applied for
 * @throws {DeployFailed} where one cannot be applied, with what is live then
 */
export async function deployEnvironment(
  project: string,
  name: string,
  permission: Permission,
  { only, ignoreAlarms = false, skipVerdict = false, former, told = {} }: DeployOptions = {},
): Promise<string[]> {
  const environment = environmentNamed(project, name);
  const stacks = environment.stacks
    // The review judges services.
    .filter(({ isDeployed, release }) => isDeployed && (release !== undefined || !("base" in permission)))
    .filter(({ release }) => only === undefined || release?.service === only)
    .map((stack) => ({ ...stack, folder: new StackFolder(project, stack.name) }));
  if (only !== undefined && stacks.length === 0) throw new Unable(`there is no service '${only}' in ${name}`);
  const planned = stacks.map((stack) => {
    stack.folder.init();
    return { ...stack, plan: stack.folder.plan({ lock: true }) };
  });
  const pending = planned.filter(({ plan }) => !plan.isEmpty);
  const plans = planned.map(({ plan }) => plan);
  await judge(project, name, permission, plans);
  for (const { release, plan } of ignoreAlarms ? [] : pending) {
    if (release !== undefined) await stopPlanWhileRed(release, plan.json);
  }
  for (const { release, plan } of skipVerdict ? [] : pending) {
    if (release !== undefined) await stopPlanUnlessAsGood(release, plan.json, new Date());
  }
  if (pending.length === 0) console.log(`${name}: nothing to apply`);
  const tell = async (services: readonly string[]) => {
    const moved = pending.filter(
      ({ release }) => release !== undefined && services.includes(release.service),
    );
    for (const line of await notify(project, moved, told)) console.log(`careful  ${line}`);
  };
  try {
    const live = former ?? ("base" in permission ? permission.base : "HEAD^");
    const deployed = await applyInOrder(project, planned, live);
    await tell(deployed);
    return deployed;
  } catch (error) {
    if (error instanceof DeployFailed) await tell(error.deployed);
    throw error;
  }
}

/** @throws {Refusal} where one of the plans may not be applied, CannotReview where nothing can judge them: then none is */
async function judge(
  project: string,
  environment: string,
  permission: Permission,
  plans: readonly PlannedStack[],
): Promise<void> {
  if ("base" in permission) {
    const files = plans.map(({ file }) => file);
    const { markdown, findings } = await review({
      project,
      environment,
      plans: files,
      liveShare: readLiveShare,
      ...permission,
    });
    console.log(markdown);
    if (findings.length > 0) throw new Refusal("the review has findings: nothing was applied");
    return;
  }
  const pending = plans.filter(({ isEmpty }) => !isEmpty);
  const digest = digestOf(pending);
  if ("accepted" in permission && permission.accepted === digest) return;
  const reviewed = "reviewed" in permission ? permission.reviewed : {};
  const lines = pending.flatMap((plan) =>
    unreviewed(plan, reviewed[plan.stack]).map((line) => `  ${plan.stack}: ${line}`),
  );
  if (lines.length === 0) return;
  throw new Refusal(
    [
      "the plan differs from the reviewed one: nothing was applied",
      ...lines,
      `check the plans; to apply them anyway, run this workflow by hand with 'accept' ${digest}`,
    ].join("\n"),
  );
}
