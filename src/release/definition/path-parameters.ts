/** The variables of a path, as an OpenAPI document declares them. */
export function pathParameters(path: string): Readonly<Record<string, unknown>> {
  const names = [...path.matchAll(/\{([^{}+]+)\+?\}/g)].map((match) => match[1]);
  if (names.length === 0) return {};
  return {
    parameters: names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
  };
}
