import { preflightRoutes } from "../preflight";
import type { ReleaseContext } from "../release-context";
import { matchRoute } from "../route-match";
import { definitionInFile } from "../service-functions";
import type { Finding } from "./finding";

/** Every request reaches a route: else API Gateway would answer it, and nobody's version. */
export function checkRequests(context: ReleaseContext): Finding[] {
  const { requests = [] } = context.file;
  const definition = definitionInFile(context);
  const { routes } = definition;
  const answering = [...routes, ...preflightRoutes(definition)];
  return requests.flatMap(({ method, path, body }, index) => {
    const findings: Finding[] = [];
    if (body !== undefined && ["GET", "HEAD"].includes(method)) {
      const message = `must not be given for ${method}, which has no body`;
      findings.push({ field: ["requests", index, "body"], message });
    }
    const [pathname = ""] = path.split("?");
    if (matchRoute(answering, method, pathname) !== undefined) return findings;
    const known = routes.map((route) => `${route.method} ${route.path}`).join(", ");
    const message = `must be answered by a route (${known})`;
    return [...findings, { field: ["requests", index, "path"], message, value: `${method} ${path}` }];
  });
}
