import type { ApiInFile, RouteInFile } from "../schema/api";
import type { AuthorizerInFile } from "../schema/authorizers";
import { routeDefaults } from "./route-defaults";

/** What one route asks of its caller. */
export type Authorization = RouteInFile["authorization"] | DocumentAuthorization;

/** What an operation of an OpenAPI document asks. */
export interface DocumentAuthorization {
  /** Names of the security schemes, one or more. */
  readonly schemes: readonly string[];
  /** The one of them that is a Lambda authorizer. @default - none is */
  readonly authorizer?: string;
}

/** Users of Cognito pools. */
export type CognitoAuthorization = Extract<Authorization, { readonly cognitoUserPoolArns: unknown }>;

/** A function of the service that decides who may call. */
export interface Authorizer extends AuthorizerInFile {
  /** Its name within the service. */
  readonly function: string;
}

export interface Route {
  /** HTTP method; `ANY` is every one without a route of its own on this path. */
  readonly method: RouteInFile["method"];
  /** Such as `/users/{id}` or `/files/{proxy+}`. */
  readonly path: string;
  /** The function that answers. @default - none: an OpenAPI document has another integration there */
  readonly function?: string;
  /** Who may call it. */
  readonly authorization: Authorization;
  /** Whether a caller needs an API key too. @default false */
  readonly apiKey?: boolean;
  /** How long API Gateway waits for the function. */
  readonly timeoutSeconds: number;
  /** Whether its answer is sent on while the function writes it. @default false */
  readonly stream?: boolean;
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
  /**
   * What an OpenAPI document says of the API: paths with what decides their answers, but for the integrations of
   * functions, which the routes make. @default - the routes say everything
   */
  readonly document?: Readonly<Record<string, unknown>>;
  /** The resource policy of an OpenAPI document, its statements in a list. @default - it has none */
  readonly policy?: Readonly<Record<string, unknown>>;
}

/** An API that an OpenAPI document defines. */
export interface ImportedApi {
  /** Every operation. */
  readonly routes: readonly Route[];
  /** The document as API Gateway gets it, without addresses of functions. */
  readonly document: NonNullable<Definition["document"]>;
  /** The functions among its authorizers, by the name of their security scheme. */
  readonly authorizers: NonNullable<Definition["authorizers"]>;
  /** Who may call which of them. @default - the document does not say */
  readonly policy?: Definition["policy"];
}

/** The definition of a file's `api` block; without one, GET / without authorisation. */
export function definitionOf(
  api: ApiInFile | undefined,
  onlyFunction: string,
  imported?: ImportedApi,
): Definition {
  if (imported !== undefined) return { ...imported, cors: api?.cors, binaryMediaTypes: [] };
  const routes = api?.routes ?? [{ ...routeDefaults, path: "/" }];
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

/** Whether IAM or a Lambda authorizer decides, whom an allowance of the API's resource policy would overrule. */
export function isGuarded({ authorization }: Pick<Route, "authorization">): boolean {
  return authorization === "AWS_IAM" || authorizerOf(authorization) !== undefined;
}
