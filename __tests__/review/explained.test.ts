import { explanation } from "../../src/review/explain";
import type { PlannedResource } from "../../src/review/plan";
import type { Step } from "../../src/review/step";
import { changed, resource } from "./between";
import {
  create,
  dashboard,
  filter,
  gone,
  lambda,
  live,
  mapping,
  onAnswers,
  replace,
  routingRule,
  stage,
  step,
  unknown,
  webAcl,
} from "./planned-changes";

test.each<[string, PlannedResource, Step]>([
  ["an alarm on answers", onAnswers(create), step("alarms")],
  ["an alarm on answers that goes", onAnswers(gone), step("alarms")],
  [
    "an alarm on answers that is aimed at the version that is published",
    onAnswers({ changed: changed("metric_query") }),
    step("code"),
  ],
  [
    "an alarm on answers with another limit",
    onAnswers({ changed: changed("metric_query", "threshold") }),
    step("alarms"),
  ],
  ["what is counted for an alarm", filter(create), step("alarms")],
  ["what is counted for a dashboard", filter(gone), step("dashboard")],
  ["a dashboard", dashboard(create), step("dashboard")],
  [
    "a dashboard with the alarms of a version that is published",
    dashboard({ changed: changed("dashboard_body") }),
    step("publish", "v2"),
  ],
  [
    "what a version brings",
    resource("aws_iam_role.version_v2_greeting-function_role_051A33F2", create),
    step("publish", "v2"),
  ],
  [
    "what a version with dots brings",
    resource("aws_iam_role.version_1-3-0_shop-function_role_051A33F2", create),
    step("publish", "1.3.0"),
  ],
  [
    "what a version brought",
    resource("aws_api_gateway_deployment.version_v1_deployment_30E182FD", gone),
    step("prune", "v1"),
  ],
  [
    "a definition that comes",
    resource("aws_api_gateway_deployment.definition_21e4ecfa313f4557_26E53050", create),
    step("publish", "2"),
  ],
  [
    "a definition that goes",
    resource("aws_api_gateway_deployment.definition_21e4ecfa313f4557_26E53050", gone),
    step("prune", "1"),
  ],
  ["a web ACL that comes", webAcl(create), step("stage")],
  ["a web ACL that goes", webAcl(gone), step("stage")],
  ["another web ACL", webAcl({ ...replace, replacedFor: ["web_acl_arn"] }), step("stage")],
  [
    "the web ACL of a preview",
    resource("aws_wafv2_web_acl_association.preview_stage_web-acl_3A1B2C3D", create),
    step("open"),
  ],
  ["the file's own variables", stage({ changed: changed("variables") }), step("stage")],
  ["a client certificate", stage({ changed: changed("client_certificate_id") }), step("stage")],
  ["a mapping that comes", mapping(create), step("address")],
  ["a mapping that goes", mapping(gone), step("address")],
  ["a mapping on another domain", mapping({ ...replace, replacedFor: ["domain_name"] }), step("address")],
  ["another base path", mapping({ changed: changed("base_path") }), step("address")],
  ["a preview that comes", resource("aws_lambda_alias.preview-alias_04DEA9D6", create), step("open")],
  [
    "blue that goes",
    resource("aws_api_gateway_method_settings.blue_stage_method-settings_C1F0583B", gone),
    step("close"),
  ],
  [
    "a trigger that comes",
    resource("aws_lambda_event_source_mapping.triggers_orders_mapping_4F27FAC8", create),
    step("triggers"),
  ],
  [
    "a trigger that goes",
    resource("aws_cloudwatch_event_target.triggers_nightly_target_4F27FAC8", gone),
    step("triggers"),
  ],
  [
    "a trigger of another source",
    resource("aws_sns_topic_subscription.triggers_news_subscription_D19E5D9C", replace),
    step("triggers"),
  ],
  [
    "a trigger that changes",
    resource("aws_lambda_event_source_mapping.triggers_orders_mapping_4F27FAC8", {
      changed: changed("batch_size"),
    }),
    step("triggers"),
  ],
  [
    "what the role reads for a trigger",
    resource("aws_iam_role_policy.function_role_policy_640D50FB", { changed: changed("policy") }),
    step("triggers"),
  ],
  [
    "reserved executions of one function",
    lambda("function", "reserved_concurrent_executions"),
    step("reserve", ""),
  ],
  [
    "reserved executions of a version's function",
    lambda("version_v2_greeting-function", "reserved_concurrent_executions"),
    step("reserve", "v2"),
  ],
  [
    "the policy of a preview",
    resource("aws_api_gateway_rest_api_policy.api_policy_B521ACC4", create),
    step("open"),
  ],
  [
    "everything of a first deploy",
    resource("aws_cloudwatch_metric_alarm.server-errors", create),
    step("deploy"),
  ],
  ["everything of a service that goes", stage(gone), step("remove")],
  ["what is adopted", stage({ isImported: true, changed: changed("variables") }), step("adopt")],
  ["the stage of a shift", stage({ changed: changed("canary_settings") }), step("shift", "v2")],
  ["a deployment that only AWS knows", stage({ changed: [unknown("deployment_id")] }), step("promote", "v2")],
  ["tracing of the stage", stage({ changed: changed("xray_tracing_enabled") }), step("stage")],
  [
    "a log group of the stage",
    resource("aws_cloudwatch_log_group.canary-stage_logs_execution_F168D491", create),
    step("stage"),
  ],
  [
    "throttling",
    resource("aws_api_gateway_method_settings.live-stage_method-settings_FBE609C5", {
      changed: changed("settings"),
    }),
    step("stage"),
  ],
  ["the alias of a shift", live("routing_config"), step("shift", "2")],
  [
    "the alias of a switch",
    resource("aws_lambda_alias.green-alias_A2C0B1FB", { changed: changed("function_version") }),
    step("switch"),
  ],
  [
    "an alias for other callers that comes",
    resource("aws_lambda_permission.green-alias_permission_75F8088D", create),
    step("alias"),
  ],
  [
    "an alias for other callers that goes",
    resource("aws_lambda_alias.green-alias_A2C0B1FB", gone),
    step("alias"),
  ],
  [
    "concurrency that comes",
    resource(
      "aws_lambda_provisioned_concurrency_config.version_2_alias_provisioned-concurrency_0A1B2C3D",
      create,
    ),
    step("concurrency", "2"),
  ],
  [
    "the definition that is worked on",
    resource("aws_api_gateway_rest_api_put.api_definition_DC3BA047", { changed: changed("body") }),
    step("api"),
  ],
  [
    "the protection of an API, when it is asked for",
    resource("terraform_data.api_protection_0C8A4B1D", create),
    step("environment"),
  ],
  ["code that is published", lambda("function", "source_code_hash"), step("code", "")],
  ["code of a version", lambda("version_v2_greeting-function", "source_code_hash"), step("code", "v2")],
  ["an image", lambda("function", "image_uri"), step("settings", "")],
  [
    "a role that may do more",
    resource("aws_iam_role_policy.function_role_policy_640D50FB", { changed: changed("policy") }),
    step("settings", ""),
  ],
  [
    "a boundary of a role",
    resource("aws_iam_role.version_v1_greeting-function_role_457EDD53", {
      changed: changed("permissions_boundary"),
    }),
    step("boundary"),
  ],
  [
    "a role in another path",
    resource("aws_iam_role.version_v1_greeting-function_role_in-path_457EDD53", create),
    step("boundary"),
  ],
  [
    "the role that was there before it",
    resource("aws_iam_role.version_v1_greeting-function_role_457EDD53", { action: "forget" }),
    step("boundary"),
  ],
  [
    "a function that gets the other role, and is published with it",
    resource("aws_lambda_function.function_70D20236", {
      changed: ["qualified_arn", "role", "version"].map(unknown),
    }),
    step("boundary"),
  ],
  [
    "CodeDeploy, which gets another role",
    resource("aws_codedeploy_deployment_group.rollout_8C2B1A00", { changed: changed("service_role_arn") }),
    step("boundary"),
  ],
  [
    "an alarm that is aimed at the next version",
    resource("aws_cloudwatch_metric_alarm.version-alarms_errors_BE584A23", {
      changed: changed("dimensions"),
    }),
    step("code", ""),
  ],
  [
    "an alarm with another threshold",
    resource("aws_cloudwatch_metric_alarm.version_v2_shop-alarms_errors_BE584A23", {
      changed: changed("threshold"),
    }),
    step("alarms"),
  ],
  [
    "the alarms of versions, when they are asked for",
    resource("aws_cloudwatch_metric_alarm.version_2_alarms_errors_BE584A23", create),
    step("alarms"),
  ],
  [
    "a deployment group with another alarm",
    resource("aws_codedeploy_deployment_group.rollout_8804D6BD", { changed: changed("alarm_configuration") }),
    step("alarms"),
  ],
  [
    "a configuration with other numbers",
    resource("aws_codedeploy_deployment_config.rollout_config_8804D6BD", replace),
    step("rollout"),
  ],
  [
    "the code of a hook",
    resource("aws_lambda_function.before-traffic-hook_function_70D20236", {
      changed: changed("source_code_hash"),
    }),
    step("hooks"),
  ],
  ["tags of anything", live("tags_all"), step("tags")],
  [
    "a preview's deployment made anew",
    resource("aws_api_gateway_deployment.preview_deployment_DD50BEC5", replace),
    step("reopen"),
  ],
  ["the header of a preview that is there", routingRule(create), step("reopen")],
  ["the header of a preview that comes", routingRule(create), step("open")],
  ["the header of a preview that stays", routingRule(gone), step("reopen")],
  ["the header of a preview that goes", routingRule(gone), step("close")],
  ["another header", routingRule({ changed: changed("condition", "priority") }), step("reopen")],
  ["a header on another base path", routingRule({ changed: changed("condition") }), step("address")],
  [
    "a header on another domain",
    routingRule({ action: "replace", changed: changed("domain_name"), replacedFor: ["domain_name"] }),
    step("address"),
  ],
  [
    "a preview's stage",
    resource("aws_api_gateway_stage.preview_stage_1905F659", { changed: [unknown("deployment_id")] }),
    step("reopen"),
  ],
])("%s is explained", (_, one, by) => {
  expect(explanation(one, [by])).toEqual([by]);
});

test("each argument may have a step of its own", () => {
  const steps = [step("shift", "v2"), step("tags")];
  expect(explanation(stage({ changed: changed("canary_settings", "tags_all") }), steps)).toEqual(steps);
});
