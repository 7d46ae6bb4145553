import { type AttributeOf, evaluateText } from "./condition";

/** What must hold before Terraform goes about a block: `lifecycle.precondition`. */
export interface Precondition {
  readonly condition: unknown;
  readonly errorMessage: string;
}

/** @param lifecycle a block's, as the stack's JSON has it */
export function preconditionsOf(lifecycle: unknown): Precondition[] {
  const { precondition = [] } = (lifecycle ?? {}) as { precondition?: unknown };
  return [precondition].flat().map((one) => {
    const { condition, error_message } = one as Record<string, unknown>;
    return { condition, errorMessage: String(error_message) };
  });
}

/** What a condition reads of a block, such as the stops of a service, or a function's latest version. */
const read = /\b(?:data\.)?aws_\w+\.[\w-]+\.[a-z]\w*/g;

/** What a condition compares, as references: Terraform makes it before the block. */
export function comparedIn({ condition }: Precondition): string {
  const references = String(condition).match(read) ?? [];
  return [...new Set(references)].map((one) => `\${${one}}`).join("");
}

/**
 * @throws with the precondition's message where it does not hold, and on a condition that is not understood: a guess
 * might let through what Terraform refuses
 */
export function checkPrecondition({ condition, errorMessage }: Precondition, attributeOf: AttributeOf): void {
  let holds: unknown;
  try {
    holds = evaluateText(String(condition), attributeOf);
  } catch (error) {
    throw new Error(`cannot evaluate the precondition '${condition}': ${(error as Error).message}`);
  }
  // Terraform makes a text of its own to true or false.
  if (String(holds) !== "true") throw new Error(String(evaluateText(errorMessage, attributeOf)));
}
