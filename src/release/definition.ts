import { type ApiInFile, type RouteInFile, route } from "./schema";

/** What one route asks of its caller: as the file says it, or by names of security schemes of an OpenAPI document. */
export type Authorization = RouteInFile["authorization"] | { readonly schemes: readonly string[] };

export interface Route {
  /** HTTP method; `ANY` is every one without a route of its own on this path. */
  readonly method: RouteInFile["method"];
  /** Such as `/users/{id}` or `/files/{proxy+}`. */
  readonly path: string;
  /** The function that answers. @default - none: an OpenAPI document has another integration there */
  readonly function?: string;
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
  /**
   * What an OpenAPI document says of the API: paths with what decides their answers, but for the integrations of
   * functions, which the routes make. @default - the routes say everything
   */
  readonly document?: Readonly<Record<string, unknown>>;
}

/** An API that an OpenAPI document defines. */
export interface ImportedApi {
  /** Every operation. */
  readonly routes: readonly Route[];
  readonly document: NonNullable<Definition["document"]>;
}

/** The definition of a file's `api` block; without one, GET / without authorisation. */
export function definitionOf(
  api: ApiInFile | undefined,
  onlyFunction: string,
  imported?: ImportedApi,
): Definition {
  if (imported !== undefined) return { ...imported, cors: api?.cors, binaryMediaTypes: [] };
  const routes = api?.routes ?? [route.parse({ path: "/" })];
  return {
    routes: routes.map((one) => ({ ...one, function: one.function ?? onlyFunction })),
    cors: api?.cors,
    binaryMediaTypes: api?.binaryMediaTypes ?? [],
  };
}
