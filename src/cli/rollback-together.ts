import type { LiveRollback } from "../live/live-release";
import type { Change } from "../release/files/change";
import { type ReadRelease, Unable } from "../release/files/project";
import type { Together } from "../release/files/together";
import { Refusal, type Rollback } from "../release/verbs/transitions";
import { commonMessage } from "../review/commit-message";
import { refusalText } from "./apply-together";
import { isAgreed, type WriteOptions } from "./apply-verb";
import {
  recordAfterMove,
  rollbackChange,
  rollbackJson,
  rollbackNow,
  rollbackText,
  warnOfStrangers,
  writeAfterMove,
} from "./live";
import { isNative } from "./native-rollout";

type Options = WriteOptions & Pick<Rollback, "to">;

/** A service that is to be moved, and what that takes. */
interface Planned {
  readonly change: Change;
  readonly plan: LiveRollback;
}

/**
 * Moves AWS back for several services, the last one first. All is found before anything is moved. The file of each is
 * written as soon as AWS is so.
 *
 * @throws {Refusal} where one of them cannot be moved: then none is
 * @throws {Unable} where AWS fails meanwhile, with what is moved and the command for the rest
 */
export async function rollbackTogetherNow(
  { reads, title }: Together,
  options: Options,
  now: Date,
): Promise<void> {
  const [only, ...others] = reads;
  if (only !== undefined && others.length === 0) return rollbackNow(only, options, now);
  const changes = changesOf([...reads].reverse(), options, now);
  const planned: Planned[] = [];
  for (const change of changes) planned.push({ change, plan: await planOf(change) });
  if (!options.json) for (const { change, plan } of planned) console.log(`${rollbackText(change, plan)}\n`);
  const isMoved = !options.dryRun && (await isMoveAgreed(planned, options));
  if (isMoved) await moveAll(planned, options, now);
  const commit = commonMessage(changes, title, options.message);
  if (options.json) {
    const told = planned.map(({ change, plan }) => rollbackJson(change, plan, isMoved, commit));
    console.log(JSON.stringify(told));
  } else if (isMoved)
    console.log(`commit   ${commit}\ncommit the files; otherwise the next deploy undoes this`);
  else console.log("nothing was moved, and nothing was written");
}

/** @throws {Refusal} which names each service that cannot be moved, and why */
function changesOf(reads: readonly ReadRelease[], options: Options, now: Date): Change[] {
  const refused: string[] = [];
  const changes = reads.flatMap((read) => {
    try {
      if (isNative(read)) throw new Refusal("ECS moves its users: roll it back alone");
      return [rollbackChange(read, options, now)];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused.push(`${read.name}: ${error.message}`);
      return [];
    }
  });
  if (refused.length > 0) throw new Refusal(refusalText(refused, reads.length));
  return changes;
}

async function planOf({ read, after }: Change): Promise<LiveRollback> {
  const { rollBackLive } = await import("../live/live-release.js");
  return new Promise((resolve, reject) => {
    rollBackLive(read.release ?? after, after, async (plan) => {
      resolve(plan);
      return false;
    }).catch((error: Error) =>
      reject(Unable.causedBy(error, `${read.name}: ${error.message}; nothing is moved`)),
    );
  });
}

async function isMoveAgreed(planned: readonly Planned[], options: Options): Promise<boolean> {
  for (const { plan } of planned) warnOfStrangers(plan.strangers, options);
  return isAgreed("move them now, in this order, and write their files?", options);
}

async function moveAll(planned: readonly Planned[], options: Options, now: Date): Promise<void> {
  const troubles: string[] = [];
  for (const [index, one] of planned.entries()) {
    const { read } = one.change;
    try {
      await moveOne(one);
    } catch (error) {
      const [done, left] = [planned.slice(0, index), planned.slice(index)].map((some) =>
        some.map(({ change }) => change.read.name),
      ) as [string[], string[]];
      throw Unable.causedBy(
        error,
        `${read.name}: ${(error as Error).message}`,
        ...troubles,
        `moved back: ${done.join(", ") || "none"}`,
        `not moved back: ${left.join(", ")}; run 'rollback ${left.reverse().join(" ")} --now' for the rest`,
      );
    }
    if (!options.json)
      console.log(`moved    ${read.name}: ${one.plan.moves.join(", ") || "AWS was so already"}`);
    // AWS is as it should be: what fails from here on is told, and keeps no other service from being moved.
    try {
      writeAfterMove(one.change);
      if (!options.json) console.log(`wrote    ${read.path}`);
      await recordAfterMove(read as ReadRelease, one.change, one.plan, options, now);
    } catch (error) {
      troubles.push(`${read.name}: ${(error as Error).message}`);
    }
  }
  if (troubles.length > 0) throw new Unable(...troubles);
}

/** @throws {Refusal} where AWS would be moved otherwise than was agreed */
async function moveOne({ change: { read, after }, plan }: Planned): Promise<void> {
  const { rollBackLive } = await import("../live/live-release.js");
  await rollBackLive(read.release ?? after, after, async ({ moves }) => {
    if (moves.join() === plan.moves.join()) return true;
    throw new Refusal(`AWS was changed meanwhile: ${moves.join(", ") || "nothing"} would be moved now`);
  });
}
