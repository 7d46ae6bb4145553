import { definitionInFile } from "../release";
import type { ReleaseContext } from "../release-context";
import type { Finding } from "./finding";

/** Every request reaches a route: else API Gateway would answer it, and nobody's version. */
export function checkRequests(context: ReleaseContext): Finding[] {
  const { requests = [] } = context.file;
  const { routes, cors } = definitionInFile(context);
  return requests.flatMap(({ method, path, body }, index) => {
    const findings: Finding[] = [];
    if (body !== undefined && ["GET", "HEAD"].includes(method)) {
      const message = `must not be given for ${method}, which has no body`;
      findings.push({ field: ["requests", index, "body"], message });
    }
    const [pathname = ""] = path.split("?");
    const isAnswered = routes.some(
      (route) => ["ANY", method].includes(route.method) && pattern(route.path).test(pathname),
    );
    if (isAnswered || (cors !== undefined && method === "OPTIONS")) return findings;
    const known = routes.map((route) => `${route.method} ${route.path}`).join(", ");
    const message = `must be answered by a route (${known})`;
    return [...findings, { field: ["requests", index, "path"], message, value: `${method} ${path}` }];
  });
}

/** `/users/{id}` is any id, `/files/{proxy+}` anything below. */
function pattern(path: string): RegExp {
  const parts = path.split(/(\{[^}]*\})/).map((part) => {
    if (!part.startsWith("{")) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return part.endsWith("+}") ? ".+" : "[^/]+";
  });
  return new RegExp(`^${parts.join("")}$`);
}
