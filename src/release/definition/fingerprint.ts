import { createHash } from "node:crypto";
import { type Definition, definitionOf } from "./definition";
import { openApiDocument } from "./openapi";

/**
 * 16 hexadecimal digits that name a definition. They are taken from the document that API Gateway gets, with
 * stage variables in place of addresses: the same in every environment, region and account.
 */
export function fingerprint(definition: Definition): string {
  const document = openApiDocument(definition, "", (stageVariable) => stageVariable);
  // A deployment snapshots the policy too, which API Gateway gets beside the document.
  return hash({ ...document, "x-amazon-apigateway-policy": definition.policy });
}

/** Fingerprint of a version that records none: GET / to the function that is named as the service. */
export function defaultFingerprint(service: string): string {
  return fingerprint(definitionOf(undefined, service));
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
