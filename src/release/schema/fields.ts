import { z } from "zod";

/**
 * Builders of schema fields. Each field has one sentence of what is allowed, and gives it as the message of
 * whatever is wrong with it, so that the messages cannot drift from the ranges.
 */
const must = (allowed: string) => ({ error: `must be ${allowed}` });

/** A whole number between `min` and `max`, with its unit. */
export function integer(min: number, max: number, unit = "") {
  const allowed = must(`a whole number between ${min} and ${max}${unit === "" ? "" : ` ${unit}`}`);
  return z.number(allowed).int(allowed).min(min, allowed).max(max, allowed);
}

/** A whole number from `min`, with its unit: AWS names no maximum. */
export function integerFrom(min: number, unit: string) {
  const allowed = must(`a whole number of ${unit}, ${min} or more`);
  return z.number(allowed).int(allowed).min(min, allowed);
}

/** A whole number from 1, such as an id; `allowed` says whose. */
export function positiveInteger(allowed: string) {
  return z.number(must(allowed)).int(must(allowed)).min(1, must(allowed));
}

/** A number between `min` and `max`, with its unit. */
export function number(min: number, max: number, unit = "") {
  const allowed = must(`a number between ${min} and ${max}${unit === "" ? "" : ` ${unit}`}`);
  return z.number(allowed).min(min, allowed).max(max, allowed);
}

export function boolean() {
  return z.boolean(must("true or false"));
}

/** Text of at most `maxLength` characters that matches `pattern`; `allowed` says what that means. */
export function text(allowed: string, pattern: RegExp, maxLength: number) {
  return z.string(must(allowed)).regex(pattern, must(allowed)).max(maxLength, must(allowed));
}

export function oneOf<const T extends string>(values: readonly T[]) {
  return z.enum(values, must(`one of ${values.map((value) => `"${value}"`).join(", ")}`));
}

export function oneNumberOf<const T extends number>(values: readonly T[]) {
  return z.literal(values, must(`one of ${values.join(", ")}`));
}

/** A list of `min` to `max` different items. */
export function list<T extends z.ZodType>(item: T, min: number, max: number, what: string) {
  const allowed = must(`a list of ${min} to ${max} different ${what}`);
  return z
    .array(item, allowed)
    .min(min, allowed)
    .max(max, allowed)
    .refine((items) => new Set(items.map((one) => JSON.stringify(one))).size === items.length, allowed);
}

/** The words of a command, of which some may be alike. */
export function words<T extends z.ZodType>(word: T, min: number, max: number) {
  const allowed = must(`a list of ${min} to ${max} words`);
  return z.array(word, allowed).min(min, allowed).max(max, allowed);
}

/** An object with these fields and no others. */
export function object<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape, must("an object"));
}

/** An object whose keys are names given by the user. */
export function map<K extends z.core.$ZodRecordKey, V extends z.ZodType>(key: K, value: V) {
  return z.record(key, value, must("an object"));
}

/** CDKTF keeps constructs by their ids in a plain object, which has this name already. */
const isFree = (given: string) => given !== "constructor";
const freeAllowed = must("a name other than constructor, which CDKTF cannot give to a construct");

/** Lower-case words joined by hyphens, each starting with a letter: a service, environment or function. */
export const name = () =>
  text(
    "lower-case letters and digits in words joined by hyphens, each word starting with a letter, 40 at most",
    /^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/,
    40,
  ).refine(isFree, freeAllowed);

/** A version whose functions are its own: `v2`, `1.2.3`, `2026-11-27`, a commit. Digits alone are Lambda's number. */
export const versionNamePattern = /^(?![0-9]+$)[a-z0-9]+([.-][a-z0-9]+)*$/;

const versionCharacters = 40;
const versionAllowed = `a name such as "v2", "1.2.3" or "2026-11-27": lower-case letters and digits in parts joined by hyphens or dots, ${versionCharacters} characters at most; or the number of a published Lambda version`;

/** A version by its name, or by the number that Lambda gave it; either is text from here on. */
export const version = () =>
  z
    .union(
      [
        text(versionAllowed, versionNamePattern, versionCharacters).refine(isFree, freeAllowed),
        z.number(must(versionAllowed)).int(must(versionAllowed)).min(1, must(versionAllowed)),
      ],
      must(versionAllowed),
    )
    .transform(String);

/** A version as the key of an object. */
export const versionKey = () =>
  text(versionAllowed, /^((?![0-9]+$)[a-z0-9]+([.-][a-z0-9]+)*|[1-9][0-9]{0,14})$/, versionCharacters).refine(
    isFree,
    freeAllowed,
  );

/** The name of an environment variable, as Lambda takes it. */
export const variableName = () =>
  text(
    "a name of two or more letters, digits and underscores, starting with a letter",
    /^[a-zA-Z][a-zA-Z0-9_]+$/,
    256,
  );
