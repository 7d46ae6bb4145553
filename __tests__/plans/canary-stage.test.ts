import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../support/command";
import { type Files, shop, synthesizeFiles } from "../support/project";
import { life, other, shopWithDefinition, wider } from "../support/shop";
import { describePlans, terraform } from "./describe-plans";
import type { Plan, PlannedChange } from "./terraform";

const synthesized = new Map<Files, Promise<string>>();

/** The stack's folder; the same files are synthesized once. */
function stack(files: Files): Promise<string> {
  const folder =
    synthesized.get(files) ?? synthesizeFiles(files).then((out) => join(out, "stacks", "shop-dev"));
  synthesized.set(files, folder);
  return folder;
}

const plans = new Map<Files, Map<Files | undefined, Promise<Plan>>>();

/** The plan of a step; the same step is planned once. */
function plan(from: Files | undefined, to: Files): Promise<Plan> {
  const plansTo = plans.get(to) ?? new Map<Files | undefined, Promise<Plan>>();
  plans.set(to, plansTo);
  const result = plansTo.get(from) ?? planOnce(from, to);
  plansTo.set(from, result);
  return result;
}

async function planOnce(from: Files | undefined, to: Files): Promise<Plan> {
  return terraform().plan(await stack(to), from && (await stack(from)));
}

const counts = ({ add, change, destroy }: Plan) => [add, change, destroy];
const touched = (result: Plan) => result.changes.map(({ type, action }) => `${action} ${type}`).sort();

/** All that a version brings. */
const aVersion = [
  "aws_api_gateway_deployment",
  "aws_cloudwatch_log_group",
  "aws_iam_role",
  "aws_iam_role_policy",
  "aws_lambda_function",
  "aws_lambda_permission",
];

describePlans("canary-stage", () => {
  describe("law 1: a step is one change", () => {
    test("a first deploy creates everything in one apply", async () => {
      const result = await plan(undefined, life.first);
      expect(counts(result)).toEqual([11, 0, 0]);
    });

    test("the same synth twice changes nothing", async () => {
      expect(touched(await plan(life.ten, life.ten))).toEqual([]);
    });

    test("publishing adds what the version brings and moves no pointer", async () => {
      const result = await plan(life.first, life.published);
      expect(touched(result)).toEqual(aVersion.map((type) => `create ${type}`));
    });

    test.each([
      ["starting the canary", life.published, life.ten],
      ["10 to 25 percent", life.ten, life.twentyFive],
      ["promoting", life.twentyFive, life.promoted],
      ["dropping the canary", life.ten, life.published],
      ["rolling back before promotion", life.twentyFive, life.published],
      ["rolling back after promotion", life.promoted, life.published],
    ])("%s changes the stage in place and nothing else", async (_, from, to) => {
      expect(touched(await plan(from, to))).toEqual(["update aws_api_gateway_stage"]);
    });

    test("a shift changes the percent and nothing else of the stage", async () => {
      const { before, after } = (await plan(life.ten, life.twentyFive)).changes[0] as PlannedChange;
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
        "update aws_api_gateway_rest_api",
      ]);
      expect(result.changes.find((one) => one.action === "update")?.after["body"]).toContain('"/offers"');
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
      const result = await plan(life.promoted, life.pruned);
      expect(touched(result)).toEqual(aVersion.map((type) => `delete ${type}`));
      expect(result.changes.every(({ address }) => address.includes("version_v1_"))).toBe(true);
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

  test("the README's table of steps says what the plans say", async () => {
    const readme = readFileSync(join(projectFolder, "README.md"), "utf8");
    const steps = [
      ...readme.matchAll(/^\| ([^|]+) \|.*\| (\d+) to add, (\d+) to change, (\d+) to destroy \|$/gm),
    ];
    const shown = Object.fromEntries(steps.map(([, step, ...summary]) => [step, summary.map(Number)]));
    expect(shown).toEqual({
      "publish v2": counts(await plan(life.first, life.published)),
      "start at 10 percent": counts(await plan(life.published, life.ten)),
      "shift to 25 percent": counts(await plan(life.ten, life.twentyFive)),
      promote: counts(await plan(life.twentyFive, life.promoted)),
      "roll back, at any time": counts(await plan(life.promoted, life.published)),
      "prune v1": counts(await plan(life.promoted, life.pruned)),
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

    test("refuses another account than its own before anything is planned", async () => {
      const files = environment({ allowedAccountIds: ["999999999999"] });
      await expect(plan(undefined, { ...life.first, ...files })).rejects.toThrow(
        /AWS account ID not allowed: 123456789012/,
      );
    });
  });

  test.each([
    ["eu-central-1", "aws"],
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
  ])("in %s the integration's address is in the partition %s", async (region, partition) => {
    const result = await plan(undefined, { ...life.first, "releases/dev/environment.json": { region } });
    const api = result.changes.find(({ type }) => type === "aws_api_gateway_rest_api");
    const uri = JSON.parse(String(api?.after["body"])).paths["/"].get["x-amazon-apigateway-integration"].uri;
    expect(uri).toBe(
      `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/` +
        `arn:${partition}:lambda:${region}:123456789012:function:\${stageVariables.shopFunction}/invocations`,
    );
  });
});
