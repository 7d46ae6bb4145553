import { checkLiveState } from "../../src/review/checks/live-state";
import { checkPlannedChanges } from "../../src/review/checks/planned-changes";
import type { PlannedResource, Values } from "../../src/review/plan";
import { handler } from "../support/project";
import { between, changed, lines, planOf, resource } from "./between";

const own = (release: object) => ({ strategy: "weighted-alias", versions: [1, 2, 3], stable: 1, ...release });
const at = (percent: number, version = 2) => own({ canary: { version, percent } });
const two = { versions: ["v1", "v2"], stable: "v1" };

/** The alias `live`, and what it names before and after. */
function live(
  before: Values | undefined,
  after: Values,
  fields: Partial<PlannedResource> = {},
): PlannedResource {
  return resource("aws_lambda_alias.live_BCEC2B85", {
    before,
    after,
    changed: changed("routing_config"),
    ...fields,
  });
}
const split = (canary: string, weight: number) => ({
  function_version: "1",
  routing_config: [{ additional_version_weights: { [canary]: weight } }],
});
const all = (version: string) => ({ function_version: version, routing_config: [] });

/** The stage of two versions with a function each. */
function stage(before: Values | undefined, after: Values | undefined, fields: Partial<PlannedResource> = {}) {
  return resource("aws_api_gateway_stage.canary-stage_EA838A75", {
    before,
    after,
    changed: changed("canary_settings"),
    ...fields,
  });
}
const stageAt = (percent: number, deployments = ["d1", "d2"]) => ({
  deployment_id: deployments[0],
  variables: { shopFunction: "shop-dev-v1" },
  canary_settings: [
    {
      percent_traffic: percent,
      deployment_id: deployments[1],
      stage_variable_overrides: { shopFunction: "shop-dev-v2" },
    },
  ],
});
const stageOf = (version: string, deployment: string) => ({
  deployment_id: deployment,
  variables: { shopFunction: `shop-dev-${version}` },
  canary_settings: [],
});
const deployment = (version: string, id: string) =>
  resource(`aws_api_gateway_deployment.version_${version}_deployment_30E182FD`, {
    action: "none",
    before: { id },
    after: { id },
  });

