import { recordMovedShare } from "../guard/share-after-move";
import { counted } from "../release/counted";
import { type Train, trainWith } from "../release/environment/train";
import { Unable } from "../release/files/project";
import type { Release } from "../release/release";
import { type Direction, directionOf } from "../release/steps/direction";
import { planShares } from "./plan-shares";
import { changesOf } from "./plan-summary";
import { takeBack } from "./take-back";
import type { PlannedStack, StackFolder } from "./terraform";

/** A stack with its plan. */
export interface Planned {
  readonly name: string;
  readonly folder: StackFolder;
  readonly plan: PlannedStack;
  /** @default - it is not a service's */
  readonly release?: Release;
}

/** A deploy that ended at a stack that could not be applied. */
export class DeployFailed extends Unable {
  constructor(
    lines: readonly string[],
    /** The services that something was applied for and not taken back. */
    readonly deployed: readonly string[],
  ) {
    super(...lines);
  }
}

/**
 * Applies the stacks that have something to apply, one after the other, up to the first that fails.
 *
 * @param former the commit that was live, by which a train takes back what it moved
 * @returns the services that something was applied for
 * @throws {DeployFailed} with what is live then, and how to go on or back
 */
export async function applyInOrder(
  project: string,
  planned: readonly Planned[],
  former: string,
): Promise<string[]> {
  const order = inDeployOrder(planned.filter(({ plan }) => !plan.isEmpty));
  for (const [index, one] of order.entries()) {
    try {
      one.folder.apply();
    } catch (error) {
      if (!(error instanceof Unable)) throw error;
      const deploy = { planned, deployed: order.slice(0, index), failed: one, left: order.slice(index + 1) };
      throw failure(project, deploy, error, former);
    }
    console.log(`${one.name.padEnd(30)} ${counted(changesOf(one.plan).length, "change")} applied`);
    const trouble = one.release && (await recordMovedShare(one.release, new Date()));
    if (trouble !== undefined) console.log(`careful  ${trouble}`);
  }
  return servicesOf(order);
}

/** As the environment has them; a train that goes back goes from its last service to its first. */
function inDeployOrder(pending: readonly Planned[]): readonly Planned[] {
  const trains = [...new Set(pending.map(trainOf))].filter((train) => train !== undefined);
  return trains.reduce((order: readonly Planned[], train) => {
    const members = order.filter((one) => trainOf(one) === train);
    if (!members.every((one) => directionBy(one) === "back")) return order;
    const reversed = [...members].reverse();
    return order.map((one) => (trainOf(one) === train ? (reversed.shift() as Planned) : one));
  }, pending);
}

function trainOf({ release }: Planned): string | undefined {
  return release && trainWith(release.environment.trains, release.service);
}

/** Where a plan moves users; nothing where it moves none, or CodeDeploy does. */
function directionBy({ plan, release }: Planned): Direction | undefined {
  const { before, after } = planShares(plan.json);
  if (before === undefined || after === undefined) return undefined;
  const listed = release?.versions.map(({ name }) => name) ?? [];
  // A version that the file lists no more was before all others.
  const gone = [...before.keys()].filter((version) => !listed.includes(version));
  return directionOf([...gone, ...listed], before, after);
}

interface Deploy {
  readonly planned: readonly Planned[];
  readonly deployed: readonly Planned[];
  readonly failed: Planned;
  /** Those that were to follow. */
  readonly left: readonly Planned[];
}

function failure(project: string, deploy: Deploy, error: Unable, former: string): DeployFailed {
  const { planned, deployed, failed, left } = deploy;
  const name = trainOf(failed);
  const members = name === undefined ? [] : planned.filter((one) => trainOf(one) === name);
  const taken = new Map<string, string | undefined>();
  if (trainNamedOf(failed)?.onFailure === "take-back") {
    const moved = [...deployed.filter((one) => members.includes(one)), failed];
    // A version that users were taken from stays without them: what went back is not taken back.
    const forward = moved.filter((one) => directionBy(one) === "forward").reverse();
    for (const [stack, trouble] of takeBack(project, former, forward)) taken.set(stack, trouble);
  }
  const isBack = (one: Planned) => taken.has(one.name) && taken.get(one.name) === undefined;
  const outcome = (one: Planned): string => {
    const trouble = taken.get(one.name);
    if (isBack(one)) return `${one === failed ? "failed, and is as before" : "taken back"}${sharesText(one)}`;
    const kept = trouble === undefined ? "" : `; not taken back: ${trouble}`;
    if (one === failed) return `failed${leftText(one)}${kept}`;
    if (deployed.includes(one)) return `deployed${kept}`;
    return left.includes(one) ? "not deployed" : "nothing to apply: live as its file says";
  };
  const told = planned.filter((one) => !one.plan.isEmpty || members.includes(one));
  return new DeployFailed(
    [
      error.message,
      "",
      ...told.map((one) => `  ${one.name.padEnd(28)} ${outcome(one)}`),
      ...remedies(members),
    ],
    servicesOf(deployed.filter((one) => !isBack(one))),
  );
}

function trainNamedOf(one: Planned): Train | undefined {
  const name = trainOf(one);
  return name === undefined ? undefined : one.release?.environment.trains[name];
}

/** The shares that the deploy found. */
function sharesText({ plan }: Planned): string {
  const { before } = planShares(plan.json);
  const shares = [...(before ?? [])].filter(([, percent]) => percent > 0);
  return shares.length === 0
    ? ""
    : `: ${shares.map(([version, percent]) => `${version} ${percent} %`).join(", ")}`;
}

/** How much of a plan is still to be done, by another plan. */
function leftText({ folder, plan }: Planned): string {
  const { length } = changesOf(plan);
  try {
    const left = changesOf(folder.plan({ lock: true })).length;
    return `: ${left} of ${counted(length, "change")} left`;
  } catch {
    return ", and what is live of it is not known: it cannot be planned";
  }
}

/** How to go on or back. A way back is proposed where all that the train moves went to later versions. */
function remedies(members: readonly Planned[]): string[] {
  const moving = members.filter((one) => directionBy(one) !== undefined);
  const isForward = moving.length > 0 && moving.every((one) => directionBy(one) === "forward");
  const back = `npx lambda-release rollback ${namesOf(moving)}`;
  return [
    "to go on, run this deploy again",
    ...(isForward
      ? [`to go back, run '${back}', and merge what it writes; in an emergency, with --now`]
      : []),
  ];
}

/** As a command takes them: the train's name stands for all of its services. */
function namesOf(moving: readonly Planned[]): string {
  const [first] = moving;
  if (first === undefined) return "";
  const isWhole = moving.length === trainNamedOf(first)?.services.length;
  const names = isWhole ? [trainOf(first)] : servicesOf(moving);
  return names.map((name) => `${first.release?.environment.name}/${name}`).join(" ");
}

function servicesOf(some: readonly Planned[]): string[] {
  return some.flatMap(({ release }) => release?.service ?? []);
}
