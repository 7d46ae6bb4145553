import { partOf } from "../../src/review/part";
import { readPlan } from "../../src/review/plan";
import { planFiles } from "../support/repository";

const api = {
  address: "aws_api_gateway_rest_api.api_C8550315",
  mode: "managed",
  type: "aws_api_gateway_rest_api",
  change: {
    actions: ["no-op"],
    before: { name: "shop-dev" },
    after: { name: "shop-dev" },
    after_unknown: {},
  },
};
const plan = { format_version: "1.2", complete: true, errored: false, resource_changes: [api] };
const read = (json: object | string) => readPlan(planFiles(json)[0] as string);
const refused = (json: object | string) => {
  try {
    return `read: ${read(json).stack}`;
  } catch (error) {
    return (error as Error).message.replace(/^\S+/, "");
  }
};
const format = "must be what 'terraform show -json' prints of a plan, of format 1, got format";

test("a plan names its stack, which an adopted API gets the name of", () => {
  const change = {
    ...api.change,
    before: { name: "Old shop" },
    importing: { id: "a1b2c3" },
    actions: ["update"],
  };
  expect(read(plan).stack).toBe("shop-dev");
  expect(read({ ...plan, resource_changes: [{ ...api, change }] })).toMatchObject({
    stack: "shop-dev",
    resources: [{ isImported: true, action: "update", changed: [{ name: "name", isUnknown: false }] }],
  });
});

test("a service of containers names its stack too, by its load balancer", () => {
  const balancer = { ...api, address: "aws_lb.load-balancer_C8550315", type: "aws_lb" };
  expect(read({ ...plan, resource_changes: [balancer] }).stack).toBe("shop-dev");
});

test("a plan tells what was stopped, where it read that", () => {
  const stop = { version: "v2", at: "2026-11-27T10:00:00Z" };
  const parameter = (address: string) => ({
    address: `data.aws_ssm_parameter.${address}`,
    mode: "data",
    type: "aws_ssm_parameter",
    values: { insecure_value: JSON.stringify({ stops: [stop] }) },
  });
  const stopsIn = (...resources: object[]) =>
    read({ ...plan, prior_state: { values: { root_module: { resources } } } }).stops;
  expect(stopsIn(parameter("stops_value_A00F6B5A"))).toEqual([stop]);
  expect(stopsIn(parameter("secret_value_A00F6B5A"))).toEqual([]);
  expect(read(plan).stops).toEqual([]);
});

test("a plan of everything going names the stack that goes", () => {
  const change = { ...api.change, after: null, actions: ["delete"] };
  expect(read({ ...plan, resource_changes: [{ ...api, change }] }).stack).toBe("shop-dev");
});

test.each([
  ["no JSON", "Plan: 0 to add", " must be JSON, as 'terraform show -json <plan>' prints it"],
  ["another JSON", "null", ` ${format} none`],
  ["a format that is to come", { ...plan, format_version: "2.0" }, ` ${format} 2.0`],
  ["a state", { format_version: "1.0", values: {} }, " must be a plan, but is a state"],
  ["a plan that failed", { ...plan, errored: true }, " must be a plan that was made without errors"],
  [
    "a part of a plan",
    { ...plan, complete: false },
    " must be a plan of the whole stack, made without '-target' and deferred changes",
  ],
  [
    "no service's plan",
    { ...plan, resource_changes: [] },
    " must be a plan of a service's stack, but has no REST API, load balancer or function of a service",
  ],
])("%s is refused", (_, json, message) => {
  expect(refused(json)).toBe(message);
});

test("a file that is not there is refused", () => {
  expect(() => readPlan("nowhere.json")).toThrow("nowhere.json must exist and be readable");
});

test.each([
  [["create"], {}, "create"],
  [["delete", "create"], { replace_paths: [["stage_name"]] }, "replace"],
  [["create", "delete"], { replace_paths: [["triggers", "fingerprint"]] }, "replace"],
  [["no-op"], { importing: { id: "a" } }, "import"],
  [["forget"], {}, "forget"],
  [["no-op"], {}, "none"],
  [["read"], {}, "none"],
])("%j is one action", (actions, more, action) => {
  const other = {
    ...api,
    address: "aws_iam_role.function_role_2AAB7F1C",
    change: { ...api.change, ...more, actions },
  };
  expect(read({ ...plan, resource_changes: [api, other] }).resources[1]?.action).toBe(action);
});

