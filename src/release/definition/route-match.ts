/** What of a route decides which requests it answers. */
export interface RoutePattern {
  /** `GET`, or `ANY`. */
  readonly method: string;
  /** `/users/{id}`, `/files/{proxy+}`. */
  readonly path: string;
}

/** A route, with what stands in the request's path for its variables. */
export interface RouteMatch<R> {
  /** The route that answers. */
  readonly route: R;
  /** By the variable's name, as the caller sent it: API Gateway does not decode. @default - the path has none */
  readonly pathParameters?: Readonly<Record<string, string>>;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html */
export const anyMethods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/**
 * Finds the route of a REST API that answers a request. Only routes of its method count, so a path that lacks the
 * method does not end the search: with `POST /test` and `OPTIONS /{proxy+}`, the latter answers `OPTIONS /test`. Of
 * those, part by part, a fixed part goes before a variable and a variable before a greedy one. On the same path a
 * method of its own goes before ANY. GET does not answer HEAD. All that is recorded; what is not: whether a fixed part
 * also matches its percent-encoded form, which is taken for no here, and whether the search goes back over parts,
 * such as with `/a/b` and `/{x}/c` for `/a/c`, which is taken for yes.
 *
 * @param path without stage and query. Several slashes at its beginning are one, and those at its end do not count
 */
export function matchRoute<R extends RoutePattern>(
  routes: readonly R[],
  method: string,
  path: string,
): RouteMatch<R> | undefined {
  const parts = partsOf(path.replace(/^\/+/, "/").replace(/\/+$/, ""));
  const [best] = routes
    .filter((route) => answersMethod(route, method) && matchesParts(partsOf(route.path), parts))
    .sort((a, b) => comparePrecedence(partsOf(a.path), partsOf(b.path)) || anyRank(a) - anyRank(b));
  return best && { route: best, pathParameters: pathParameters(partsOf(best.path), parts) };
}

/**
 * The first path that can be requested by GET as it stands, because it has no variables.
 *
 * @param isOpen whether the route that answers there will do
 */
export function plainPath<R extends RoutePattern>(
  routes: readonly R[],
  isOpen: (route: R) => boolean,
): string | undefined {
  return routes.find(({ path }) => {
    const match = path.includes("{") ? undefined : matchRoute(routes, "GET", path);
    return match !== undefined && isOpen(match.route);
  })?.path;
}

/** `/a/b` gives `a` and `b`, `/` nothing. An empty part between two slashes is a part. */
function partsOf(path: string): string[] {
  const parts = path.split("/").slice(1);
  return parts.length === 1 && parts[0] === "" ? [] : parts;
}

const isGreedy = (part: string) => part.endsWith("+}");
const isVariable = (part: string) => part.startsWith("{");

function answersMethod({ method }: RoutePattern, asked: string): boolean {
  return method === asked || (method === "ANY" && anyMethods.includes(asked));
}

function anyRank({ method }: RoutePattern): number {
  return method === "ANY" ? 1 : 0;
}

function matchesParts(pattern: readonly string[], parts: readonly string[]): boolean {
  for (const [index, part] of pattern.entries()) {
    if (isGreedy(part)) return parts.length > index;
    const given = parts[index];
    if (given === undefined || (isVariable(part) ? given === "" : part !== given)) return false;
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
): RouteMatch<never>["pathParameters"] {
  const values = pattern.flatMap((part, index) => {
    if (!isVariable(part)) return [];
    const value = isGreedy(part) ? parts.slice(index).join("/") : (parts[index] ?? "");
    return [[part.replace(/^\{|\+?\}$/g, ""), value]];
  });
  return values.length === 0 ? undefined : Object.fromEntries(values);
}
