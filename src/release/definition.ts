import { type ApiInFile, type RouteInFile, route } from "./schema";

/** What one route asks of its caller. */
export type Authorization = RouteInFile["authorization"];

export interface Route {
  /** HTTP method; `ANY` is every one without a route of its own on this path. */
  readonly method: RouteInFile["method"];
  /** Such as `/users/{id}` or `/files/{proxy+}`. */
  readonly path: string;
  /** The function that answers. */
  readonly function: string;
  /** Who may call it. */
  readonly authorization: Authorization;
  /** How long API Gateway waits for the function. */
  readonly timeoutSeconds: number;
}

/** The routes, methods, integrations and authorisation of an API: all that API Gateway snapshots. */
export interface Definition {
  /** One or more. */
  readonly routes: readonly Route[];
  /** How OPTIONS is answered, without a function. @default - it is not */
  readonly cors?: NonNullable<ApiInFile["cors"]>;
  /** Bodies of these types reach the function as base64. */
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
