import { changesOf, digestOf, type PlanJson, summaryOf, unreviewed } from "../../src/workflows/plan-summary";

const stage = "aws_api_gateway_stage.canary-stage";

function change(address: string, actions: readonly string[], rest: object = {}) {
  return { address, mode: "managed", change: { actions, before: {}, after: {}, ...rest } };
}

const of = (json: PlanJson, lineage = "a") => ({ json, lineage });
const shift = (from: number, to: number, lineage?: string) =>
  of(
    { resource_changes: [change(stage, ["update"], { before: { percent: from }, after: { percent: to } })] },
    lineage,
  );

test("a summary tells what is changed, and no value of it", () => {
  const plan = of({
    resource_changes: [
      change("aws_lambda_function.v1", ["no-op"]),
      change(stage, ["update"], { before: { secret: "hunter2" } }),
      change("aws_lambda_alias.live", ["delete", "create"]),
      change("aws_api_gateway_rest_api.api", ["no-op"], { importing: { id: "a1" } }),
      { ...change("data.aws_partition.here", ["read"]), mode: "data" },
    ],
  });
  expect(changesOf(plan).map(({ address, action }) => `${address} ${action}`)).toEqual([
    `${stage} update`,
    "aws_lambda_alias.live delete/create",
    "aws_api_gateway_rest_api.api import",
  ]);
  expect(JSON.stringify(summaryOf(plan))).not.toContain("hunter2");
});

test("the plan that was reviewed may be applied", () => {
  expect(unreviewed(shift(10, 25), summaryOf(shift(10, 25)))).toEqual([]);
});

test("a plan that does less than was reviewed may be applied: the rest has been done", () => {
  expect(unreviewed(of({}), summaryOf(shift(10, 25)))).toEqual([]);
});

test.each([
  ["another target", shift(10, 50)],
  ["another beginning: somebody has shifted meanwhile", shift(0, 25)],
])("%s was not reviewed", (_, now) => {
  expect(unreviewed(now, summaryOf(shift(10, 25)))).toEqual([
    `${stage}: update from or to other values than were reviewed`,
  ]);
});

test("another action, another resource, and a plan that nobody reviewed are told", () => {
  const replaced = of({ resource_changes: [change(stage, ["delete", "create"])] });
  expect(unreviewed(replaced, summaryOf(shift(10, 25)))).toEqual([
    `${stage}: delete/create, where update was reviewed`,
  ]);
  expect(unreviewed(shift(10, 25), undefined)).toEqual([`${stage}: update, which was not reviewed`]);
});

describe("a digest", () => {
  const digests = (...args: Parameters<typeof summaryOf>) =>
    summaryOf(...args).changes.map(({ digest }) => digest);

  test("of equal values is another one in each summary", () => {
    expect(digests(shift(10, 25))).not.toEqual(digests(shift(10, 25)));
  });

  test("cannot be made again by whoever has the salt and guesses the values, but not the state", () => {
    expect(digests(shift(10, 25), "salt")).toEqual(digests(shift(10, 25), "salt"));
    expect(digests(shift(10, 25, "another"), "salt")).not.toEqual(digests(shift(10, 25), "salt"));
  });

  test("of several plans is the same in each run, and another for other values", () => {
    const named = (plan: ReturnType<typeof shift>) => digestOf([{ ...plan, stack: "shop-dev" }]);
    expect(named(shift(10, 25))).toBe(named(shift(10, 25)));
    expect(named(shift(10, 25))).not.toBe(named(shift(10, 50)));
    expect(named(shift(10, 25, "another"))).not.toBe(named(shift(10, 25)));
  });
});
