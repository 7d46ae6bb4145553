import type { Rollout, RolloutPlan, Together } from "../live/rollout";
import { type ReadRelease, Unable } from "../release/files/project";
import type { Release } from "../release/release";
import { modelOf } from "../release/strategies/strategies";
import { coloured } from "../terminal/colour";
import { isAgreed, type WriteOptions } from "./apply-verb";
import { type FollowOptions, followToEnd, idsOf } from "./follow";
import { isNative, nativeRollout } from "./native-rollout";
import { watchLine } from "./show-shift";

export interface RolloutOptions extends Omit<WriteOptions, "from">, FollowOptions {
  readonly watch: boolean;
  readonly stop: boolean;
  readonly detach: boolean;
  readonly ignoreAlarms: boolean;
}

/** The AWS SDK is loaded with it, and of that only what this kind of release needs. */
export function liveRollout(release: Release) {
  return modelOf(release).versionKind === "container"
    ? import("../live/service-rollout.js")
    : import("../live/alias-rollout.js");
}

/**
 * Has CodeDeploy move users to the canary, and follows it.
 *
 * @returns the exit code: 0 succeeded, 1 rolled back, failed or stopped, 2 nothing was started
 */
export async function rollout(read: ReadRelease, options: RolloutOptions, now: Date): Promise<number> {
  checkOptions(options);
  if (isNative(read)) return nativeRollout(read, options, now);
  checkTogether(read, options);
  const { withRollout } = await liveRollout(read.release);
  return withRollout(read.release, async (live) => {
    const together = await deploymentsOf(live, read, options, now);
    if (together === undefined) {
      if (options.json) console.log(JSON.stringify({ service: read.name, outcome: "not started" }));
      else console.log("nothing is changed");
      return options.dryRun ? 0 : 2;
    }
    if (options.detach) {
      const [{ id: deployment } = { id: "" }] = together.shifts;
      if (options.json) console.log(JSON.stringify({ service: read.name, outcome: "started", deployment }));
      else console.log(`started  ${deployment}\n\n${watchLine(read)}`);
      return 0;
    }
    return followToEnd(live, together, read, options, now);
  });
}

function checkOptions({ watch, stop, detach, record, ignoreAlarms }: RolloutOptions): void {
  const all = { "--watch": watch, "--stop": stop, "--detach": detach };
  const given = Object.entries(all).filter(([, isGiven]) => isGiven);
  if (given.length > 1) throw new Unable(`${given.map(([name]) => name).join(" and ")} exclude each other`);
  if (record && detach) throw new Unable("--record needs the end, and --detach does not wait for it");
  if (ignoreAlarms && (watch || stop)) throw new Unable("--ignore-alarms is for a start");
}

/** CodeDeploy knows nothing of the others: this command stops them where one is rolled back. */
function checkTogether({ release }: ReadRelease, { detach }: RolloutOptions): void {
  if (!detach || release.versionKind !== "lambda" || release.functions.length === 1) return;
  throw new Unable(
    "--detach must not be given with several functions: this command stops the others when one is rolled back",
  );
}

/** The deployments to follow: the newest, or those that are started now. `undefined` where nobody agreed to it. */
async function deploymentsOf(
  live: Rollout,
  read: ReadRelease,
  options: RolloutOptions,
  now: Date,
): Promise<Together | undefined> {
  if (options.watch) {
    const newest = await live.newest();
    if (newest.shifts.length === 0) throw new Unable(`CodeDeploy has never shifted ${read.name}`);
    return newest;
  }
  if (options.stop) {
    const running = await live.running();
    if (running.length === 0) throw new Unable(`CodeDeploy shifts nothing of ${read.name}: nothing to stop`);
    const [ids, it] = [idsOf({ shifts: running }), running.length === 1 ? "it" : "them"];
    if (options.dryRun || !(await isAgreed(`stop ${ids}, and have ${it} moved back?`, options)))
      return undefined;
    await live.stop(running);
    return live.isOne ? { shifts: running } : live.newest();
  }
  const plan = await live.plan();
  if (!options.json) console.log(`${planText(read, live, plan)}\n`);
  if (options.dryRun || !(await isStartAgreed(plan, options))) return undefined;
  return { shifts: await live.start(plan, now, options) };
}

async function isStartAgreed(plan: RolloutPlan, options: RolloutOptions): Promise<boolean> {
  if (plan.isStrange) {
    const line = `${plan.server} serves ${plan.from}, and the file says otherwise: is this the newest commit?`;
    if (options.yes) throw new Unable(`${line} --yes does not answer that`);
    if (!options.json) console.log(`${coloured("yellow", "careful")}  ${line}`);
  }
  return isAgreed(`shift from ${plan.from} to ${plan.to} now?`, options);
}

function planText(read: ReadRelease, live: Rollout, plan: RolloutPlan): string {
  const { moves, config, hooks } = plan;
  return [
    placeLine(read, live),
    ...[...moves.values()].map(
      ({ what, from, to }) => `to shift  ${what} from ${from} to ${to} by ${config}`,
    ),
    ...Object.entries(hooks).map(
      ([hook, called]) => `${hook}  ${called}${moves.size === 1 ? "" : ", once for each"}`,
    ),
  ].join("\n");
}

/** Where CodeDeploy is to do something. */
export function placeLine({ name }: ReadRelease, { account }: Rollout): string {
  return `${coloured("bold", name)}   account ${account.accountId}, ${account.region}\n`;
}
