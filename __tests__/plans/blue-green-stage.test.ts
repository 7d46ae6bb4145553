import { catalog, sources } from "../support/release-steps";
import { describePlans } from "./describe-plans";
import { testReviews } from "./describe-reviews";
import { testSteps } from "./describe-steps";
import { onlyChange, plan, refusal, touchedNames } from "./plan";

const { first, published, recorded, blue, promoted, pruned } = catalog;
const seen = [first, published, blue];
const green = "aws_lambda_alias.green-alias";

/** All that a blue version brings. */
const blueStage = [
  "aws_api_gateway_deployment.blue_deployment",
  "aws_api_gateway_method_settings.blue_stage_method-settings",
  "aws_api_gateway_rest_api_policy.api_policy",
  "aws_api_gateway_stage.blue_stage",
  "aws_cloudwatch_log_group.blue_stage_logs_access",
  "aws_lambda_alias.blue-alias",
  "aws_lambda_permission.blue-alias_permission",
];

describePlans("blue-green-stage", () => {
  testSteps("catalog-dev");

  testReviews("catalog-dev", [
    "first deploy, version 1 (100 %); 12 to add, nothing replaced",
    "traffic unchanged, version 1 (100 %); 1 change, nothing replaced",
    "record version 2; traffic unchanged, version 1 (100 %); 7 to add, nothing replaced",
    "traffic unchanged, version 1 (100 %); 7 to destroy, nothing replaced",
    "version 1 (100 -> 0 %), version 2 (0 -> 100 %); API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
    "version 1 (100 -> 0 %), version 2 (0 -> 100 %); API definition unchanged; 1 change, 7 to destroy, nothing replaced; time to roll back: one apply",
    "version 1 (0 -> 100 %), version 2 (100 -> 0 %); API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
    "prune version 1; traffic unchanged, version 2 (100 %); nothing to apply",
  ]);

  test("the same synth twice changes nothing", async () => {
    expect(touchedNames(await plan(...seen, blue))).toEqual([]);
  });

  test("new code publishes a version and moves no pointer", async () => {
    expect(touchedNames(await plan(first, published))).toEqual(["update aws_lambda_function.function"]);
  });

  test("recording and forgetting a version changes nothing", async () => {
    expect(touchedNames(await plan(first, published, recorded))).toEqual([]);
    expect(touchedNames(await plan(...seen, recorded, promoted, pruned))).toEqual([]);
  });

  test("blue appears beside green, and goes without trace", async () => {
    expect(touchedNames(await plan(...seen))).toEqual(blueStage.map((one) => `create ${one}`));
    expect(touchedNames(await plan(...seen, recorded))).toEqual(blueStage.map((one) => `delete ${one}`));
  });

  test.each([
    ["switching", [...seen, recorded, promoted], "1", "2"],
    ["rolling back", [...seen, recorded, promoted, recorded], "2", "1"],
  ])("%s changes the alias green in place and nothing else", async (_, deployed, from, to) => {
    const change = onlyChange(await plan(...deployed));
    expect(`${change.action} ${change.address}`).toMatch(`update ${green}`);
    expect(change.before["function_version"]).toBe(from);
    expect(change.after).toEqual({ ...change.before, function_version: to });
  });

  test("dropping blue and switching in one leaves the stage of users as it is", async () => {
    expect(touchedNames(await plan(...seen, promoted))).toEqual([
      ...blueStage.map((one) => `delete ${one}`),
      `update ${green}`,
    ]);
  });

  test.each([
    ["green", { versions: [1, 2, 3], stable: 3 }],
    ["blue", { versions: [1, 2, 3], stable: 1, blue: { version: 3, sources } }],
  ])("a version that is not published fails the plan behind %s", async (_, release) => {
    expect(await refusal(first, published, catalog.with(release))).toContain(
      "version 3 of catalog-dev is not published, the latest is 2: deploy its code first, then point at it",
    );
  });

  test("provisioned concurrency stays with green when it switches", async () => {
    const kept = (stable: number) => catalog.with({ versions: [1, 2], stable, provisionedConcurrency: 5 });
    const comes = onlyChange(await plan(first, published, kept(1)));
    expect(comes).toMatchObject({
      action: "create",
      type: "aws_lambda_provisioned_concurrency_config",
      after: { qualifier: "green", provisioned_concurrent_executions: 5 },
    });
    expect(touchedNames(await plan(first, published, kept(1), kept(2)))).toEqual([`update ${green}`]);
  });
});
