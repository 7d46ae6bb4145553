import { lifeOfTwo, numbered } from "../support/several-functions";
import { fingerprintOf } from "../support/shop";
import { describePlans } from "./describe-plans";
import { reviewOf } from "./describe-reviews";
import { counts, onlyChange, plan, planAfter, refusal, touchedNames } from "./plan";
import type { StateResource } from "./terraform";

const live = ["aws_lambda_alias.live-aliases_admin-alias", "aws_lambda_alias.live-aliases_api-alias"];

/** The steps of a release, each with what was deployed before it. */
function stepsOf(strategy: string) {
  const { first, deployed, recorded, ten, twentyFive, promoted } = lifeOfTwo(strategy);
  const there = [first, deployed, recorded];
  return {
    start: [...there, ten],
    shift: [...there, ten, twentyFive],
    promote: [...there, ten, twentyFive, promoted],
    drop: [...there, ten, recorded],
    rollback: [...there, ten, twentyFive, promoted, recorded],
  };
}

describePlans("several functions behind one API", () => {
  test.each(["alias-canary-stage", "blue-green-stage", "weighted-alias"])(
    "new code of %s publishes a version of each function and moves nothing",
    async (strategy) => {
      const { first, deployed } = lifeOfTwo(strategy);
      expect(touchedNames(await plan(first, deployed))).toEqual([
        "update aws_lambda_function.service-functions_admin-function",
        "update aws_lambda_function.service-functions_api-function",
      ]);
    },
  );

  describe("alias-canary-stage", () => {
    test.each(Object.entries(stepsOf("alias-canary-stage")))(
      "the step '%s' changes the stage and nothing else",
      async (_, deployed) => {
        const made = await plan(...deployed);
        expect(counts(made)).toEqual([0, 1, 0]);
        expect(onlyChange(made).type).toBe("aws_api_gateway_stage");
      },
    );

    test("recording adds an alias of each function and one deployment", async () => {
      const { first, deployed, recorded } = lifeOfTwo("alias-canary-stage");
      const made = await plan(first, deployed, recorded);
      expect(touchedNames(made)).toEqual([
        "create aws_api_gateway_deployment.version_2_deployment",
        "create aws_lambda_alias.version_2_admin-alias",
        "create aws_lambda_alias.version_2_api-alias",
        "create aws_lambda_permission.version_2_admin-alias_permission",
        "create aws_lambda_permission.version_2_api-alias_permission",
      ]);
    });
  });

  describe("codedeploy-alias", () => {
    const { first, deployed, recorded, ten, promoted, with: step } = lifeOfTwo("codedeploy-alias");

    test("new code publishes a version of each function, aims the alarm of each at it, and moves nothing", async () => {
      expect(touchedNames(await plan(first, deployed))).toEqual([
        "update aws_cloudwatch_metric_alarm.function-alarms_admin-version-alarms_errors",
        "update aws_cloudwatch_metric_alarm.function-alarms_api-version-alarms_errors",
        "update aws_lambda_function.service-functions_admin-function",
        "update aws_lambda_function.service-functions_api-function",
      ]);
    });

    test.each(Object.entries(stepsOf("codedeploy-alias")))(
      "the step '%s' changes nothing, neither a resource nor an output: CodeDeploy moves the aliases",
      async (_, steps) => {
        expect(await plan(...steps)).toMatchObject({ changes: [], outputs: [] });
      },
    );

    test("an apply after the shift leaves the alias of each where CodeDeploy put it", async () => {
      const moveAll = (resources: StateResource[]) => {
        for (const { type, instances } of resources)
          if (type === "aws_lambda_alias")
            Object.assign(instances[0]?.attributes ?? {}, { function_version: "2" });
      };
      expect(await planAfter(moveAll, first, deployed, ten, promoted)).toMatchObject({ changes: [] });
    });

    test("a review explains the group of a function that is added, and finds nothing", async () => {
      const api = { routes: [{ path: "/", function: "api" }] };
      const one = { fingerprint: fingerprintOf(api), lambdaVersions: { api: 1 } };
      const alone = step({ functions: ["api"], api, versions: { "1": one } });
      const published = step({ api, versions: { "1": one } });
      const recordedBoth = step({ versions: { "1": one, "2": numbered(1, 1) } });
      const steps = [alone, published, recordedBoth];
      expect((await reviewOf(steps)).findings).toEqual([]);
      expect(touchedNames(await plan(...steps))).toEqual([
        expect.stringContaining("create aws_api_gateway_deployment.definition_"),
        "create aws_cloudwatch_metric_alarm.function-alarms_admin-alias-alarms_errors",
        "create aws_cloudwatch_metric_alarm.function-alarms_admin-version-alarms_errors",
        "create aws_codedeploy_deployment_group.rollout_admin-group",
        "create aws_lambda_alias.live-aliases_admin-alias",
        "create aws_lambda_permission.live-aliases_admin-alias_permission",
        "create/delete aws_api_gateway_rest_api_put.api_definition",
        "update aws_cloudwatch_dashboard.dashboard",
        "update aws_codedeploy_deployment_group.rollout_api-group",
        "update aws_iam_role.rollout_role",
        "update aws_iam_role_policy.rollout_policy",
      ]);
    });

    test("a review of a publication and of a promotion finds nothing", async () => {
      for (const steps of [
        [first, deployed],
        [first, deployed, recorded, ten, promoted],
      ])
        expect((await reviewOf(steps)).findings).toEqual([]);
    });
  });

  test("blue-green-stage switches with one change of the stage", async () => {
    const { first, deployed, recorded, promoted } = lifeOfTwo("blue-green-stage");
    const change = onlyChange(await plan(first, deployed, recorded, promoted));
    expect(change.type).toBe("aws_api_gateway_stage");
    expect([change.before["variables"], change.after["variables"]]).toEqual([
      { apiFunction: "shop-dev-api:v1", adminFunction: "shop-dev-admin:v1" },
      { apiFunction: "shop-dev-api:v2", adminFunction: "shop-dev-admin:v2" },
    ]);
  });

  describe("weighted-alias", () => {
    test.each(Object.entries(stepsOf("weighted-alias")))(
      "the step '%s' changes the alias of each function and nothing else",
      async (_, deployed) => {
        const made = await plan(...deployed);
        expect(touchedNames(made)).toEqual(live.map((alias) => `update ${alias}`));
        expect(counts(made)).toEqual([0, 2, 0]);
      },
    );

    test("a version that has a function as it was moves the others alone", async () => {
      const { first, deployed, with: step } = lifeOfTwo("weighted-alias");
      const versions = { "1": numbered(1, 1), "2": numbered(2, 1) };
      const made = await plan(first, deployed, step({ versions, canary: { version: 2, percent: 10 } }));
      expect(touchedNames(made)).toEqual(["update aws_lambda_alias.live-aliases_api-alias"]);
    });

    test("a number that is not published fails the plan", async () => {
      const { first, deployed, with: step } = lifeOfTwo("weighted-alias");
      const versions = { "1": numbered(1, 1), "3": numbered(2, 3) };
      expect(await refusal(first, deployed, step({ versions, stable: 3 }))).toContain(
        "version 3 of shop-dev-admin is not published, the latest is 2: deploy its code first, then point at it",
      );
    });

    test("a review explains the changes of all aliases, and no other", async () => {
      for (const deployed of Object.values(stepsOf("weighted-alias"))) {
        const { findings, services } = await reviewOf(deployed);
        expect(findings).toEqual([]);
        expect(services[0]?.headline).toContain("2 changes, nothing replaced");
      }
    });
  });
});
