import { type AttributeOf, evaluateText } from "./condition";

/** What must hold before Terraform goes about a block: `lifecycle.precondition`. */
export interface Precondition {
  readonly condition: unknown;
  readonly errorMessage: string;
}

type Resolve = (text: string) => unknown;

/** `${tonumber(<reference>) >= <number>}`: what stacks use. */
const atLeast = /^\$\{\(?tonumber\(\s*([^(){}]+?)\s*\)\s*>=\s*(\d+)\)?\}$/;

/** @param lifecycle a block's, as the stack's JSON has it */
export function preconditionsOf(lifecycle: unknown): Precondition[] {
  const { precondition = [] } = (lifecycle ?? {}) as { precondition?: unknown };
  return [precondition].flat().map((one) => {
    const { condition, error_message } = one as Record<string, unknown>;
    return { condition, errorMessage: String(error_message) };
  });
}

/** What a condition reads of a parameter, such as the stops of a service. */
const read = /\bdata\.aws_ssm_parameter\.[\w-]+\.[a-z]\w*/g;

/** What a condition compares, as references: Terraform makes it before the block. */
export function comparedIn({ condition }: Precondition): string {
  const text = String(condition);
  const compared = atLeast.exec(text)?.[1];
  const references = compared === undefined ? (text.match(read) ?? []) : [compared];
  return [...new Set(references)].map((one) => `\${${one}}`).join("");
}

/**
 * @throws with the precondition's message where it does not hold, and on a condition of another form: a guess
 * might let through what Terraform refuses
 */
export function checkPrecondition(
  precondition: Precondition,
  resolve: Resolve,
  attributeOf: AttributeOf,
): void {
  const { condition, errorMessage } = precondition;
  const least = atLeast.exec(String(condition))?.[2];
  if (least === undefined) {
    checkCondition(precondition, attributeOf);
    return;
  }
  const value = resolve(comparedIn(precondition));
  if (!/^\d+$/.test(String(value))) {
    throw new Error(`cannot evaluate the precondition '${condition}': "${value}" is not a number`);
  }
  if (Number(value) < Number(least)) throw new Error(String(resolve(errorMessage)));
}

function checkCondition(precondition: Precondition, attributeOf: AttributeOf): void {
  const { condition, errorMessage } = precondition;
  if (comparedIn(precondition) === "") {
    throw new Error(
      `cannot evaluate the precondition '${condition}': only '\${tonumber(<reference>) >= <number>}' and conditions on an SSM parameter are understood`,
    );
  }
  let holds: unknown;
  try {
    holds = evaluateText(String(condition), attributeOf);
  } catch (error) {
    throw new Error(`cannot evaluate the precondition '${condition}': ${(error as Error).message}`);
  }
  if (holds !== true) throw new Error(String(evaluateText(errorMessage, attributeOf)));
}
