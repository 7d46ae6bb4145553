import { releaseFile } from "../../src/release/schema/release";
import { fieldsOf, type Json, leavesOfSchema, withChange } from "./field-changes";
import { samples } from "./release-samples";
import { changesOf, firstTold, isWithoutOutcome, nothing, schemaOf, told } from "./told-changes";

/**
 * Every field of a release file is changed, alone and beside a move of traffic, and the review tells each change: no
 * difference of the files goes untold, and no step hides another.
 */

const releaseLeaves = leavesOfSchema(schemaOf(releaseFile));

/** Fields that the samples give the value that they have by default: to leave one out changes nothing. */
const defaults = ["api.openapi", "api.routes[].function", "api.authorizers{}.function", "settings.handler"];

/** Names of fields with another value that is valid in one of the samples. */
const toldOnce = new Set<string>();

const ofSamples = samples.map((sample) => {
  const fields = fieldsOf(sample.file, releaseLeaves).filter(({ leaf }) => !isWithoutOutcome(leaf));
  return { ...sample, fields };
});

test("the samples give every field that a release file may have", () => {
  const given = new Set(
    samples.flatMap(({ file }) => fieldsOf(file, releaseLeaves).map(({ leaf }) => leaf.name)),
  );
  expect(releaseLeaves.map(({ name }) => name).filter((name) => !given.has(name))).toEqual([]);
});

describe.each(ofSamples)("$name", ({ file, move, fields, givenAsDefault = defaults }) => {
  test("is valid, and nothing is told where nothing changes", () => {
    expect(told(file, file)).toBe(nothing);
    expect(told(file, { ...file, ...move })).not.toBeUndefined();
  });

  test("every change of a field is told", () => {
    const found = fields.map((field) => ({
      name: field.leaf.name,
      told: changesOf(field, (value) => told(file, withChange(file, field.path, value))),
    }));
    const untold = found.filter(({ told }) => told.includes(nothing)).map(({ name }) => name);
    const names = fields.map(({ leaf }) => leaf.name);
    expect(untold).toEqual(names.filter((name) => givenAsDefault.includes(name)));
    for (const { name, told } of found) if (told.length > 0) toldOnce.add(name);
  });

  test("no move of traffic hides another change", () => {
    const moved: Json = { ...file, ...move };
    const alone = told(file, moved);
    // What the move itself gives has another value already.
    const others = fields.filter(({ path }) => !(String(path[0]) in move));
    const hidden = others.filter(({ path, others }) => {
      const values = others.map((value) => () => told(file, withChange(moved, path, value)));
      return firstTold(values) === alone;
    });
    expect(hidden.map(({ leaf }) => leaf.name)).toEqual([]);
  });
});

test("every field has another value that a review tells, or one that must agree with it", () => {
  const never = releaseLeaves.map(({ name }) => name).filter((name) => !toldOnce.has(name));
  // A published version's fingerprint refuses another definition before any review.
  expect(never.filter((name) => !name.startsWith("api."))).toEqual(["$schema"]);
});
