import { versionAfter } from "../../../../src/rehearsal/rollout/ecs/versions";

const definition = (version: string) => ({ version, arn: `task-definition/${version}:1`, containers: [] });
const after = (from: string, versions: readonly string[]) =>
  versionAfter(definition(from), versions.map(definition));

test.each([
  ["v1", ["v1", "v2"], "v2"],
  ["v2", ["v10", "v1", "v2", "v9"], "v10"],
  ["v1", ["v3"], "v3"],
  ["v2", ["v1", "v2"], "v2-new"],
])("after %s of %j comes %s", (from, versions, to) => {
  expect(after(from, versions).version).toBe(to);
});

test("another one that runs the same has a task definition of its own", () => {
  expect(after("v1", ["v1"]).arn).not.toBe(definition("v1").arn);
});

test("a version that is gone and is the last cannot be shifted from", () => {
  expect(() => after("v3", ["v1", "v2"])).toThrow(
    "the service runs v3, after which the stack has no version; it has v1, v2",
  );
});
