import type { PlannedResource } from "../../src/review/plan";
import type { Step, StepKind } from "../../src/review/step";
import { changed, resource } from "./between";

export const step = (kind: StepKind, version?: string): Step => ({
  kind,
  text: kind,
  shownBy: "",
  field: [],
  version,
});
export const [create, gone, replace] = [
  { action: "create" },
  { action: "delete" },
  { action: "replace" },
] as const;
export const unknown = (name: string) => ({ name, isUnknown: true });

export const stage = (fields: Partial<PlannedResource>) =>
  resource("aws_api_gateway_stage.canary-stage_EA838A75", fields);
export const mapping = (fields: Partial<PlannedResource>) =>
  resource("aws_api_gateway_base_path_mapping.base-path_0D5A1C2E", fields);
export const routingRule = (fields: Partial<PlannedResource>) =>
  resource("aws_apigatewayv2_routing_rule.preview_routing-rule_3A1B2C3D", fields);
export const webAcl = (fields: Partial<PlannedResource>) =>
  resource("aws_wafv2_web_acl_association.canary-stage_web-acl_3A1B2C3D", fields);
export const live = (...names: string[]) =>
  resource("aws_lambda_alias.live_BCEC2B85", { changed: changed(...names) });
export const lambda = (address: string, ...names: string[]) =>
  resource(`aws_lambda_function.${address}_70D20236`, {
    changed: [...changed(...names), unknown("last_modified"), unknown("version")],
  });

export const onAnswers = (fields: Partial<PlannedResource>) =>
  resource("aws_cloudwatch_metric_alarm.stage-alarms_answers_3A1B2C3D", fields);
export const filter = (fields: Partial<PlannedResource>) =>
  resource("aws_cloudwatch_log_metric_filter.access-metrics_canary-5xx_3A1B2C3D", fields);
export const dashboard = (fields: Partial<PlannedResource>) =>
  resource("aws_cloudwatch_dashboard.dashboard_3A1B2C3D", fields);
