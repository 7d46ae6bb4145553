import type { Waiting } from "../live/rollout";
import { type ReadRelease, Unable } from "../release/files/project";
import { modelOf } from "../release/strategies/strategies";
import { isAgreed, type WriteOptions } from "./apply-verb";
import { type FollowOptions, followToEnd } from "./follow";
import { liveRollout, placeLine } from "./rollout";
import { untilText } from "./rollout-view";
import { watchLine } from "./show-shift";

export interface ContinueOptions extends Omit<WriteOptions, "from">, FollowOptions {
  readonly watch: boolean;
}

/**
 * Has CodeDeploy go on where it waits for a person.
 *
 * @returns the exit code: 0 it goes on, 2 it does not; with `--watch` that of its end
 */
export async function continueRollout(
  read: ReadRelease,
  options: ContinueOptions,
  now: Date,
): Promise<number> {
  if (options.record && !options.watch) throw new Unable("--record needs the end, and --watch waits for it");
  const { movedBy, versionKind } = modelOf(read.release);
  if (movedBy === "codedeploy" && versionKind !== "container")
    throw new Unable(`CodeDeploy does not wait with ${read.release.strategy}: it shifts by the clock alone`);
  if (movedBy === "ecs") throw new Unable("ECS does not wait with ecs-native: it shifts by the clock alone");
  const { withRollout } = await liveRollout(read.release);
  return withRollout(read.release, async (live) => {
    const waiting = await live.waiting();
    const { id: deployment, wait } = waiting;
    const { told, question } = textsOf(waiting);
    if (!options.json) console.log(`${placeLine(read, live)}\n${told}\n`);
    const isContinued = !options.dryRun && (await isAgreed(question, options));
    if (isContinued) await live.goOn(waiting);
    if (isContinued && options.watch) return followToEnd(live, { shifts: [waiting] }, read, options, now);
    const outcome = isContinued ? "continued" : "not continued";
    if (options.json)
      console.log(JSON.stringify({ service: read.name, outcome, deployment, wait: wait.for }));
    else console.log(isContinued ? `continued  ${deployment}\n\n${watchLine(read)}` : "nothing is changed");
    return isContinued || options.dryRun ? 0 : 2;
  });
}

function textsOf({ id: deployment, wait, shift }: Waiting) {
  const [from, to] = [shift?.from ?? "the version before", shift?.version ?? "the new version"];
  const isForOperator = wait.for === "operator";
  const what = isForOperator ? "waits for an operator" : `keeps the tasks of ${from}`;
  const then = isForOperator
    ? `users move from ${from} to ${to}`
    : `the tasks of ${from} end, and --stop has no way back any more`;
  const told = [`to continue  ${deployment}, which ${what}${untilText(wait)}`, `with that    ${then}`];
  return {
    told: told.join("\n"),
    question: isForOperator ? `move users to ${to} now?` : `end the tasks of ${from} now?`,
  };
}