test("an argument changes to another value, or to what only AWS knows", () => {
  const change = {
    actions: ["update"],
    before: { id: "a", body: "1", tags: { a: "b" }, list: [1] },
    after: { id: "a", body: "2", tags: { a: "b" }, list: [1] },
    after_unknown: { list: [false], version: true, settings: [{ arn: true }] },
  };
  const other = { ...api, address: "aws_iam_role.function_role_2AAB7F1C", change };
  expect(read({ ...plan, resource_changes: [api, other] }).resources[1]?.changed).toEqual([
    { name: "body", isUnknown: false },
    { name: "settings", isUnknown: true },
    { name: "version", isUnknown: true },
  ]);
});

test.each([
  ["aws_lambda_function.version_v2-1_greeting-function_70D20236", { of: "version", version: "v2-1" }],
  ["aws_lambda_alias.version_12_alias_148F0CE5", { of: "version", version: "12" }],
  [
    "aws_api_gateway_deployment.definition_21e4ecfa313f4557_26E53050",
    { of: "definition", fingerprint: "21e4ecfa313f4557" },
  ],
  ["aws_lambda_function.function_F19B1A04", { of: "function" }],
  ["aws_iam_role.function_role_2AAB7F1C", { of: "function" }],
  ["aws_lambda_alias.live_BCEC2B85", { of: "alias" }],
  ["aws_lambda_permission.green-alias_permission_75F8088D", { of: "alias" }],
  ["aws_api_gateway_base_path_mapping.base-path_0D5A1C2E", { of: "address" }],
  ["aws_api_gateway_stage.live-stage_B324416B", { of: "stage" }],
  ["aws_api_gateway_method_settings.green-stage_method-settings_992A2B2D", { of: "stage settings" }],
  ["aws_cloudwatch_log_group.canary-stage_logs_access-canary_F168D491", { of: "stage logs" }],
  ["aws_lambda_alias.preview-alias_04DEA9D6", { of: "temporary" }],
  ["aws_cloudwatch_log_group.blue_stage_logs_access_8EB1173D", { of: "temporary" }],
  ["aws_api_gateway_rest_api_policy.api_policy_B521ACC4", { of: "policy" }],
  ["aws_api_gateway_rest_api.api_C8550315", { of: "api" }],
  ["aws_api_gateway_rest_api_put.api_definition_DC3BA047", { of: "working definition" }],
  ["terraform_data.canary-stage_protection_0C8A4B1D", { of: "protection" }],
  ["terraform_data.load-balancer_listener-protection_0C8A4B1D", { of: "protection" }],
  ["aws_cloudwatch_metric_alarm.server-errors", { of: "other" }],
  ["aws_lb.load-balancer_D8F84775", { of: "load balancer" }],
  ["aws_ecs_task_definition.version_v1_D2435272", { of: "version", version: "v1" }],
  ["aws_cloudwatch_metric_alarm.blue-alarms_errors_9B31DA6C", { of: "alarms" }],
  ["aws_lambda_function.after-allow-test-traffic-hook_function_F42A62B5", { of: "hooks" }],
  ["aws_security_group.hooks-security-group_9B31DA6C", { of: "hooks" }],
  ["aws_vpc_security_group_ingress_rule.load-balancer_security-group_hooks-test_9B31DA6C", { of: "hooks" }],
  ["aws_ecs_service.containers_0B3DB011", { of: "containers" }],
  ["aws_lb_target_group.load-balancer_blue_0B3DB011", { of: "containers" }],
  ["aws_iam_role_policy.tasks_execution-policy_0B3DB011", { of: "tasks" }],
])("%s is known by its address", (address, part) => {
  expect(partOf(address)).toEqual(part);
});