describe("the plan does", () => {
  const check = (base: object | undefined, head: object | undefined, ...resources: PlannedResource[]) =>
    lines(checkPlannedChanges(between(base, head, { plan: planOf(...resources) })));
  const shift = live(split("2", 0.1), split("2", 0.25));

  test("what the file says", () => {
    expect(check(at(10), at(25), shift)).toEqual([]);
  });

  test("usage plans come and go with the stage's settings, and a preview's with the preview", () => {
    const usagePlans = { partners: { keys: ["mobile"] } };
    const [plain, planned] = [two, { ...two, stage: { usagePlans } }];
    const preview = { version: "v2", sources: ["203.0.113.0/24"] };
    const plan = "aws_api_gateway_usage_plan.canary-stage_usage-plans_plan-partners_8B3D3B0D";
    const key = "aws_api_gateway_api_key.canary-stage_usage-plans_keys_mobile_8B3D3B0D";
    const made = [plan, key].map((address) => resource(address, { action: "create" }));
    expect(check(plain, planned, ...made)).toEqual([]);
    expect(check(plain, { ...two, former: "v2" }, ...made)).toHaveLength(2);
    const gone = made.map((one) => ({ ...one, action: "delete" }) as const);
    expect(check(planned, plain, ...gone)).toEqual([]);
    const opened = [
      "aws_api_gateway_usage_plan.preview_stage_usage-plans_plan-partners_8B3D3B0D",
      "aws_api_gateway_stage.preview_stage_8B3D3B0D",
    ].map((address) => resource(address, { action: "create" }));
    expect(check(planned, { ...planned, preview }, ...opened)).toEqual([]);
  });

  test("an API comes and goes with its stage, and with the permission of the alias", () => {
    const own = { strategy: "weighted-alias", versions: [1, 2], stable: 1 };
    const made = [
      "aws_api_gateway_rest_api.api_1A2B3C4D",
      "aws_api_gateway_stage.live-stage_1A2B3C4D",
      "aws_lambda_permission.live_permission_1A2B3C4D",
    ].map((address) => resource(address, { action: "create" }));
    expect(check({ ...own, api: false }, own, ...made)).toEqual([]);
    const gone = made.map((one) => ({ ...one, action: "delete" }) as const);
    expect(check(own, { ...own, api: false }, ...gone)).toEqual([]);
    const alias = resource("aws_lambda_alias.live_1A2B3C4D", { action: "delete" });
    expect(check(own, { ...own, api: false }, ...gone, alias)).toHaveLength(1);
    expect(check(own, { ...own, alarms: { own: ["pager"] } }, ...gone)).toHaveLength(3);
  });

  test("no more", () => {
    const role = resource("aws_iam_role.function_role_2AAB7F1C", {
      action: "replace",
      replacedFor: ["name"],
    });
    const memory = resource("aws_lambda_function.function_F19B1A04", { changed: changed("memory_size") });
    expect(check(at(10), at(25), shift, role, memory)).toEqual([
      "aws_iam_role.function_role will be replaced (name), but nothing in this change explains it",
      "aws_lambda_function.function will be changed in place (memory_size), but nothing in this change explains it",
    ]);
  });

  test("no more, above all to a version that serves users", () => {
    const role = resource("aws_iam_role.version_v1_shop-function_role_457EDD53", { action: "delete" });
    expect(check(two, two, role)).toEqual([
      "aws_iam_role.version_v1_shop-function_role will be destroyed, but nothing in this change explains it; v1 serves 100 %",
    ]);
  });

  test("no more, whatever dots are in the version's name", () => {
    const role = resource("aws_iam_role.version_1-2-3_shop-function_role_457EDD53", { action: "delete" });
    const dotted = { versions: ["1.2.3"], stable: "1.2.3" };
    const files = { "lambdas/shop/1.2.3/shop.ts": handler("1.2.3") };
    const change = between(dotted, dotted, { plan: planOf(role), files, baseFiles: files });
    expect(lines(checkPlannedChanges(change))).toEqual([
      "aws_iam_role.version_1-2-3_shop-function_role will be destroyed, but nothing in this change explains it; 1.2.3 serves 100 %",
    ]);
  });

  test("no less", () => {
    const stale = "it was made from another commit, or is applied already";
    const none = live(split("2", 0.1), split("2", 0.1), { action: "none", changed: [] });
    expect(check(at(10), at(25), none)).toEqual([
      `releases/dev/shop.json:11 the plan lacks this step: shift version 2 to 25 %; ${stale}`,
    ]);
    expect(check({ versions: ["v1"], stable: "v1" }, two)).toEqual([
      `releases/dev/shop.json:5 the plan lacks this step: publish v2; ${stale}`,
    ]);
  });

  test("nothing for a number that is only recorded, and for a share of nothing", () => {
    const none = live(all("1"), all("1"), { action: "none", changed: [] });
    expect(check(own({ versions: [1] }), own({ versions: [1, 2] }), none)).toEqual([]);
    expect(check(own({}), at(0), none)).toEqual([]);
  });

  test("it to the share that the file says", () => {
    expect(check(at(10), at(25), live(split("2", 0.1), split("2", 0.5)))).toEqual([
      "releases/dev/shop.json:11 the plan leads to version 1 50 %, version 2 50 %, but the file says version 1 75 %, version 2 25 %: it was made from another commit",
    ]);
  });

  test("it alone, where it promotes or rolls back", () => {
    const pruned = resource("aws_iam_role.version_v1_shop-function_role_457EDD53", { action: "delete" });
    const preview = resource("aws_api_gateway_stage.preview_stage_1905F659", { action: "delete" });
    const promoted = stage(stageAt(25), stageOf("v2", "d2"));
    const base = { ...two, canary: { version: "v2", percent: 25 } };
    const looked = { ...base, preview: { version: "v2", sources: ["203.0.113.0/24"] } };
    expect(check(base, { versions: ["v2"], stable: "v2" }, promoted, pruned)).toEqual([
      "aws_iam_role.version_v1_shop-function_role will be destroyed in a change that should only promote v2: do that in a change of its own",
    ]);
    expect(check(looked, { ...two, stable: "v2" }, promoted, preview)).toEqual([]);
  });

  test("all of it where nothing is there", () => {
    const made = stage(undefined, stageAt(25), { action: "create" });
    const role = resource("aws_iam_role.version_v1_shop-function_role_457EDD53", { action: "create" });
    const base = { ...two, canary: { version: "v2", percent: 10 } };
    const head = { ...two, canary: { version: "v2", percent: 25 } };
    expect(check(undefined, head, made, role)).toEqual([]);
    expect(check(base, head, role, made)).toEqual([
      "aws_api_gateway_stage.canary-stage is missing, like 2 resources in all: main is not deployed yet, or they were deleted",
    ]);
  });
});

