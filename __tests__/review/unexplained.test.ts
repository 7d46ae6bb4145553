import { explanation } from "../../src/review/explain";
import type { PlannedResource } from "../../src/review/plan";
import type { Step } from "../../src/review/step";
import { changed, resource } from "./between";
import { create, gone, lambda, live, mapping, replace, routingRule, stage, step } from "./planned-changes";

test.each<[string, PlannedResource, Step]>([
  [
    "an alarm that is dropped with code",
    resource("aws_cloudwatch_metric_alarm.version-alarms_errors_BE584A23", gone),
    step("code", ""),
  ],
  [
    "an alarm with another threshold, with code",
    resource("aws_cloudwatch_metric_alarm.version-alarms_errors_BE584A23", { changed: changed("threshold") }),
    step("code", ""),
  ],
  [
    "what another version brings",
    resource("aws_iam_role.version_v2_greeting-function_role_051A33F2", create),
    step("publish", "v3"),
  ],
  [
    "what a version brings that is pruned",
    resource("aws_iam_role.version_v2_greeting-function_role_051A33F2", create),
    step("prune", "v2"),
  ],
  ["a stage that goes with a shift", stage(gone), step("shift", "v2")],
  [
    "an alias that goes with a switch",
    resource("aws_lambda_alias.green-alias_A2C0B1FB", gone),
    step("switch"),
  ],
  ["a mapping, of a step that moves traffic", mapping({ changed: changed("stage_name") }), step("shift")],
  ["a stage that is replaced by its name", stage({ ...replace, replacedFor: ["stage_name"] }), step("stage")],
  [
    "a replaced role of a version",
    resource("aws_iam_role.version_v2_greeting-function_role_051A33F2", replace),
    step("publish", "v2"),
  ],
  [
    "logs dropped with a shift",
    stage({ changed: changed("canary_settings", "access_log_settings") }),
    step("shift", "v2"),
  ],
  ["an alias that moves with code", live("function_version"), step("code", "")],
  ["memory that changes with code", lambda("function", "source_code_hash", "memory_size"), step("code", "")],
  ["code of another version", lambda("version_v1_greeting-function", "source_code_hash"), step("code", "v2")],
  ["code that changes with its settings alone", lambda("function", "source_code_hash"), step("settings", "")],
  ["tags that change with a stage", live("tags_all"), step("stage")],
  [
    "a role whose name changes",
    resource("aws_iam_role.function_role_2AAB7F1C", { changed: changed("name") }),
    step("settings", ""),
  ],
  [
    "an alarm that a stack adds",
    resource("aws_cloudwatch_metric_alarm.server-errors", create),
    step("publish", "v2"),
  ],
  [
    "an alias that comes with its concurrency",
    resource("aws_lambda_alias.live_BCEC2B85", create),
    step("concurrency"),
  ],
  [
    "a preview that comes with settings of the stage",
    resource("aws_api_gateway_stage.preview_stage_1905F659", create),
    step("stage"),
  ],
  ["a change that is none", stage({ changed: [] }), step("shift", "v2")],
  ["a replaced API", resource("aws_api_gateway_rest_api.api_C8550315", replace), step("api")],
  ["a header beside settings of the stage", routingRule({ changed: changed("condition") }), step("stage")],
  ["a header of an open preview without a step of it", routingRule(create), step("address")],
  [
    "a replaced stage of a preview",
    resource("aws_api_gateway_stage.preview_stage_1905F659", replace),
    step("reopen"),
  ],
  [
    "a deployment of users that is made anew",
    resource("aws_api_gateway_deployment.version_v1_deployment_30E182FD", replace),
    step("api", "v1"),
  ],
  [
    "a deployment of a definition that is made anew",
    resource("aws_api_gateway_deployment.definition_21e4ecfa313f4557_26E53050", replace),
    step("api"),
  ],
  ["what is forgotten", stage({ action: "forget" }), step("remove")],
])("%s is not explained", (_, one, by) => {
  expect(explanation(one, [by])).toEqual([]);
});
