/** One statement of an IAM policy. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
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

/** A policy as JSON, without what is undefined. */
export function policyDocument(...statements: object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
