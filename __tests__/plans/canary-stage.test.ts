import { example } from "../support/example";
import { greeting, sources } from "../support/release-steps";
import { life, other, shop, shopWithDefinition, wider } from "../support/shop";
import { describePlans } from "./describe-plans";
import { testReviews } from "./describe-reviews";
import { testSteps } from "./describe-steps";
import { plan, planAfter, touched, touchedNames } from "./plan";
import type { PlannedChange, StateResource } from "./terraform";

/** All that a version brings. */
const aVersion = [
  "aws_api_gateway_deployment",
  "aws_cloudwatch_log_group",
  "aws_iam_role",
  "aws_iam_role_policy",
  "aws_lambda_function",
  "aws_lambda_permission",
];

/** All that a stage for a while brings. */
const previewStage = [
  "aws_api_gateway_deployment.preview_deployment",
  "aws_api_gateway_method_settings.preview_stage_method-settings",
  "aws_api_gateway_rest_api_policy.api_policy",
  "aws_api_gateway_stage.preview_stage",
  "aws_cloudwatch_log_group.preview_stage_logs_access",
];

describePlans("canary-stage", () => {
  describe("law 1: a step is one change", () => {
    const { first, published, ten, twentyFive, promoted } = greeting;

    testSteps("greeting-dev");

    testReviews("greeting-dev", [
      "first deploy, v1 100 %; 21 to add, nothing replaced",
      "publish v2; traffic unchanged, v1 100 %; 6 to add, nothing replaced",
      "v1 100 -> 90 %, v2 0 -> 10 %; API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
      "v1 90 -> 75 %, v2 10 -> 25 %; API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
      "v1 75 -> 100 %, v2 25 -> 0 %; API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
      "v1 75 -> 0 %, v2 25 -> 100 %; API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
      "v1 0 -> 100 %, v2 100 -> 0 %; API definition unchanged; 1 change, nothing replaced; time to roll back: one apply",
      "prune v1; traffic unchanged, v2 100 %; 6 to destroy, nothing replaced",
    ]);

    test("the same synth twice changes nothing", async () => {
      expect(touched(await plan(first, published, ten, ten))).toEqual([]);
    });

    test("publishing adds what the version brings and moves no pointer", async () => {
      const result = await plan(first, published);
      expect(touched(result)).toEqual(aVersion.map((type) => `create ${type}`));
    });

    test.each([
      ["starting the canary", [first, published, ten]],
      ["10 to 25 percent", [first, published, ten, twentyFive]],
      ["promoting", [first, published, ten, twentyFive, promoted]],
      ["dropping the canary", [first, published, ten, twentyFive, published]],
      ["rolling back after promotion", [first, published, ten, twentyFive, promoted, published]],
    ])("%s changes the stage in place and nothing else", async (_, deployed) => {
      expect(touched(await plan(...deployed))).toEqual(["update aws_api_gateway_stage"]);
    });

    test("a shift changes the percent and nothing else of the stage", async () => {
      const { before, after } = (await plan(first, published, ten, twentyFive)).changes[0] as PlannedChange;
      const [canary] = before["canary_settings"] as object[];
      expect(after).toEqual({ ...before, canary_settings: [{ ...canary, percent_traffic: 25 }] });
    });
  });

  describe("law 2: a canary's API definition is its own", () => {
    test.each([
      ["a route more", wider],
      ["a route less", other],
    ])("a definition with %s leaves the stable deployment and the stage untouched", async (_, api) => {
      const result = await plan(life.first, shopWithDefinition(api, {}));
      expect(touched(result)).toEqual([
        ...aVersion.map((type) => `create ${type}`),
        // The definition that is worked on, which nobody is served from.
        "create/delete aws_api_gateway_rest_api_put",
      ]);
      expect(
        result.changes.find(({ type }) => type === "aws_api_gateway_rest_api_put")?.after["body"],
      ).toContain('"/offers"');
    });

    test("rolling back brings the old definition back as it was", async () => {
      const promoted = await plan(
        shopWithDefinition(wider, { canary: { version: "v2" } }),
        shopWithDefinition(wider, { stable: "v2" }),
      );
      const rolledBack = await plan(
        shopWithDefinition(wider, { stable: "v2" }),
        shopWithDefinition(wider, {}),
      );
      expect([...touched(promoted), ...touched(rolledBack)]).toEqual([
        "update aws_api_gateway_stage",
        "update aws_api_gateway_stage",
      ]);
      const [back] = rolledBack.changes;
      expect(back?.after["deployment_id"]).toBe(promoted.changes[0]?.before["deployment_id"]);
      expect(back?.after["deployment_id"]).not.toBe(back?.before["deployment_id"]);
    });
  });

  describe("law 3: no target without permission", () => {
    test("no step of a release touches a permission that is there", async () => {
      const canary = { canary: { version: "v2", percent: 10 } };
      const withRoute = await plan(life.ten, shopWithDefinition(wider, canary));
      expect(touched(withRoute).filter((one) => one.endsWith("aws_lambda_permission"))).toEqual([]);
    });
  });

  describe("law 6: old versions stay until pruned", () => {
    test("pruning takes away what the version brought and nothing else", async () => {
      const { first, published, ten, twentyFive, promoted, pruned } = greeting;
      const result = await plan(first, published, ten, twentyFive, promoted, pruned);
      expect(touched(result)).toEqual(aVersion.map((type) => `delete ${type}`));
      expect(result.changes.every(({ address }) => address.includes("version_v1_"))).toBe(true);
    });
  });

  describe("a preview", () => {
    const { first, published } = greeting;
    const versions = { versions: ["v1", "v2"], stable: "v1" };
    const previewed = example("greeting", { ...versions, preview: { version: "v2", sources } });

    test("appears beside the stage, and goes without trace", async () => {
      const appears = await plan(first, published, previewed);
      const goes = await plan(first, published, previewed, published);
      expect(touchedNames(appears)).toEqual(previewStage.map((one) => `create ${one}`));
      expect(touchedNames(goes)).toEqual(previewStage.map((one) => `delete ${one}`));
    });
  });

  describe("settings of what serves users", () => {
    const settings = {
      runtime: "nodejs20.x",
      architecture: "arm64",
      memoryMb: 512,
      timeoutSeconds: 20,
      environment: { MODE: "fast" },
      tracing: true,
    };

    test.each(Object.entries(settings))("'%s' changes the function in place", async (name, value) => {
      const result = await plan(life.first, shop({ versions: ["v1"], settings: { [name]: value } }));
      const role = name === "tracing" ? ["update aws_iam_role_policy"] : [];
      expect(touched(result)).toEqual([...role, "update aws_lambda_function"]);
    });

    test("'stage.name' replaces the stage, which is another address for users", async () => {
      const result = await plan(life.first, shop({ versions: ["v1"], stage: { name: "live" } }));
      expect(touched(result)).toEqual([
        "delete/create aws_api_gateway_method_settings",
        "delete/create aws_api_gateway_stage",
      ]);
    });

    test("'stage.throttling', logs and tracing change in place", async () => {
      const stage = { throttling: { rateLimit: 5, burstLimit: 5 }, tracing: true, executionLogs: "all" };
      const result = await plan(life.first, shop({ versions: ["v1"], stage }));
      expect(touched(result)).toEqual([
        "create aws_cloudwatch_log_group",
        "create aws_cloudwatch_log_group",
        "update aws_api_gateway_method_settings",
        "update aws_api_gateway_stage",
      ]);
    });
  });

  describe("an environment", () => {
    const environment = (fields: object) => ({
      "releases/dev/environment.json": { region: "eu-central-1", ...fields },
    });

    test("that protects what serves users refuses a plan that would replace the stage", async () => {
      const protect = environment({ protect: true });
      const before = shop({ versions: ["v1"] }, protect);
      await expect(
        plan(before, shop({ versions: ["v1"], stage: { name: "live" } }, protect)),
      ).rejects.toThrow(/Instance cannot be destroyed/);
    });

    test("makes the stage anew where AWS refused its settings when it was made", async () => {
      const release = shop({ versions: ["v1"] }, environment({ protect: true }));
      // Terraform calls what is half made tainted, and has not come to its protection.
      const halfMade = (resources: StateResource[]) => {
        const stage = resources.find(({ type }) => type === "aws_api_gateway_stage")?.instances[0];
        Object.assign(stage ?? {}, { status: "tainted" });
        const protection = resources.findIndex(({ name }) => /^canary-stage_protection/.test(name));
        resources.splice(protection, 1);
      };
      expect(touchedNames(await planAfter(halfMade, release, release))).toEqual([
        "create terraform_data.canary-stage_protection",
        "delete/create aws_api_gateway_stage.canary-stage",
      ]);
    });

    test("makes a stage anew that somebody deleted", async () => {
      const release = shop({ versions: ["v1"] }, environment({ protect: true }));
      const deleted = (resources: StateResource[]) => {
        resources.splice(
          resources.findIndex(({ type }) => type === "aws_api_gateway_stage"),
          1,
        );
      };
      expect(touchedNames(await planAfter(deleted, release, release))).toContain(
        "create aws_api_gateway_stage.canary-stage",
      );
    });

    test("refuses another account than its own before anything is planned", async () => {
      const files = environment({ allowedAccountIds: ["999999999999"] });
      await expect(plan({ ...life.first, ...files })).rejects.toThrow(
        /AWS account ID not allowed: 123456789012/,
      );
    });
  });

  test.each([
    ["eu-central-1", "aws"],
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
  ])("in %s the integration's address is in the partition %s", async (region, partition) => {
    const result = await plan({ ...life.first, "releases/dev/environment.json": { region } });
    const api = result.changes.find(({ type }) => type === "aws_api_gateway_rest_api_put");
    const uri = JSON.parse(String(api?.after["body"])).paths["/"].get["x-amazon-apigateway-integration"].uri;
    expect(uri).toBe(
      `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/` +
        `arn:${partition}:lambda:${region}:123456789012:function:\${stageVariables.shopFunction}/invocations`,
    );
  });
});
