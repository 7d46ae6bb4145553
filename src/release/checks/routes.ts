import { functionNames } from "../functions/service-functions";
import type { ReleaseContext } from "../release-context";
import type { Finding } from "./finding";

/** One part of a path as API Gateway allows it: letters, digits and . _ - : or one variable. */
const fixedPart = /^[a-zA-Z0-9._:-]+$/;
const variablePart = /^\{[a-zA-Z0-9._-]+\}$/;
const greedyPart = /^\{[a-zA-Z0-9._-]+\+\}$/;

/** What API Gateway would refuse of the routes. */
export function checkRoutes(context: ReleaseContext): Finding[] {
  const { routes = [], openapi } = context.file.api ?? {};
  if (openapi !== undefined) return checkBesideDocument(context);
  const names = functionNames(context);
  const findings: Finding[] = [];
  const seen = new Set<string>();
  /** The variable that stands below a path: API Gateway allows one. */
  const variables = new Map<string, string>();

  for (const [index, route] of routes.entries()) {
    const field = ["api", "routes", index];
    const problem = pathProblem(route.path, variables);
    if (problem !== undefined)
      findings.push({ field: [...field, "path"], message: problem, value: route.path });

    const key = `${route.method} ${route.path}`;
    if (seen.has(key)) {
      findings.push({ field, message: "must have a method and path that no other route has", value: key });
    }
    seen.add(key);

    if (route.function === undefined && names.length > 1) {
      findings.push({ field: [...field, "function"], message: `must be given: one of ${names.join(", ")}` });
    } else if (route.function !== undefined && !names.includes(route.function)) {
      findings.push({
        field: [...field, "function"],
        message: `must be a function of the service (${names.join(", ")})`,
        value: route.function,
      });
    }
  }
  if (routes.length === 0 && names.length > 1) {
    findings.push({
      field: ["api", "routes"],
      message: `must be given where a service has several functions (${names.join(", ")})`,
    });
  }
  return findings;
}

/** The document says what these fields would. */
function checkBesideDocument({ file: { api } }: ReleaseContext): Finding[] {
  const given = [
    ...(api?.routes === undefined ? [] : ["routes"]),
    ...(api?.authorizers === undefined ? [] : ["authorizers"]),
    ...(api?.binaryMediaTypes.length === 0 ? [] : ["binaryMediaTypes"]),
  ];
  const message = "must not be given beside 'openapi': the document says it";
  return given.map((name) => ({ field: ["api", name], message }));
}

/** `id` of `{id}` and of `{id+}`. */
function variableName(part: string): string | undefined {
  return /^\{(.*?)\+?\}$/.exec(part)?.[1];
}

/**
 * What API Gateway would refuse of a path.
 *
 * @param variables the variable that stands below each path so far; the path's own are added
 */
export function pathProblem(path: string, variables: Map<string, string>): string | undefined {
  if (path === "/") return undefined;
  if (!path.startsWith("/")) return "must start with a slash";
  const parts = path.slice(1).split("/");
  for (const [index, part] of parts.entries()) {
    if (part === "") return "must have no empty part and no slash at its end";
    if (greedyPart.test(part)) {
      if (index < parts.length - 1) return `must have its greedy variable ${part} at its end`;
    } else if (!fixedPart.test(part) && !variablePart.test(part)) {
      return "must consist of letters, digits and ._-: or of whole variables such as {id} and {proxy+}";
    }
    if (part.startsWith("{")) {
      const twice = parts.slice(0, index).some((other) => variableName(other) === variableName(part));
      if (twice) return `must have each variable once, and has {${variableName(part)}} twice`;
      const above = parts.slice(0, index).join("/");
      const sibling = variables.get(above) ?? part;
      if (sibling !== part)
        return `must name its variable ${sibling}, as another route does in the same place`;
      variables.set(above, part);
    }
  }
  return undefined;
}
