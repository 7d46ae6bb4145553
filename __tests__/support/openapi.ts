import { stringify } from "yaml";
import { readOpenApi } from "../../src/release/definition/document/document";
import { formatProblem } from "../../src/release/problem";
import { filesInMemory } from "./files-in-memory";

/** OpenAPI documents of a shop, and what is read of them. */

export type Json = Record<string, unknown>;

export const path = "lambdas/shop/openapi.yaml";

export function read(document: string | object, functions: readonly string[] = ["shop"], file = path) {
  const text = typeof document === "string" ? document : stringify(document);
  return readOpenApi(filesInMemory({ [file]: text }), file, { functions, integrationTimeoutMs: 29_000 });
}

export function problemsIn(document: string | object, functions?: readonly string[]): string[] {
  return read(document, functions).problems.map(formatProblem);
}

export function definitionIn(document: object, functions?: readonly string[], file?: string) {
  const text = file?.endsWith(".json") ? JSON.stringify(document) : document;
  const { api, problems } = read(text, functions, file);
  expect(problems.map(formatProblem)).toEqual([]);
  return { ...(api as NonNullable<typeof api>), binaryMediaTypes: [] };
}

export const get = { responses: { "200": { description: "Fine" } } };
export const minimal = {
  openapi: "3.0.3",
  info: { title: "Shop", version: "1" },
  paths: { "/offers": { get } },
};
export const withGet = (operation: Json, document: Json = {}) => ({
  ...minimal,
  paths: { "/offers": { get: { ...get, ...operation } } },
  ...document,
});

export const model = {
  type: "object",
  required: ["item", "count"],
  properties: { item: { type: "string" } },
};
export const validated = (schema: object, schemas: Json = {}) => ({
  ...minimal,
  "x-amazon-apigateway-request-validators": { body: { validateRequestBody: true } },
  "x-amazon-apigateway-request-validator": "body",
  paths: {
    "/offers": { post: { requestBody: { content: { "application/json": { schema } } }, responses: {} } },
  },
  components: { schemas },
});

export const pools = {
  type: "cognito_user_pools",
  providerARNs: ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/a"],
};
export const schemes = (securitySchemes: Json) => ({ components: { securitySchemes } });
export const bearer = { type: "http", scheme: "bearer" };
export const cognito = {
  type: "apiKey",
  name: "Authorization",
  in: "header",
  "x-amazon-apigateway-authorizer": pools,
};
export const key = { type: "apiKey", name: "x-api-key", in: "header" };
