import type { Definition, Method, Resource } from "./definition";

export interface Match {
  readonly resource: Resource;
  readonly method: Method;
  /** Values of the path's variables. @default - the path has none */
  readonly pathParameters?: Readonly<Record<string, string>>;
}

/**
 * Finds the method for a request's path. As in API Gateway a fixed part goes before a variable and a variable
 * before a greedy one, part by part; a method of its own goes before ANY. Once a resource matches, only its
 * methods count.
 *
 * @param path without the stage, starting with a slash
 */
export function findRoute(definition: Definition, httpMethod: string, path: string): Match | undefined {
  const parts = partsOf(path);
  const matching = definition.resources
    .filter((resource) => matchParts(partsOf(resource.path), parts))
    .sort((a, b) => comparePrecedence(partsOf(a.path), partsOf(b.path)));
  const [resource] = matching;
  if (resource === undefined) return undefined;
  const method = resource.methods.get(httpMethod) ?? resource.methods.get("ANY");
  return method && { resource, method, pathParameters: pathParameters(partsOf(resource.path), parts) };
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}

const isGreedy = (part: string) => part.endsWith("+}");
const isVariable = (part: string) => part.startsWith("{");

function matchParts(pattern: readonly string[], parts: readonly string[]): boolean {
  for (const [index, part] of pattern.entries()) {
    if (isGreedy(part)) return parts.length > index;
    const given = parts[index];
    if (given === undefined || (!isVariable(part) && part !== decode(given))) return false;
  }
  return pattern.length === parts.length;
}

function comparePrecedence(a: readonly string[], b: readonly string[]): number {
  const rank = (part: string | undefined) =>
    part === undefined || isGreedy(part) ? 2 : isVariable(part) ? 1 : 0;
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = rank(a[index]) - rank(b[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function pathParameters(
  pattern: readonly string[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const values = pattern.flatMap((part, index) => {
    if (!isVariable(part)) return [];
    const value = isGreedy(part) ? parts.slice(index).join("/") : (parts[index] ?? "");
    return [[part.replace(/^\{|\+?\}$/g, ""), decode(value)]];
  });
  return values.length === 0 ? undefined : Object.fromEntries(values);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
