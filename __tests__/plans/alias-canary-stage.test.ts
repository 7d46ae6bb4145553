import { quote, sources } from "../support/release-steps";
import { describePlans } from "./describe-plans";
import { testReviews } from "./describe-reviews";
import { testSteps } from "./describe-steps";
import { onlyChange, plan, refusal, touchedNames } from "./plan";

const { first, published, recorded, zero, ten, twentyFive, promoted, pruned } = quote;
const shifted = [first, published, recorded, ten, twentyFive];
const stage = "aws_api_gateway_stage.canary-stage";

/** All that recording a version brings. */
const version = (number: number) => [
  `aws_api_gateway_deployment.version_${number}_deployment`,
  `aws_lambda_alias.version_${number}_alias`,
  `aws_lambda_permission.version_${number}_alias_permission`,
];

describePlans("alias-canary-stage", () => {
  testSteps("quote-dev");

  testReviews("quote-dev", [
    "first deploy, version 1 (100 %); 22 to add, nothing replaced",
    "traffic unchanged, version 1 (100 %); 1 change, nothing replaced",
    "record version 2; traffic unchanged, version 1 (100 %); 3 to add, nothing replaced",
    "record version 2; traffic unchanged, version 1 (100 %); 3 to add, 1 change, nothing replaced",
    "version 1 (100 -> 90 %), version 2 (0 -> 10 %); API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
    "version 1 (90 -> 75 %), version 2 (10 -> 25 %); API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
    "version 1 (75 -> 100 %), version 2 (25 -> 0 %); API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
    "version 1 (75 -> 0 %), version 2 (25 -> 100 %); API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
    "version 1 (0 -> 100 %), version 2 (100 -> 0 %); API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
    "prune version 1; traffic unchanged, version 2 (100 %); 3 to destroy, nothing replaced",
  ]);

  test("the same synth twice changes nothing", async () => {
    expect(touchedNames(await plan(...shifted, twentyFive))).toEqual([]);
  });

  test("new code publishes a version and moves no pointer", async () => {
    expect(touchedNames(await plan(first, published))).toEqual(["update aws_lambda_function.function"]);
  });

  test("recording a version adds its alias, permission and deployment, also when the same deploy publishes it", async () => {
    const added = version(2).map((one) => `create ${one}`);
    expect(touchedNames(await plan(first, published, recorded))).toEqual(added);
    expect(touchedNames(await plan(first, recorded))).toEqual([
      ...added,
      "update aws_lambda_function.function",
    ]);
  });

  test.each([
    ["starting the canary", [first, published, recorded, ten]],
    ["starting the canary at 0 percent", [first, published, recorded, zero]],
    ["10 to 25 percent", shifted],
    ["promoting", [...shifted, promoted]],
    ["dropping the canary", [...shifted, recorded]],
    ["rolling back after promotion", [...shifted, promoted, recorded]],
  ])("%s changes the stage in place and nothing else", async (_, deployed) => {
    expect(touchedNames(await plan(...deployed))).toEqual([`update ${stage}`]);
  });

  test("the canary settings name the alias, deployment and percent of version 2", async () => {
    const { after: start } = onlyChange(await plan(first, published, recorded, ten));
    const { after: shift } = onlyChange(await plan(...shifted));
    const { after: promote } = onlyChange(await plan(...shifted, promoted));
    const [canary] = start["canary_settings"] as Record<string, unknown>[];
    expect(start).toMatchObject({ variables: { alias: "v1" } });
    expect(canary).toMatchObject({ percent_traffic: 10, stage_variable_overrides: { alias: "v2" } });
    expect(shift).toEqual({ ...start, canary_settings: [{ ...canary, percent_traffic: 25 }] });
    expect(promote).toEqual({
      ...start,
      variables: { alias: "v2" },
      deployment_id: canary?.["deployment_id"],
      canary_settings: [],
    });
  });

  test("a new definition adds the deployment of its version and leaves the stable one and the stage untouched", async () => {
    const defined = quote.withDefinition({ stable: 1 });
    expect(touchedNames(await plan(first, published, defined))).toEqual([
      ...version(2).map((one) => `create ${one}`),
      // The definition that is worked on, which nobody is served from.
      "create/delete aws_api_gateway_rest_api_put.api_definition",
    ]);
  });

  test("rolling back brings the old definition back as it was", async () => {
    const defined = quote.withDefinition({ stable: 1 });
    const history = [first, published, defined];
    const promoted = quote.withDefinition({ stable: 2 });
    const there = onlyChange(await plan(...history, promoted));
    const back = onlyChange(await plan(...history, promoted, defined));
    expect([there.address, back.address]).toEqual([expect.stringContaining(stage), there.address]);
    expect(back.after["deployment_id"]).toBe(there.before["deployment_id"]);
    expect(back.after["deployment_id"]).not.toBe(back.before["deployment_id"]);
  });

  test("a version that is not published fails the plan", async () => {
    const third = quote.with({ versions: [1, 2, 3], stable: 1 });
    expect(await refusal(first, published, third)).toContain(
      "version 3 of quote-dev is not published, the latest is 2: deploy its code first, then point at it",
    );
  });

  test("provisioned concurrency comes and goes beside the alias of its version", async () => {
    const kept = quote.with({ versions: { "1": {}, "2": { provisionedConcurrency: 5 } }, stable: 1 });
    const config = "aws_lambda_provisioned_concurrency_config.version_2_alias_provisioned-concurrency";
    const comes = await plan(first, published, recorded, kept);
    expect(touchedNames(comes)).toEqual([`create ${config}`]);
    expect(comes.changes[0]?.after).toMatchObject({ qualifier: "v2", provisioned_concurrent_executions: 5 });
    expect(touchedNames(await plan(first, published, recorded, kept, recorded))).toEqual([
      `delete ${config}`,
    ]);
  });

  test("a preview appears beside the stage, and goes without trace", async () => {
    const previewed = quote.with({ versions: [1, 2], stable: 1, preview: { version: 2, sources } });
    const brought = [
      "aws_api_gateway_deployment.preview_deployment",
      "aws_api_gateway_method_settings.preview_stage_method-settings",
      "aws_api_gateway_rest_api_policy.api_policy",
      "aws_api_gateway_stage.preview_stage",
      "aws_cloudwatch_log_group.preview_stage_logs_access",
      "aws_lambda_alias.preview-alias",
      "aws_lambda_permission.preview-alias_permission",
    ];
    const appears = await plan(first, published, recorded, previewed);
    const goes = await plan(first, published, recorded, previewed, recorded);
    expect(touchedNames(appears)).toEqual(brought.map((one) => `create ${one}`));
    expect(touchedNames(goes)).toEqual(brought.map((one) => `delete ${one}`));
  });

  test("pruning takes away what the version brought and nothing else", async () => {
    expect(touchedNames(await plan(...shifted, promoted, pruned))).toEqual(
      version(1).map((one) => `delete ${one}`),
    );
  });
});
