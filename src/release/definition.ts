import { type ApiInFile, type RouteInFile, route } from "./schema";

/** What one route asks of its caller. */
export type Authorization = RouteInFile["authorization"];

export interface Route {
  readonly method: RouteInFile["method"];
  readonly path: string;
  /** The function that answers. */
  readonly function: string;
  readonly authorization: Authorization;
  /** How long API Gateway waits for the function. */
  readonly timeoutSeconds: number;
}

/** The routes, methods, integrations and authorisation of an API: all that API Gateway snapshots. */
export interface Definition {
  readonly routes: readonly Route[];
  readonly cors?: NonNullable<ApiInFile["cors"]>;
  readonly binaryMediaTypes: readonly string[];
}

/** The definition of a file's `api` block; without one, GET / without authorisation. */
export function definitionOf(api: ApiInFile | undefined, onlyFunction: string): Definition {
  const routes = api?.routes ?? [route.parse({ path: "/" })];
  return {
    routes: routes.map((one) => ({ ...one, function: one.function ?? onlyFunction })),
    cors: api?.cors,
    binaryMediaTypes: api?.binaryMediaTypes ?? [],
  };
}
