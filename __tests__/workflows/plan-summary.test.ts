import { summaryOf, unreviewed } from "../../workflows/plan-summary";

const stage = "aws_api_gateway_stage.canary-stage";

function change(address: string, actions: readonly string[], rest: object = {}) {
  return { address, mode: "managed", change: { actions, before: {}, after: {}, ...rest } };
}

const shift = (from: number, to: number) =>
  summaryOf({
    resource_changes: [change(stage, ["update"], { before: { percent: from }, after: { percent: to } })],
  });

test("a summary tells what is changed, and no value of it", () => {
  const summary = summaryOf({
    resource_changes: [
      change("aws_lambda_function.v1", ["no-op"]),
      change(stage, ["update"], { before: { secret: "hunter2" } }),
      change("aws_lambda_alias.live", ["delete", "create"]),
      change("aws_api_gateway_rest_api.api", ["no-op"], { importing: { id: "a1" } }),
      { ...change("data.aws_partition.here", ["read"]), mode: "data" },
    ],
  });
  expect(summary.changes.map(({ address, action }) => `${address} ${action}`)).toEqual([
    `${stage} update`,
    "aws_lambda_alias.live delete/create",
    "aws_api_gateway_rest_api.api import",
  ]);
  expect(JSON.stringify(summary)).not.toContain("hunter2");
});

test("the plan that was reviewed may be applied", () => {
  expect(unreviewed(shift(10, 25), shift(10, 25))).toEqual([]);
});

test("a plan that does less than was reviewed may be applied: the rest has been done", () => {
  expect(unreviewed(summaryOf({}), shift(10, 25))).toEqual([]);
});

test.each([
  ["another target", shift(10, 50)],
  ["another beginning: somebody has shifted meanwhile", shift(0, 25)],
])("%s was not reviewed", (_, now) => {
  expect(unreviewed(now, shift(10, 25))).toEqual([
    `${stage}: update from or to other values than were reviewed`,
  ]);
});

test("another action, another resource, and a plan that nobody reviewed are told", () => {
  const replaced = summaryOf({ resource_changes: [change(stage, ["delete", "create"])] });
  expect(unreviewed(replaced, shift(10, 25))).toEqual([`${stage}: delete/create, where update was reviewed`]);
  expect(unreviewed(shift(10, 25), undefined)).toEqual([`${stage}: update, which was not reviewed`]);
});
