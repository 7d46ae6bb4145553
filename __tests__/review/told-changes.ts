import { z } from "zod";
import { releaseFile } from "../../src/release/schema/release";
import { fileChecks } from "../../src/review/review";
import { handler } from "../support/project";
import { between } from "./between";
import type { FieldOf, Json, Leaf } from "./field-changes";

const files = {
  // It says what a file without 'api' does.
  "lambdas/shop/openapi.json": {
    openapi: "3.0.3",
    info: { title: "Shop", version: "1" },
    paths: { "/": { get: { responses: {} } } },
  },
  "lambdas/shop/v1/index.ts": handler("v1"),
  "lambdas/shop/v2/index.ts": handler("v2"),
  "lambdas/shop/search.py": "",
  "lambdas/shop/shopx.ts": handler("x"),
  // The other services of its train.
  "releases/dev/basket.json": {},
  "releases/dev/basketx.json": {},
  "releases/dev/shopx.json": {},
};

/** What the samples need of their environment. */
const ofSamplesFile = {
  region: "eu-central-1",
  domain: { name: "api.example.com", existing: true, routingRules: true },
};

/** All that the review says without a plan; nothing where the head is refused before it. */
export function told(base: Json, head: Json, beside: { base?: Json; head?: Json } = {}): string | undefined {
  // What the schema refuses needs no review.
  if (!releaseFile.safeParse(head).success) return undefined;
  const { base: own = ofSamplesFile } = beside;
  const environments = { base: own, head: beside.head ?? own };
  const filesOf = (file: Json) => ({ ...files, "releases/dev/environment.json": file });
  try {
    const change = between(base, head, {
      baseFiles: filesOf(environments.base),
      files: filesOf(environments.head),
    });
    const findings = fileChecks.flatMap((check) => check(change));
    return JSON.stringify([
      change.steps.map(({ text, shownBy }) => [text, shownBy]),
      findings.map(({ message }) => message),
    ]);
  } catch {
    return undefined;
  }
}

export const nothing = "[[],[]]";
export const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: "input", target: "draft-7" });

/** It names the schema for editors, and nothing else. */
export const isWithoutOutcome = ({ name }: Leaf) => name === "$schema";

/** What is told of another value of a field that is valid, and of none where it may be left out. */
export function changesOf(field: FieldOf, tell: (value: unknown) => string | undefined): string[] {
  const isNeeded = ["strategy", "versions", "stable"].includes(String(field.path.at(-1)));
  const other = firstTold(field.others.map((value) => () => tell(value)));
  return [other, isNeeded ? undefined : tell(undefined)].filter((one) => one !== undefined);
}

export function firstTold(tries: readonly (() => string | undefined)[]): string | undefined {
  for (const one of tries) {
    const found = one();
    if (found !== undefined) return found;
  }
  return undefined;
}
