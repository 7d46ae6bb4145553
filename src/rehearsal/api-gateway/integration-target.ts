import type { InvocationTarget } from "../lambda/lambda-service";

const functionUri =
  /:lambda:path\/(?:2015-03-31|2021-11-15)\/functions\/arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:([^:/]+)(?::([^:/]+))?\/(?:response-streaming-)?invocations$/;

const variable = /\$\{stageVariables\.(\w+)\}/g;

/** The names of the stage variables in an integration's URI. */
export function variablesIn(uri: string): string[] {
  return [...uri.matchAll(variable)].map(([, name = ""]) => name);
}

/**
 * What an integration's URI names once its stage variables are filled in, which may hold a function, an alias,
 * or both as `function:alias`.
 *
 * @returns or why it names nothing
 */
export function targetOf(
  uri: string,
  variables: Readonly<Record<string, string>>,
): InvocationTarget | { readonly reason: string } {
  const missing: string[] = [];
  const filled = uri.replace(variable, (_, name: string) => {
    const value = variables[name];
    if (value === undefined) missing.push(name);
    return value ?? "";
  });
  if (missing.length > 0) return { reason: `the stage has no variable ${missing.join(", ")}` };
  const [, functionName, qualifier] = functionUri.exec(filled) ?? [];
  return functionName === undefined
    ? { reason: `Invalid lambda function: ${uri}` }
    : { functionName, qualifier };
}

/** `greeting-dev`, or `greeting-dev:live`. */
export function qualifiedName({ functionName, qualifier }: InvocationTarget): string {
  return qualifier === undefined ? functionName : `${functionName}:${qualifier}`;
}
