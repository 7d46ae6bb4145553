/** What a role may do with a resource. */
export interface Statement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

export function allow(actions: readonly string[], resource: string | readonly string[]): Statement {
  return { Effect: "Allow", Action: actions, Resource: resource };
}

export function policyDocument(...statements: object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
