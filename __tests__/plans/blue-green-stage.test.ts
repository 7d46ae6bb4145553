import { catalog, sources } from "../support/release-steps";
import { describePlans } from "./describe-plans";
import { testReviews } from "./describe-reviews";
import { testSteps } from "./describe-steps";
import { onlyChange, plan, refusal, touchedNames } from "./plan";

const { first, published, recorded, blue, promoted, pruned, defined, definedPromoted } = catalog;
const seen = [first, published, recorded, blue];
const green = "aws_api_gateway_stage.green-stage";

/** All that a blue version brings. */
const blueStage = [
  "aws_api_gateway_deployment.blue_deployment",
  "aws_api_gateway_method_settings.blue_stage_method-settings",
  "aws_api_gateway_rest_api_policy.api_policy",
  "aws_api_gateway_stage.blue_stage",
  "aws_cloudwatch_log_group.blue_stage_logs_access",
];

/** All that recording a version brings. */
const version = (number: number) => [
  `aws_lambda_alias.version_${number}_alias`,
  `aws_lambda_permission.version_${number}_alias_permission`,
];

describePlans("blue-green-stage", () => {
  testSteps("catalog-dev");

  testReviews("catalog-dev", [
    "first deploy, version 1 (100 %); 13 to add, nothing replaced",
    "traffic unchanged, version 1 (100 %); 1 change, nothing replaced",
    "record version 2; traffic unchanged, version 1 (100 %); 2 to add, nothing replaced",
    "traffic unchanged, version 1 (100 %); 5 to add, nothing replaced",
    "record version 2; traffic unchanged, version 1 (100 %); 7 to add, nothing replaced",
    "traffic unchanged, version 1 (100 %); 5 to destroy, nothing replaced",
    "version 1 (100 -> 0 %), version 2 (0 -> 100 %); API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
    "version 1 (100 -> 0 %), version 2 (0 -> 100 %); API definition unchanged; 1 change, 5 to destroy, nothing replaced; time to roll back: one apply",
    "version 1 (0 -> 100 %), version 2 (100 -> 0 %); API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
    "prune version 1; traffic unchanged, version 2 (100 %); 2 to destroy, nothing replaced",
    "record version 2; traffic unchanged, version 1 (100 %); 3 to add, 1 change, nothing replaced",
    "version 1 (100 -> 0 %), version 2 (0 -> 100 %); API definition of version 2 for all users; 1 change, nothing replaced; time to roll back: one apply",
    "version 1 (0 -> 100 %), version 2 (100 -> 0 %); API definition of version 1 for all users; 1 change, nothing replaced; time to roll back: one apply",
  ]);

  test("the same synth twice changes nothing", async () => {
    expect(touchedNames(await plan(...seen, blue))).toEqual([]);
  });

  test("new code publishes a version and moves no pointer", async () => {
    expect(touchedNames(await plan(first, published))).toEqual(["update aws_lambda_function.function"]);
  });

  test("recording a version brings its alias, and pruning it takes that away", async () => {
    expect(touchedNames(await plan(first, published, recorded))).toEqual(
      version(2).map((one) => `create ${one}`),
    );
    expect(touchedNames(await plan(...seen, recorded, promoted, pruned))).toEqual(
      version(1).map((one) => `delete ${one}`),
    );
  });

  test("blue appears beside green, and goes without trace", async () => {
    expect(touchedNames(await plan(...seen))).toEqual(blueStage.map((one) => `create ${one}`));
    expect(touchedNames(await plan(...seen, recorded))).toEqual(blueStage.map((one) => `delete ${one}`));
  });

  test.each([
    ["switching", [...seen, recorded, promoted], "v1", "v2"],
    ["rolling back", [...seen, recorded, promoted, recorded], "v2", "v1"],
  ])("%s changes the stage green in place and nothing else", async (_, deployed, from, to) => {
    const change = onlyChange(await plan(...deployed));
    expect(`${change.action} ${change.address}`).toMatch(`update ${green}`);
    expect(change.before["variables"]).toEqual({ alias: from });
    expect(change.after).toEqual({ ...change.before, variables: { alias: to } });
  });

  test("dropping blue and switching in one changes nothing of users but the stage", async () => {
    expect(touchedNames(await plan(...seen, promoted))).toEqual([
      ...blueStage.map((one) => `delete ${one}`),
      `update ${green}`,
    ]);
  });

  test("a new definition adds its deployment, and the stage moves to it with the version in one change", async () => {
    expect(touchedNames(await plan(first, published, defined))).toEqual([
      expect.stringMatching(/^create aws_api_gateway_deployment\.definition_/),
      ...version(2).map((one) => `create ${one}`),
      // The definition that is worked on, which nobody is served from.
      "create/delete aws_api_gateway_rest_api_put.api_definition",
    ]);
    const there = onlyChange(await plan(first, published, defined, definedPromoted));
    const back = onlyChange(await plan(first, published, defined, definedPromoted, defined));
    expect([there.address, back.address]).toEqual([expect.stringContaining(green), there.address]);
    const pointer = ({ variables, deployment_id }: Readonly<Record<string, unknown>>) => ({
      variables,
      deployment_id,
    });
    expect(pointer(there.before)).toEqual(pointer(back.after));
    expect(pointer(there.after)).toEqual(pointer(back.before));
    expect(there.after).toMatchObject({ variables: { alias: "v2" } });
    expect(there.after["deployment_id"]).not.toBe(there.before["deployment_id"]);
  });

  test.each([
    ["green", { versions: [1, 2, 3], stable: 3 }],
    ["blue", { versions: [1, 2, 3], stable: 1, blue: { version: 3, sources } }],
  ])("a version that is not published fails the plan behind %s", async (_, release) => {
    expect(await refusal(first, published, catalog.with(release))).toContain(
      "version 3 of catalog-dev is not published, the latest is 2: deploy its code first, then point at it",
    );
  });

  test("provisioned concurrency is a version's own, so a switch leads to executions that are ready", async () => {
    const five = { provisionedConcurrency: 5 };
    const kept = (stable: number, own: object = five) =>
      catalog.with({ versions: { "1": five, "2": own }, stable });
    const comes = onlyChange(await plan(first, published, kept(1, {}), kept(1)));
    expect(comes).toMatchObject({
      action: "create",
      type: "aws_lambda_provisioned_concurrency_config",
      after: { qualifier: "v2", provisioned_concurrent_executions: 5 },
    });
    expect(touchedNames(await plan(first, published, kept(1), kept(2)))).toEqual([`update ${green}`]);
  });

  test("an alias green for other callers is a second change of each switch, and of no other step", async () => {
    const [before, after] = [1, 2].map((stable) => catalog.withDefinition({ stable, greenAlias: true })) as [
      typeof defined,
      typeof defined,
    ];
    const alias = "aws_lambda_alias.green-alias";
    const both = [`update ${green}`, `update ${alias}`];
    expect(touchedNames(await plan(first, published, defined, before))).toEqual([
      `create ${alias}`,
      "create aws_lambda_permission.green-alias_permission",
    ]);
    expect(touchedNames(await plan(first, published, before, after))).toEqual(both);
    expect(touchedNames(await plan(first, published, before, after, before))).toEqual(both);
  });
});
