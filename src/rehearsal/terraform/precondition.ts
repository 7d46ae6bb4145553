/** What must hold before Terraform goes about a block: `lifecycle.precondition`. */
export interface Precondition {
  readonly condition: unknown;
  readonly errorMessage: string;
}

type Resolve = (text: string) => unknown;

/** `${tonumber(<reference>) >= <number>}`: what stacks use. */
const atLeast = /^\$\{\(?tonumber\(\s*([^(){}]+?)\s*\)\s*>=\s*(\d+)\)?\}$/;

/** That no version was stopped which gets users: before a rehearsal nothing was. */
const onStops = /^\$\{length\(\[for stop in try\(.*jsondecode\(data\.aws_ssm_parameter\.stops_/;

/** @param lifecycle a block's, as the stack's JSON has it */
export function preconditionsOf(lifecycle: unknown): Precondition[] {
  const { precondition = [] } = (lifecycle ?? {}) as { precondition?: unknown };
  return [precondition].flat().flatMap((one) => {
    const { condition, error_message } = one as Record<string, unknown>;
    return onStops.test(String(condition)) ? [] : [{ condition, errorMessage: String(error_message) }];
  });
}

/** What a condition compares, as a reference: Terraform makes it before the block. */
export function comparedIn({ condition }: Precondition): string {
  const reference = atLeast.exec(String(condition))?.[1];
  return reference === undefined ? "" : `\${${reference}}`;
}

/**
 * @throws with the precondition's message where it does not hold, and on a condition of another form: a guess
 * might let through what Terraform refuses
 */
export function checkPrecondition(precondition: Precondition, resolve: Resolve): void {
  const { condition, errorMessage } = precondition;
  const least = atLeast.exec(String(condition))?.[2];
  if (least === undefined) {
    throw new Error(
      `cannot evaluate the precondition '${condition}': only '\${tonumber(<reference>) >= <number>}' is understood`,
    );
  }
  const value = resolve(comparedIn(precondition));
  if (!/^\d+$/.test(String(value))) {
    throw new Error(`cannot evaluate the precondition '${condition}': "${value}" is not a number`);
  }
  if (Number(value) < Number(least)) throw new Error(String(resolve(errorMessage)));
}
