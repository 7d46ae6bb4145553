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
      (route) => ["ANY", method].includes(route.method) && isOnPath(route.path, pathname),
    );
    if (isAnswered || (cors !== undefined && method === "OPTIONS")) return findings;
    const known = routes.map((route) => `${route.method} ${route.path}`).join(", ");
    const message = `must be answered by a route (${known})`;
    return [...findings, { field: ["requests", index, "path"], message, value: `${method} ${path}` }];
  });
}

/** `/users/{id}` is any id, `/files/{proxy+}` anything below. */
function isOnPath(path: string, pathname: string): boolean {
  const parts = path.split("/");
  const given = pathname.split("/");
  const isOn = (part: string, index: number) => {
    if (part.startsWith("{") && part.endsWith("+}")) return given.slice(index).join("/") !== "";
    return part.startsWith("{") ? Boolean(given[index]) : part === given[index];
  };
  const isWhole =
    parts.length === given.length || (parts.at(-1)?.endsWith("+}") && given.length > parts.length);
  return Boolean(isWhole) && parts.every(isOn);
}
