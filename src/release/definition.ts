import type { AuthorizerInFile } from "./authorizer-schema";
import { type ApiInFile, type RouteInFile, route } from "./schema";

/** What one route asks of its caller. */
export type Authorization = RouteInFile["authorization"];

/** Users of Cognito pools. */
export type CognitoAuthorization = Extract<Authorization, { readonly cognitoUserPoolArns: unknown }>;

/** A function of the service that decides who may call. */
export interface Authorizer extends AuthorizerInFile {
  readonly function: string;
}

export interface Route {
  /** HTTP method; `ANY` is every one without a route of its own on this path. */
  readonly method: RouteInFile["method"];
  /** Such as `/users/{id}` or `/files/{proxy+}`. */
  readonly path: string;
  /** The function that answers. */
  readonly function: string;
  /** Who may call it. */
  readonly authorization: Authorization;
  /** Whether a caller needs an API key too. @default false */
  readonly apiKey?: boolean;
  /** How long API Gateway waits for the function. */
  readonly timeoutSeconds: number;
}

/** The routes, methods, integrations and authorisation of an API: all that API Gateway snapshots. */
export interface Definition {
  /** One or more. */
  readonly routes: readonly Route[];
  /** Functions that decide who may call, by the name that routes give. @default - none */
  readonly authorizers?: Readonly<Record<string, Authorizer>>;
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
    authorizers: api?.authorizers && authorizersOf(api.authorizers, onlyFunction),
    cors: api?.cors,
    binaryMediaTypes: api?.binaryMediaTypes ?? [],
  };
}

function authorizersOf(
  authorizers: NonNullable<ApiInFile["authorizers"]>,
  onlyFunction: string,
): Readonly<Record<string, Authorizer>> {
  return Object.fromEntries(
    Object.entries(authorizers).map(([name, one]) => [
      name,
      { ...one, function: one.function ?? onlyFunction },
    ]),
  );
}

/** Whether users of Cognito pools may call. */
export function isCognito(authorization: Authorization): authorization is CognitoAuthorization {
  return typeof authorization === "object" && "cognitoUserPoolArns" in authorization;
}

/** Name of the Lambda authorizer that decides. @returns nothing where none does */
export function authorizerOf(authorization: Authorization): string | undefined {
  return typeof authorization === "object" && "authorizer" in authorization
    ? authorization.authorizer
    : undefined;
}
