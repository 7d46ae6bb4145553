import { matchRoute } from "../release/definition/route-match";
import type { RequestHeaders } from "../traffic/headers";
import type { SentRequest } from "../traffic/sent-request";
import { originOf } from "./api-gateway/backends";
import type { Definition, Route } from "./api-gateway/definition";
import { targetOf } from "./api-gateway/integration-target";
import type { Api, Stage } from "./api-gateway/stage";
import type { Caller } from "./caller";
import type { InvocationTarget } from "./lambda/lambda-service";

/** A route that nobody calls by itself, and why. */
export interface PassedOverRoute {
  /** `POST /orders` */
  readonly name: string;
  readonly why: string;
}

export interface CallableRoutes {
  /** Paths that can be requested by GET as they stand, and that a function answers. */
  readonly paths: readonly string[];
  /** Such paths that an address answers which is not of the service. */
  readonly addressed: readonly string[];
  /** Of what is requested beside: what the service answers, and what such an address does. */
  readonly requested: readonly SentRequest[];
  readonly requestedThere: readonly SentRequest[];
  readonly others: readonly PassedOverRoute[];
}

/** Who calls: the caller of `--as`, and the headers of `--header`. */
export interface Calling {
  readonly caller?: Caller;
  readonly headers?: RequestHeaders;
  /** What is requested beside, such as the file's own requests. @default - nothing */
  readonly requested?: readonly SentRequest[];
  /** Whether this machine can run what an integration names. @default - it can run all */
  readonly canRun?: (target: InvocationTarget) => boolean;
}

/** Which routes of a stage's stable definition can be called without more. */
export function callableRoutes({ stable, canary }: Stage, calling: Calling): CallableRoutes {
  const { routes } = stable.definition;
  const { canRun = () => true, requested = [] } = calling;
  const isRun = ({ integration }: Route) => {
    if (integration.type !== "lambda") return true;
    const target = targetOf(integration.uri, stable.variables);
    return !("functionName" in target) || canRun(target);
  };
  const reached = requested.flatMap((request) => {
    const { method = "GET", path } = request;
    const match = matchRoute(routes, method, pathnameOf(path));
    // Of the rest a line of its own says that it does not answer here.
    return match === undefined || match.route.integration.type === "other" || !isRun(match.route)
      ? []
      : [{ request, name: nameOf(match.route), isAddressed: match.route.integration.type === "http" }];
  });
  const reachedBy = (isThere: boolean) =>
    reached.filter(({ isAddressed }) => isAddressed === isThere).map(({ request }) => request);
  const judged = routes
    .filter(({ method, integration }) => !(method === "OPTIONS" && integration.type === "mock"))
    // They have a line of their own.
    .filter(({ integration }) => integration.type !== "other")
    .map((route) => ({
      name: nameOf(route),
      path: route.path,
      isAddressed: matchRoute(routes, "GET", route.path)?.route.integration.type === "http",
      why: isRun(route) ? whyNot(route, stable.definition, calling) : "not run here",
    }));
  const known = new Set(routes.map(nameOf));
  const added = (canary?.served.definition.routes ?? []).map(nameOf).filter((name) => !known.has(name));
  const called = judged.filter(({ why }) => why === undefined);
  const pathsOf = (routes: typeof judged) => [...new Set(routes.map(({ path }) => path))];
  return {
    paths: pathsOf(called.filter(({ isAddressed }) => !isAddressed)),
    addressed: pathsOf(called.filter(({ isAddressed }) => isAddressed)),
    requested: reachedBy(false),
    requestedThere: reachedBy(true),
    others: [
      ...judged.flatMap(({ name, why }) =>
        why === undefined || reached.some((one) => one.name === name) ? [] : [{ name, why }],
      ),
      ...added.map((name) => ({ name, why: "of the canary alone" })),
    ],
  };
}

function nameOf({ method, path }: Route): string {
  return `${method} ${path}`;
}

/** `/orders` of `/orders?open=true`. */
export function pathnameOf(path: string): string {
  const [pathname = path] = path.split("?");
  return pathname;
}

export const noOpenPath =
  "no GET route without variables is open to everybody: name a path with --path, or declare one of 'requests' in the release file";

/** The first path that can be called as it stands. @throws where there is none */
export function openPathOf({ stages: [stage] }: Api, caller: Caller = {}): string {
  const [path] = stage === undefined ? [] : callableRoutes(stage, { caller }).paths;
  if (path === undefined) throw new Error(noOpenPath);
  return path;
}

