import { preflightRoutes } from "../definition/preflight";
import { matchRoute } from "../definition/route-match";
import { definitionInFile } from "../functions/service-functions";
import type { ReleaseContext } from "../release-context";
import type { Finding } from "./finding";

/** Every request reaches a route: else API Gateway would answer it, and nobody's version. */
export function checkRequests(context: ReleaseContext): Finding[] {
  const { requests = [] } = context.file;
  const definition = definitionInFile(context);
  const { routes } = definition;
  const answering = [...routes, ...preflightRoutes(definition)];
  const ofSplit = requests.findIndex(({ split }) => split);
  return requests.flatMap(({ method, path, body, bodyFile, headers = {}, split }, index) => {
    const findings: Finding[] = secretHeaders(headers).map((name) => {
      const message = `must name an environment variable, such as $TOKEN, because the file is no place for a secret`;
      return { field: ["requests", index, "headers", name], message };
    });
    if (split && index !== ofSplit) {
      const message = `must be true for one request at most, and requests[${ofSplit}] has it`;
      findings.push({ field: ["requests", index, "split"], message });
    }
    if (body !== undefined && bodyFile !== undefined) {
      findings.push({ field: ["requests", index, "bodyFile"], message: "must not be given with 'body'" });
    }
    const given = body !== undefined ? "body" : bodyFile !== undefined ? "bodyFile" : undefined;
    if (given !== undefined && ["GET", "HEAD"].includes(method)) {
      const message = `must not be given for ${method}, which has no body`;
      findings.push({ field: ["requests", index, given], message });
    }
    const [pathname = ""] = path.split("?");
    if (matchRoute(answering, method, pathname) !== undefined) return findings;
    const known = routes.map((route) => `${route.method} ${route.path}`).join(", ");
    const message = `must be answered by a route (${known})`;
    return [...findings, { field: ["requests", index, "path"], message, value: `${method} ${path}` }];
  });
}

/** Headers whose value is a secret, and stands in the file. It is not shown. */
function secretHeaders(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name, value]) => secrets.includes(name.toLowerCase()) && !/\$[A-Z]/.test(value))
    .map(([name]) => name);
}

const secrets = ["authorization", "cookie", "x-api-key", "x-amz-security-token"];
