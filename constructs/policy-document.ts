/** One statement of an IAM policy. */
export interface Statement {
  /** Whether it allows or denies. */
  readonly Effect: "Allow" | "Deny";
  /** Such as `logs:PutLogEvents`; `*` stands for any characters. */
  readonly Action: string | readonly string[];
  /** ARNs; `*` stands for any characters. */
  readonly Resource: string | readonly string[];
  /** By operator, what must hold. @default - nothing more */
  readonly Condition?: object;
}

export function allow(
  actions: readonly string[],
  resource: string | readonly string[],
  condition?: object,
): Statement {
  return { Effect: "Allow", Action: actions, Resource: resource, Condition: condition };
}

export function deny(actions: readonly string[], resource: string | readonly string[]): Statement {
  return { Effect: "Deny", Action: actions, Resource: resource };
}

/** ARNs as a statement names them: one alone is no list, as IAM has it too. */
export function resources(arns: readonly string[]): string | readonly string[] {
  const [first, ...others] = arns;
  return first !== undefined && others.length === 0 ? first : arns;
}

/** A policy as JSON, without what is undefined. */
export function policyDocument(...statements: object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
