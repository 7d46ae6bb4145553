import type { Rehearsal } from "../../rehearsal";
import type { Configuration } from "../../terraform/configuration";
import { comparedIn } from "../../terraform/precondition";
import { described, onlyWith, publishedBy } from "../lambda/versions";

/** The number that a stack must have of each function's versions, by the function's address: those that it points at. */
function wantedNumbers({ blocks }: Configuration): Map<string, number> {
  const wanted = new Map<string, number>();
  for (const precondition of blocks.flatMap(({ preconditions }) => preconditions)) {
    const [address] = /aws_lambda_function\.[\w-]+/.exec(comparedIn(precondition)) ?? [];
    const number = Number(/>=\s*(\d+)/.exec(String(precondition.condition))?.[1]);
    if (address !== undefined && number > 0) wanted.set(address, Math.max(number, wanted.get(address) ?? 0));
  }
  return wanted;
}

/**
 * Publishes the versions that a stack points at, where nothing was before, with the code that there is. The last of
 * them comes with the apply of the stack itself.
 *
 * @param last the stack of the last move, which points at every version of the release
 */
export function publishBefore(rehearsal: Rehearsal, last: Configuration): void {
  if (rehearsal.blocks.blocks.size > 0) return;
  const wanted = [...wantedNumbers(last)].filter(([, number]) => number > 1);
  const addresses = wanted.map(([address]) => address);
  const most = Math.max(1, ...wanted.map(([, number]) => number));
  for (let version = 1; version < most; version++) {
    const all = wanted.reduce(
      (stack, [address, number]) => described(stack, address, Math.min(version, number - 1)),
      last,
    );
    rehearsal.prepare(onlyWith(all, addresses));
  }
}

/**
 * The stacks of a release, in each of which a function that an earlier commit has published and that has not changed
 * since is published once more, where they point at the next version.
 */
export function withNewVersions(rehearsal: Rehearsal, stacks: readonly Configuration[]): Configuration[] {
  const last = stacks.at(-1);
  if (last === undefined || rehearsal.blocks.blocks.size === 0) return [...stacks];
  const missing = [...wantedNumbers(last)].filter(
    ([address, number]) => publishedBy(rehearsal, last, address) < number,
  );
  return stacks.map((stack) =>
    missing.reduce((one, [address, number]) => described(one, address, number), stack),
  );
}
