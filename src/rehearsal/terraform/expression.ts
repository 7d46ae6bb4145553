import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isPlaceholder, placeholder } from "./placeholder";

/**
 * The part of Terraform's expressions that synthesized stacks use: references to an attribute, or to an element of
 * one, alone or within text. Anything more is refused: a guess would rehearse something else than what is applied.
 */

/** `$${`, `%%{`, `${...}` or `%{...}` */
const template = /\$\$\{|%%\{|[$%]\{([^{}]*)\}/g;
const reference = /^((?:data\.)?[a-z][a-z0-9_]*\.[A-Za-z0-9_-]+)\.([a-z][a-z0-9_]*)(?:\.([A-Za-z0-9_-]+))?$/;

/** Addresses that a value refers to. */
export function references(value: unknown): string[] {
  return texts(value).flatMap((text) =>
    [...text.matchAll(template)].flatMap((match) => {
      const found = match[1] === undefined ? null : reference.exec(match[1].trim());
      return found?.[1] === undefined ? [] : [found[1]];
    }),
  );
}

/**
 * A value with its references resolved.
 *
 * @param attributeOf value of an attribute of the block at an address
 * @param otherwise value of an expression that is more than a reference. @default - it is refused
 */
export function resolve(
  value: unknown,
  attributeOf: AttributeOf,
  otherwise: (expression: string) => unknown = refuse,
): unknown {
  if (typeof value === "string") return resolveText(value, attributeOf, otherwise);
  if (Array.isArray(value)) return value.map((one) => resolve(one, attributeOf, otherwise));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, resolve(one, attributeOf, otherwise)]),
  );
}

type AttributeOf = (address: string, attribute: string) => unknown;

/** The one function that stacks call: `filebase64sha256("packages/shop.zip")`. @throws on any other expression */
export function evaluated(expression: string, folder: string): string {
  const path = /^filebase64sha256\("([^"\\$%]+)"\)$/.exec(expression.trim())?.[1];
  if (path === undefined) return refuse(expression);
  return createHash("sha256")
    .update(readFileSync(join(folder, path)))
    .digest("base64");
}

function refuse(expression: string): never {
  const isDirective = expression.startsWith("%");
  const why = isDirective ? "directives are not understood" : "only references to attributes are understood";
  throw new Error(`cannot evaluate '${isDirective ? expression : `\${${expression}}`}': ${why}`);
}

function resolveText(
  text: string,
  attributeOf: AttributeOf,
  otherwise: (expression: string) => unknown,
): unknown {
  const evaluate = (expression: string) => {
    const match = reference.exec(expression.trim());
    if (match?.[1] === undefined || match[2] === undefined) return otherwise(expression);
    const value = attributeOf(match[1], match[2]);
    if (match[3] === undefined) return value;
    if (isPlaceholder(value)) return placeholder(match[0]);
    return (value as Record<string, unknown> | undefined)?.[match[3]];
  };
  const whole = /^\$\{([^{}]*)\}$/.exec(text);
  if (whole?.[1] !== undefined) return evaluate(whole[1]);
  return text.replace(template, (match, expression: string | undefined) => {
    if (match === "$${") return "${";
    if (match === "%%{") return "%{";
    return String(match.startsWith("%") ? otherwise(match) : evaluate(expression ?? ""));
  });
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(texts);
}
