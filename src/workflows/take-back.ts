import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { hasUnknown, type Values } from "../review/plan";
import { outputFolder } from "../synth/output-folder";
import { withSynthesisOf } from "../synth/synthesize";
import { changesOf, type PlanJson, type ResourceChange } from "./plan-summary";
import { type PlannedStack, StackFolder } from "./terraform";

/** A stack that a deploy has moved, with the plan that it applied. */
interface Moved {
  readonly name: string;
  readonly plan: PlannedStack;
}

/**
 * Returns stacks to what they were before a deploy, one after the other: applies what a former commit says, where that
 * is exactly the reverse of what the deploy planned. So it neither deletes what was published nor moves more than the
 * deploy did. What was stopped meanwhile stays stopped, as in every plan.
 *
 * @returns by the stack's name, why it is not taken back; nothing where it is
 */
export function takeBack(
  project: string,
  former: string,
  moved: readonly Moved[],
): ReadonlyMap<string, string | undefined> {
  if (moved.length === 0) return new Map();
  try {
    return withSynthesisOf(project, former, (output) => {
      linkLocalState(project, output);
      return new Map(
        moved.map((one) => [
          one.name,
          inOneLine(() => takeBackOne(new StackFolder(project, one.name, output), one)),
        ]),
      );
    });
  } catch (error) {
    return new Map(moved.map(({ name }) => [name, (error as Error).message]));
  }
}

/** Where the state is no bucket's, it stands beside the output folder. */
function linkLocalState(project: string, output: string): void {
  const state = join(outputFolder(project), "../terraform-state");
  if (existsSync(state)) symlinkSync(state, join(output, "../terraform-state"));
}

function inOneLine(work: () => string | undefined): string | undefined {
  try {
    return work();
  } catch (error) {
    return (error as Error).message;
  }
}

/** @returns why it is not taken back */
function takeBackOne(folder: StackFolder, { plan: applied }: Moved): string | undefined {
  folder.init();
  const plan = folder.plan({ lock: true });
  if (plan.isEmpty) return undefined;
  const other = otherThanReverse(applied.json, plan.json);
  if (other !== undefined) return `the former commit would do more than take it back: ${other}`;
  folder.apply();
  const left = changesOf(folder.plan({ lock: true }));
  return left.length === 0
    ? undefined
    : `after it, ${left.map(({ address }) => address).join(", ")} differs still`;
}

/** The first change of a plan that does not lead to where an applied one came from. */
function otherThanReverse(applied: PlanJson, back: PlanJson): string | undefined {
  const before = new Map((applied.resource_changes ?? []).map((one) => [one.address, one]));
  const changed = (back.resource_changes ?? []).filter(isChanged);
  const other = changed.find((one) => !isReverse(one, before.get(one.address)));
  return other && `${other.address}: ${other.change.actions.join("/")}`;
}

function isChanged({ mode, change }: ResourceChange): boolean {
  return mode === "managed" && !change.actions.every((action) => ["no-op", "read"].includes(action));
}

function isReverse({ type, change }: ResourceChange, applied: ResourceChange | undefined): boolean {
  // Terraform plans each put of a definition as a replacement, though nothing is deleted.
  const isInPlace = change.actions.join() === "update" || type === "aws_api_gateway_rest_api_put";
  const [before, after, unknown] = [applied?.change.before, change.after, change.after_unknown].map(
    (values) => values as Values | null | undefined,
  );
  if (!isInPlace || !after || !before) return false;
  return Object.entries(after).every(
    ([name, value]) => hasUnknown(unknown?.[name]) || isDeepStrictEqual(value, before[name]),
  );
}