describe("what is live", () => {
  const check = (base: object, ...resources: PlannedResource[]) =>
    lines(checkLiveState(between(base, base, { plan: planOf(...resources) })));
  const canary = { ...two, canary: { version: "v2", percent: 10 } };
  const undone = "the traffic was moved by hand, which an apply would undo, or main is not deployed yet";

  test.each<[string, object, PlannedResource]>([
    ["a stage", canary, stage(stageAt(10), undefined)],
    ["a stage without a canary", two, stage(stageOf("v1", "d1"), undefined)],
    ["a canary that serves nobody", two, stage(stageAt(0), undefined)],
    ["an alias", at(33.3), live(split("2", 0.333), all("1"))],
    ["no stage yet", canary, stage(undefined, stageAt(10), { action: "create" })],
  ])("is what the base says: %s", (_, base, pointer) => {
    expect(check(base, pointer)).toEqual([]);
  });

  test.each<[string, object, PlannedResource, string]>([
    [
      "a canary that somebody dropped",
      canary,
      stage(stageOf("v1", "d1"), stageAt(10)),
      "aws_api_gateway_stage.canary-stage v1 100 % is live, but releases/dev/shop.json of main says v1 90 %, v2 10 %",
    ],
    [
      "a canary that somebody promoted",
      canary,
      stage(stageOf("v2", "d2"), stageAt(10)),
      "aws_api_gateway_stage.canary-stage v2 100 % is live, but releases/dev/shop.json of main says v1 90 %, v2 10 %",
    ],
    [
      "another share",
      canary,
      stage(stageAt(0), stageAt(10)),
      "aws_api_gateway_stage.canary-stage v1 100 % is live, but releases/dev/shop.json of main says v1 90 %, v2 10 %",
    ],
    [
      "a function that no version has",
      two,
      stage({ variables: { shopFunction: "by-hand" }, canary_settings: [] }, undefined),
      "aws_api_gateway_stage.canary-stage by-hand 100 % is live, but releases/dev/shop.json of main says v1 100 %",
    ],
    [
      "an alias with other weights",
      at(10),
      live(split("3", 0.1), split("2", 0.1)),
      "aws_lambda_alias.live version 1 90 %, version 3 10 % is live, but releases/dev/shop.json of main says version 1 90 %, version 2 10 %",
    ],
  ])("is not what the base says: %s", (_, base, pointer, expected) => {
    expect(check(base, pointer)).toEqual([`${expected}: ${undone}`]);
  });

  test("may be what the change is to make of it, as after a rollback in an emergency", () => {
    const plan = planOf(stage(stageOf("v1", "d1"), stageOf("v1", "d1"), { action: "none", changed: [] }));
    const change = between(canary, two, { plan });
    const [note, ...more] = [...checkLiveState(change), ...checkPlannedChanges(change)];
    expect([note?.message, note?.isNote, more]).toEqual([
      "v1 100 % is live, but releases/dev/shop.json of main says v1 90 %, v2 10 %: this change is live already",
      true,
      [],
    ]);
  });

  test("has the deployment of its version on each side", () => {
    const [v1, v2] = [deployment("v1", "d1"), deployment("v2", "d2")];
    expect(check(canary, stage(stageAt(10), undefined), v1, v2)).toEqual([]);
    expect(check(canary, stage(stageAt(10, ["d1", "d1"]), undefined), v1, v2)).toEqual([
      "aws_api_gateway_stage.canary-stage v2 is served from the deployment d1, but main gives it d2: the stage was changed by hand",
    ]);
  });

  test("was not changed outside of Terraform where traffic is concerned", () => {
    const pointer = live(split("2", 0.1), split("2", 0.1), { action: "none", changed: [] });
    const drifted = (...names: string[]) =>
      checkLiveState(
        between(at(10), at(10), {
          plan: { ...planOf(pointer), drifted: [{ ...pointer, changed: changed(...names) }] },
        }),
      );
    expect(lines(drifted("routing_config", "description"))).toEqual([
      "aws_lambda_alias.live was changed outside of Terraform since its last apply (routing_config)",
    ]);
    expect(drifted("description")).toEqual([]);
  });
});

test("a dashboard and what it counts, which an update of the package brings, is a note", () => {
  const create = { action: "create" } as const;
  const plan = planOf(
    resource("aws_cloudwatch_dashboard.dashboard_3A1B2C3D", create),
    resource("aws_cloudwatch_log_metric_filter.access-metrics_canary-5xx_3A1B2C3D", create),
    resource("aws_iam_role.other_3A1B2C3D", create),
  );
  const [board, filter, other] = checkPlannedChanges(between(two, two, { plan }));
  for (const found of [board, filter])
    expect([found?.message, found?.isNote]).toEqual([
      "will be created: an update of lambda-release brings it",
      true,
    ]);
  expect(other?.isNote).toBeUndefined();
  const shown = resource("aws_cloudwatch_dashboard.dashboard_3A1B2C3D", {
    changed: changed("dashboard_body"),
  });
  const [note] = checkPlannedChanges(between(two, two, { plan: planOf(shown) }));
  expect([note?.message, note?.isNote]).toEqual([
    "will be changed in place (dashboard_body): an update of lambda-release, or a change by hand, brings it",
    true,
  ]);
});
