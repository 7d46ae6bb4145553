/** By type of resource the call of AWS's that makes it, and what its arguments are called there. */
export interface Request {
  readonly service: string;
  readonly operation: string;
  /** Arguments that the call has under another name. @default - all have their own */
  readonly renamed?: Readonly<Record<string, string>>;
  /** A block whose arguments the call has by themselves, with the block's name before them. @default - none */
  readonly prefixed?: string;
  /** Arguments that are no part of the call: Terraform's own, or those of another call. @default - none */
  readonly elsewhere?: readonly string[];
}

/** Terraform's own. */
export const ofTerraform = ["//", "depends_on", "lifecycle", "provider", "timeouts"];

export const requests: Readonly<Record<string, Request>> = {
  aws_api_gateway_rest_api: {
    service: "apigateway",
    operation: "CreateRestApi",
  },
  aws_api_gateway_rest_api_put: {
    service: "apigateway",
    operation: "PutRestApi",
  },
  aws_api_gateway_rest_api_policy: {
    service: "apigateway",
    operation: "CreateRestApi",
    elsewhere: ["rest_api_id"],
  },
  aws_api_gateway_deployment: {
    service: "apigateway",
    operation: "CreateDeployment",
    elsewhere: ["triggers"],
  },
  aws_api_gateway_stage: {
    service: "apigateway",
    operation: "CreateStage",
    renamed: { xray_tracing_enabled: "tracingEnabled" },
    // Set by UpdateStage.
    elsewhere: ["access_log_settings"],
  },
  aws_cloudwatch_log_group: {
    service: "logs",
    operation: "CreateLogGroup",
    renamed: { name: "logGroupName" },
    elsewhere: ["retention_in_days"],
  },
  aws_cloudwatch_dashboard: { service: "cloudwatch", operation: "PutDashboard" },
  aws_cloudwatch_log_metric_filter: {
    service: "logs",
    operation: "PutMetricFilter",
    renamed: { name: "filterName", pattern: "filterPattern" },
    // A list of one there, of names that begin with `metric`.
    elsewhere: ["metric_transformation"],
  },
  aws_cloudwatch_event_rule: { service: "events", operation: "PutRule" },
  aws_cloudwatch_metric_alarm: {
    service: "cloudwatch",
    operation: "PutMetricAlarm",
    // In other levels there.
    elsewhere: ["metric_query"],
  },
  aws_codedeploy_app: {
    service: "codedeploy",
    operation: "CreateApplication",
    renamed: { name: "applicationName" },
  },
  aws_codedeploy_deployment_config: { service: "codedeploy", operation: "CreateDeploymentConfig" },
  aws_codedeploy_deployment_group: {
    service: "codedeploy",
    operation: "CreateDeploymentGroup",
    renamed: { app_name: "applicationName" },
  },
  aws_ecr_repository: { service: "ecr", operation: "CreateRepository", renamed: { name: "repositoryName" } },
  aws_ecr_repository_policy: {
    service: "ecr",
    operation: "SetRepositoryPolicy",
    renamed: { repository: "repositoryName", policy: "policyText" },
  },
  aws_ecs_cluster: { service: "ecs", operation: "CreateCluster", renamed: { name: "clusterName" } },
  aws_ecs_service: {
    service: "ecs",
    operation: "CreateService",
    renamed: { name: "serviceName" },
    // One level deeper there.
    elsewhere: ["network_configuration"],
  },
  aws_ecs_task_definition: { service: "ecs", operation: "RegisterTaskDefinition" },
  aws_iam_openid_connect_provider: { service: "iam", operation: "CreateOpenIDConnectProvider" },
  aws_iam_policy: {
    service: "iam",
    operation: "CreatePolicy",
    renamed: { name: "PolicyName", policy: "PolicyDocument" },
  },
  aws_iam_role: {
    service: "iam",
    operation: "CreateRole",
    renamed: { name: "RoleName", assume_role_policy: "AssumeRolePolicyDocument" },
  },
  aws_iam_role_policy: {
    service: "iam",
    operation: "PutRolePolicy",
    renamed: { name: "PolicyName", role: "RoleName", policy: "PolicyDocument" },
  },
  aws_iam_role_policy_attachment: {
    service: "iam",
    operation: "AttachRolePolicy",
    renamed: { role: "RoleName" },
  },
  aws_lambda_alias: { service: "lambda", operation: "CreateAlias" },
  aws_lambda_function: {
    service: "lambda",
    operation: "CreateFunction",
    elsewhere: ["filename", "source_code_hash", "image_uri", "reserved_concurrent_executions"],
  },
  aws_lambda_event_source_mapping: { service: "lambda", operation: "CreateEventSourceMapping" },
  aws_lambda_permission: { service: "lambda", operation: "AddPermission" },
  aws_lambda_provisioned_concurrency_config: {
    service: "lambda",
    operation: "PutProvisionedConcurrencyConfig",
  },
  aws_lb: {
    service: "elbv2",
    operation: "CreateLoadBalancer",
    renamed: { load_balancer_type: "Type" },
    // The scheme, and attributes.
    elsewhere: ["internal", "enable_deletion_protection", "drop_invalid_header_fields"],
  },
  aws_lb_listener: {
    service: "elbv2",
    operation: "CreateListener",
    // A list of them there.
    elsewhere: ["certificate_arn"],
  },
  aws_lb_target_group: { service: "elbv2", operation: "CreateTargetGroup", prefixed: "health_check" },
  aws_sns_topic_subscription: {
    service: "sns",
    operation: "Subscribe",
    // Attributes, a map of text.
    elsewhere: ["filter_policy", "filter_policy_scope", "redrive_policy"],
  },
  aws_s3_bucket: { service: "s3", operation: "CreateBucket" },
  aws_s3_bucket_policy: { service: "s3", operation: "PutBucketPolicy" },
};

/**
 * What has no model that says more than its type: settings that are patched in paths, and networks, of whose numbers
 * EC2's model tells nothing.
 */
export const withoutModel = [
  "aws_api_gateway_account",
  "aws_api_gateway_method_settings",
  // A list of targets, whose parts are no arguments of the call.
  "aws_cloudwatch_event_target",
  "aws_eip",
  "aws_internet_gateway",
  "aws_nat_gateway",
  "aws_route",
  "aws_route_table",
  "aws_route_table_association",
  "aws_s3_bucket_lifecycle_configuration",
  "aws_s3_bucket_public_access_block",
  "aws_s3_bucket_server_side_encryption_configuration",
  "aws_s3_bucket_versioning",
  "aws_security_group",
  "aws_subnet",
  "aws_vpc",
  "aws_vpc_security_group_egress_rule",
  "aws_vpc_security_group_ingress_rule",
];
