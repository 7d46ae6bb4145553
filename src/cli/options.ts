import { InvalidArgumentError } from "commander";
import { Percent } from "../release/percent";

/** A whole number from `min` to `max`, as the argument of an option. */
export function whole(min: number, max: number) {
  return parsed(
    (text) => number(text, (value) => Number.isInteger(value) && value >= min && value <= max),
    `a whole number between ${min} and ${max}`,
  );
}

/** A number from `min` to `max`, with or without a fraction. */
export function between(min: number, max: number) {
  return parsed(
    (text) => number(text, (value) => value >= min && value <= max),
    `a number between ${min} and ${max}`,
  );
}

/** A number above 0, and at most `max`. */
export function upTo(max: number, what = "a number") {
  return parsed(
    (text) => number(text, (value) => value > 0 && value <= max),
    `${what} above 0 and at most ${max}`,
  );
}

/** A version's share of the users. */
export const percent = parsed((text) => number(text, Percent.isValid), Percent.allowed);

/** The number of a function's version, once for each function. */
export function lambdaVersion(text: string, before: Readonly<Record<string, number>> = {}) {
  const [, name, number] = /^([a-z][a-z0-9-]*)=([1-9][0-9]{0,14})$/.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError("it must be <function>=<number>, such as api=3");
  return { ...before, [name]: Number(number) };
}

/** An address of a server. @param example one of the kind that is meant */
export function url(example: string) {
  return parsed((text) => (isAddress(text) ? text : undefined), `an address such as ${example}`);
}

export function isAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text);
}

/** The path of a request. */
export const path = parsed(matching(/^\/[!-~]*$/), "a path that starts with a slash and has no spaces");

/** The name of a file that ends so. */
export function fileName(ending: string) {
  return parsed((text) => (text.endsWith(ending) ? text : undefined), `a file name that ends with ${ending}`);
}

export const regionName = parsed(matching(/^[a-z]{2}(-[a-z]+)+-\d$/), "an AWS region such as eu-central-1");

/** A time in UTC to the second, as release files have it. */
export const time = parsed((text) => {
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) && !Number.isNaN(Date.parse(text));
  return isTime ? new Date(text) : undefined;
}, "a time in UTC such as 2026-11-21T09:30:00Z");

/** `true` or `false`: a workflow has no way to give an option or not. */
export const yesOrNo = parsed(
  (text) => (text === "true" || text === "false" ? text === "true" : undefined),
  "true or false",
);

/** An option that may be given several times. @param parse throws what is wrong, as `it must be ...` */
export function several<T>(parse: (text: string) => T) {
  return (text: string, before: readonly T[] = []): readonly T[] => {
    try {
      return [...before, parse(text)];
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message.replace(/^it/, "It").concat("."));
    }
  };
}

/** @param allowed what the argument must be, as the end of a sentence */
function parsed<T>(parse: (text: string) => T | undefined, allowed: string) {
  return (text: string): T => {
    const value = parse(text);
    if (value === undefined) throw new InvalidArgumentError(`It must be ${allowed}.`);
    return value;
  };
}

function number(text: string, isAllowed: (value: number) => boolean): number | undefined {
  const value = Number(text);
  return /^\d+(\.\d+)?$/.test(text) && isAllowed(value) ? value : undefined;
}

function matching(pattern: RegExp) {
  return (text: string) => (pattern.test(text) ? text : undefined);
}
