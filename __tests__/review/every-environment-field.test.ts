import { environmentFile } from "../../src/release/schema/environment";
import { environment, environmentWithFunctions, withDomain } from "./environment-samples";
import { fieldsOf, type Json, leavesOfSchema, withChange } from "./field-changes";
import { changesOf, isWithoutOutcome, nothing, schemaOf, told } from "./told-changes";

const environmentLeaves = leavesOfSchema(schemaOf(environmentFile));

test("every change of an environment's file is told", () => {
  const fields = [environment, environmentWithFunctions, withDomain].flatMap((sample: Json) =>
    fieldsOf(sample, environmentLeaves)
      .filter(({ leaf }) => sample !== withDomain || leaf.name.startsWith("domain."))
      .map((field) => ({ sample, ...field })),
  );
  const given = new Set(fields.map(({ leaf }) => leaf.name));
  // A domain that is there has no other field but its name.
  expect(environmentLeaves.map(({ name }) => name).filter((name) => !given.has(name))).toEqual([
    "domain.existing",
  ]);
  const release = { strategy: "canary-stage", versions: ["v1", "v2"], stable: "v1" };
  const found = fields
    .filter(({ leaf }) => !isWithoutOutcome(leaf))
    .map(({ sample, ...field }) => ({
      name: field.leaf.name,
      told: changesOf(field, (value) =>
        told(release, release, { base: sample, head: withChange(sample, field.path, value) }),
      ),
    }));
  expect(found.filter(({ told }) => told.length === 0 || told.includes(nothing))).toEqual([]);
});