/** `not called   POST /orders (not GET), GET /me (needs a caller)`, or their numbers where that is too long. */
export function passedOverText(others: readonly PassedOverRoute[], width: number): string {
  const named = others.map(({ name, why }) => `${name} (${why})`).join(", ");
  if (named.length <= width) return named;
  const numbers = new Map<string, number>();
  for (const { why } of others) numbers.set(why, (numbers.get(why) ?? 0) + 1);
  return `${others.length} routes: ${[...numbers].map(([why, number]) => `${number} ${why}`).join(", ")}`;
}

/** What callers notice in AWS alone, a line each: routes that something else answers, counted, and parts of the definition. */
export function unrehearsedTexts({ stable, canary }: Stage): string[] {
  const all = [stable, ...(canary === undefined ? [] : [canary.served])];
  const parts = all.flatMap(({ definition }) => definition.unrehearsed);
  const routes = all.flatMap(({ definition }) => definition.routes);
  const names = [...new Set(routes.filter(({ integration }) => integration.type === "other").map(nameOf))];
  if (names.length === 0) return parts;
  const what = names.length === 1 ? "1 route answers" : `${names.length} routes answer`;
  return [`${what} 501 here, and AWS calls something else: ${names.join(", ")}`, ...parts];
}

/** Whether `--call-http` would have some of those routes answered. */
export function hasCallable(stage: Stage): boolean {
  return othersOf(stage).some(({ isCallable }) => isCallable);
}

/** Whether `--backend` might. */
export function hasReplaceable(stage: Stage): boolean {
  return othersOf(stage).some(({ uri }) => uri !== undefined);
}

function othersOf({ stable, canary }: Stage) {
  const all = [stable, ...(canary === undefined ? [] : [canary.served])];
  return all.flatMap(({ definition }) =>
    definition.routes.flatMap(({ integration }) => (integration.type === "other" ? [integration] : [])),
  );
}

/** The origins of the addresses that HTTP integrations name. */
export function originsIn({ stable, canary }: Stage): string[] {
  const all = [stable, ...(canary === undefined ? [] : [canary.served])];
  const origins = all.flatMap(({ definition, variables }) =>
    definition.routes.flatMap(({ integration }) =>
      (integration.type === "http" || integration.type === "other") && integration.uri !== undefined
        ? (originOf(integration.uri, variables) ?? [])
        : [],
    ),
  );
  return [...new Set(origins)].sort();
}

/** The routes that call an address, counted: `2 routes call addresses: GET /weather, ANY /{proxy+}`. */
export function calledText({ stable, canary }: Stage): string | undefined {
  const all = [stable, ...(canary === undefined ? [] : [canary.served])];
  const routes = all.flatMap(({ definition }) => definition.routes);
  const names = [...new Set(routes.filter(({ integration }) => integration.type === "http").map(nameOf))];
  if (names.length === 0) return undefined;
  return `${names.length === 1 ? "1 route calls its address" : `${names.length} routes call their addresses`}: ${names.join(", ")}`;
}

/** @returns nothing where the route can be called */
function whyNot(
  { method, path }: Route,
  { routes, takesKeysFromAuthorizer }: Definition,
  calling: Calling,
): string | undefined {
  if (method !== "GET" && method !== "ANY") return "not GET";
  if (path.includes("{")) return "path variables";
  const route = matchRoute(routes, "GET", path)?.route;
  if (route === undefined) return "not GET";
  return whyClosed(takesKeysFromAuthorizer ? { ...route, needsKey: false } : route, calling);
}

function whyClosed(
  { integration, authorization, needsKey, validator }: Route,
  { caller = {}, headers = {} }: Calling,
): string | undefined {
  if (integration.type === "mock") return "a mock";
  if (integration.type === "other") return "not rehearsed";
  const has = (name: string) => Object.keys(headers).some((key) => key.toLowerCase() === name.toLowerCase());
  const header = "method.request.header.";
  const isOpen =
    authorization === undefined ||
    // Its function decides.
    (typeof authorization === "object" &&
      authorization.identitySources.length > 0 &&
      authorization.identitySources.every(
        (source) => source.startsWith(header) && has(source.slice(header.length)),
      )) ||
    (authorization === "cognito" && caller.claims !== undefined) ||
    (authorization === "AWS_IAM" && caller.userArn !== undefined);
  if (!isOpen) return "needs a caller";
  if (needsKey && !has("x-api-key")) return "needs an API key";
  const request = { headerNames: Object.keys(headers), query: new URLSearchParams(), body: Buffer.alloc(0) };
  return validator?.(request) === undefined ? undefined : "needs parameters";
}
