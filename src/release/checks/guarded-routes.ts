import { isGuarded, type Route } from "../definition/definition";
import { definitionInFile } from "../functions/service-functions";
import { type ReleaseContext, routeField } from "../release-context";
import type { Finding } from "./finding";

/**
 * Where a route is guarded by IAM or an authorizer, the API's resource policy names the others. It writes a variable
 * as `*`, which stands for any text: an open `/users/{id}` would open a guarded `/users/me` too.
 */
export function checkGuardedRoutes(context: ReleaseContext): Finding[] {
  const { routes } = definitionInFile(context);
  const guarded = routes.filter(isGuarded);
  return routes.flatMap((open, index) => {
    if (isGuarded(open)) return [];
    const opened = guarded.find((one) => opens(open, one));
    if (opened === undefined) return [];
    const message =
      `must not be open beside ${opened.method} ${opened.path}: the API's resource policy would open that too, because it ` +
      "has no exceptions; guard both, or give them paths of which neither includes the other";
    return [{ field: routeField(context, index), message, value: `${open.method} ${open.path}` }];
  });
}

/** Whether a policy that allows one route allows requests that another one answers. */
function opens(open: Route, guarded: Route): boolean {
  if (open.path === guarded.path) return open.method === "ANY";
  const isMethod = open.method === guarded.method || [open.method, guarded.method].includes("ANY");
  return isMethod && pattern(open.path).test(guarded.path);
}

function pattern(path: string): RegExp {
  const parts = path.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}
