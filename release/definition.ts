import { createHash } from "node:crypto";
import { openApiDocument } from "./openapi";
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

/**
 * 16 hexadecimal digits that name a definition. They are taken from the document that API Gateway gets, with
 * stage variables in place of addresses: the same in every environment, region and account.
 */
export function fingerprint(definition: Definition): string {
  return hash(openApiDocument(definition, "", (stageVariable) => stageVariable));
}

/** 16 hexadecimal digits that do not depend on the order of keys. */
export function hash(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(sortKeys(value)))
    .digest("hex")
    .slice(0, 16);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sortKeys(one)]),
  );
}
