import { checkout } from "../support/release-steps";
import { describePlans } from "./describe-plans";
import { testReviews } from "./describe-reviews";
import { testSteps } from "./describe-steps";
import { onlyChange, plan, planAfterShift, refusal, touchedNames } from "./plan";

const { first, published, recorded, named, promoted, pruned } = checkout;
const group = "aws_codedeploy_deployment_group.rollout";
const config = "aws_codedeploy_deployment_config.rollout_config";
const both = { versions: [1, 2], stable: 1 };

describePlans("codedeploy-alias", () => {
  testSteps("checkout-dev");

  testReviews("checkout-dev", [
    "first deploy, version 1 (100 %); 27 to add, nothing replaced",
    "traffic unchanged, version 1 (100 %); 2 changes, nothing replaced",
    "record version 2; traffic unchanged, version 1 (100 %); nothing to apply",
    "start version 2 by CodeDeploy (no traffic moves: CodeDeploy moves the alias); API definition unchanged; nothing to apply",
    "promote version 2 (no traffic moves: CodeDeploy moves the alias); API definition unchanged; nothing to apply",
    "roll back to version 1 (no traffic moves: CodeDeploy moves the alias); API definition unchanged; nothing to apply",
    "prune version 1; traffic unchanged, version 2 (100 %); nothing to apply",
  ]);

  test("the same synth twice changes nothing", async () => {
    expect(touchedNames(await plan(first, published, named, named))).toEqual([]);
  });

  test("new code publishes a version, aims its alarm at it, and moves no pointer", async () => {
    const result = await plan(first, published);
    expect(touchedNames(result)).toEqual([
      "update aws_cloudwatch_metric_alarm.version-alarms_errors",
      "update aws_lambda_function.function",
    ]);
    const alarm = result.changes.find(({ type }) => type === "aws_cloudwatch_metric_alarm");
    expect(alarm?.before["dimensions"]).toMatchObject({
      Resource: "checkout-dev:live",
      ExecutedVersion: "1",
    });
  });

  test.each([
    ["recording the version", [first, published, recorded]],
    ["naming it as the canary", [first, published, recorded, named]],
    ["promoting it in the file", [first, published, named, promoted]],
    ["rolling back in the file", [first, published, named, promoted, recorded]],
    ["forgetting the former one", [first, published, named, promoted, pruned]],
  ])("%s changes nothing, neither a resource nor an output", async (_, deployed) => {
    expect(await plan(...deployed)).toMatchObject({ changes: [], outputs: [] });
  });

  test.each([
    ["in the middle of a shift", { version: "1", weights: { "2": 0.1 } }, [first, published, named, named]],
    [
      "in the middle of one, with the promotion",
      { version: "1", weights: { "2": 0.5 } },
      [first, published, named, promoted],
    ],
    ["after one, with the promotion", { version: "2" }, [first, published, named, promoted]],
  ])("an apply %s leaves the alias where CodeDeploy put it", async (_, alias, deployed) => {
    expect(await planAfterShift(alias, ...deployed)).toMatchObject({ changes: [], outputs: [] });
  });

  test("the next version is published while CodeDeploy shifts, and the alias stays", async () => {
    const third = { ...named, "lambdas/checkout/checkout.ts": "export const handler = async () => ({});\n" };
    const result = await planAfterShift(
      { version: "1", weights: { "2": 0.1 } },
      first,
      published,
      named,
      third,
    );
    expect(touchedNames(result)).toEqual([
      "update aws_cloudwatch_metric_alarm.version-alarms_errors",
      "update aws_lambda_function.function",
    ]);
  });

  test("the configuration changes from one of AWS's to numbers and to others, and back", async () => {
    const predefined = checkout.with({ ...both, rollout: { config: "LambdaAllAtOnce" } });
    const canary = checkout.with({ ...both, rollout: { canary: { percent: 10, minutes: 7 } } });
    const linear = checkout.with({ ...both, rollout: { linear: { percent: 20, minutes: 1 } } });
    const other = onlyChange(await plan(first, published, recorded, predefined));
    expect([other.action, other.after["deployment_config_name"]]).toEqual([
      "update",
      "CodeDeployDefault.LambdaAllAtOnce",
    ]);
    expect(touchedNames(await plan(first, published, predefined, canary))).toEqual([
      `create ${config}`,
      `update ${group}`,
    ]);
    const { changes } = await plan(first, published, predefined, canary, linear);
    expect(changes.map(({ action, type, after }) => [action, type, after["deployment_config_name"]])).toEqual(
      [
        ["create/delete", "aws_codedeploy_deployment_config", "checkout-dev-Linear20PercentEvery1Minute"],
        ["update", "aws_codedeploy_deployment_group", "checkout-dev-Linear20PercentEvery1Minute"],
      ],
    );
    expect(touchedNames(await plan(first, published, predefined, canary, recorded))).toEqual([
      `delete ${config}`,
      `update ${group}`,
    ]);
  });

  test("a new definition reaches nobody before the file promotes its version, and then moves the stage alone", async () => {
    const defined = checkout.withDefinition({ stable: 1, canary: { version: 2 } });
    const there = checkout.withDefinition({ stable: 2 });
    expect(touchedNames(await plan(first, published, defined))).toEqual([
      expect.stringMatching(/^create aws_api_gateway_deployment\.definition_/),
      // The definition that is worked on, which nobody is served from.
      "create/delete aws_api_gateway_rest_api_put.api_definition",
    ]);
    const stage = ["update aws_api_gateway_stage.live-stage"];
    expect(touchedNames(await plan(first, published, defined, there))).toEqual(stage);
    expect(touchedNames(await plan(first, published, defined, there, defined))).toEqual(stage);
  });

  test.each([
    ["the stable version", { versions: [1, 2, 3], stable: 3 }],
    ["the canary", { versions: [1, 2, 3], stable: 1, canary: { version: 3 } }],
  ])("a version that is not published fails the plan as %s", async (_, release) => {
    expect(await refusal(first, published, checkout.with(release))).toContain(
      "version 3 of checkout-dev is not published, the latest is 2: deploy its code first, then point at it",
    );
  });
});
