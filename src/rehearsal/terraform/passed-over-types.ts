import { accountId } from "../account";
import { arn, type BlockType, type Place } from "./block-type";
import type { Arguments } from "./configuration";

/**
 * What a stack may have beside its API and functions. A family stands here only if nothing in it routes, admits or
 * changes a request to the API, and nothing in it is code or a setting that the service's handlers run with. What a
 * function takes from one of them (a layer, a file system) is an argument of the function, and is judged there.
 */
const families: Readonly<Record<string, readonly string[]>> = {
  "data that handlers keep": [
    "aws_backup_*",
    "aws_dax_*",
    "aws_db_*",
    "aws_docdb_*",
    "aws_dynamodb_*",
    "aws_efs_*",
    "aws_elasticache_*",
    "aws_kms_*",
    "aws_memorydb_*",
    "aws_neptune_*",
    "aws_opensearch_*",
    "aws_rds_*",
    "aws_redshift*",
    "aws_s3_*",
    "aws_secretsmanager_*",
    "aws_ssm_parameter",
    "aws_timestream*",
  ],
  "messages, events and schedules": [
    "aws_cloudwatch_event_*",
    "aws_kinesis_*",
    "aws_mq_*",
    "aws_msk_*",
    "aws_pipes_pipe",
    "aws_scheduler_*",
    "aws_schemas_*",
    "aws_ses_*",
    "aws_sesv2_*",
    "aws_sfn_*",
    "aws_sns_*",
    "aws_sqs_*",
  ],
  "how else functions are invoked": [
    "aws_lambda_event_source_mapping",
    "aws_lambda_function_event_invoke_config",
    "aws_lambda_function_recursion_config",
    "aws_lambda_function_url",
  ],
  "names and certificates of the API": [
    "aws_acm_certificate",
    "aws_acm_certificate_validation",
    "aws_api_gateway_base_path_mapping",
    "aws_api_gateway_client_certificate",
    "aws_api_gateway_domain_name",
    "aws_api_gateway_domain_name_access_association",
    "aws_apigatewayv2_api_mapping",
    "aws_apigatewayv2_domain_name",
    "aws_route53_*",
  ],
  "guards of the API": [
    "aws_api_gateway_api_key",
    "aws_api_gateway_usage_plan",
    "aws_api_gateway_usage_plan_key",
    "aws_shield_*",
    "aws_wafregional_*",
    "aws_wafv2_*",
  ],
  "what is in front of the API": ["aws_cloudfront_*"],
  "users and rights": ["aws_cognito_*", "aws_iam_*"],
  "what watches and scales": [
    "aws_api_gateway_account",
    "aws_api_gateway_documentation_*",
    "aws_appautoscaling_*",
    "aws_budgets_*",
    "aws_cloudwatch_*",
    "aws_ecs_cluster_capacity_providers",
    "aws_kinesis_firehose_delivery_stream",
    "aws_oam_*",
    "aws_resourcegroups_group",
    "aws_synthetics_*",
    "aws_xray_*",
    "datadog_*",
    "grafana_*",
    "newrelic_*",
    "pagerduty_*",
  ],
  "network and images": [
    "aws_default_*",
    "aws_ecr_*",
    "aws_eip_association",
    "aws_lb_listener_certificate",
    "aws_network_*",
    "aws_security_group_rule",
    "aws_service_discovery_*",
    "aws_vpc_*",
  ],
  // What a module makes stands in no stack: a run says that it is not rehearsed.
  "values, steps and modules of Terraform": ["module", "null_resource", "random_*", "time_*", "tls_*"],
};

/** What may happen to a request in AWS that does not happen here: a run says so. */
const unrehearsed: Readonly<Record<string, string>> = {
  aws_api_gateway_usage_plan: "a usage plan: in AWS it may throttle requests",
  aws_cloudfront_distribution: "CloudFront: in AWS it may answer and change requests",
  aws_lambda_function_url: "a function URL: only requests to the API are rehearsed",
  module: "a Terraform module: what it makes is not known here",
  aws_wafregional_web_acl_association: "a web ACL: in AWS it may refuse requests",
  aws_wafv2_web_acl_association: "a web ACL: in AWS it may refuse requests",
};

const patterns = Object.values(families).flat();

/** Whether no request of a rehearsal notices a resource of that type. */
export function isPassedOver(type: string): boolean {
  return patterns.some((one) => (one.endsWith("*") ? type.startsWith(one.slice(0, -1)) : type === one));
}

/** How a resource is treated that no request notices. @returns nothing for a type that may change answers */
export function passedOverType(type: string): BlockType | undefined {
  if (!isPassedOver(type)) return undefined;
  return {
    arguments: {},
    attributes: (args, id, place) => ({
      id,
      arn: arn(place, serviceOf(type), `${type}/${args["name"] ?? id}`),
      ...addressed[type]?.(args, id, place),
    }),
    passedOver: { unrehearsed: unrehearsed[type] },
  };
}

/** A data source only reads: what it reads is known to AWS alone, and may not decide an answer here. */
export const readFromAws: BlockType = { arguments: {}, attributes: () => ({}), passedOver: {} };

function serviceOf(type: string): string {
  return type.split("_")[1] ?? type;
}

type Addressed = (args: Arguments, id: string, place: Place) => Record<string, unknown>;

const named = (service: string, resource: (name: string) => string): Addressed => {
  return ({ name }, id, place) => {
    const own = String(name ?? id);
    return { name: own, arn: arn(place, service, resource(own)) };
  };
};

/** The id of some is their ARN. */
const identifiedByArn = (attributes: Addressed): Addressed => {
  return (...given) => {
    const all = attributes(...given);
    return { ...all, id: all["arn"] };
  };
};

/** What handlers usually get to know, in the form that AWS gives it. */
const addressed: Readonly<Record<string, Addressed>> = {
  aws_cloudwatch_event_bus: named("events", (name) => `event-bus/${name}`),
  aws_cloudwatch_event_rule: named("events", (name) => `rule/${name}`),
  aws_dynamodb_table: (...given) => {
    const all = named("dynamodb", (name) => `table/${name}`)(...given);
    return { ...all, id: all["name"] };
  },
  aws_kinesis_stream: identifiedByArn(named("kinesis", (name) => `stream/${name}`)),
  aws_s3_bucket: ({ bucket }, id, { partition, region, dnsSuffix }) => {
    const name = String(bucket ?? id);
    return {
      id: name,
      bucket: name,
      arn: `arn:${partition}:s3:::${name}`,
      bucket_regional_domain_name: `${name}.s3.${region}.${dnsSuffix}`,
    };
  },
  aws_secretsmanager_secret: identifiedByArn((args, id, place) =>
    named("secretsmanager", (name) => `secret:${name}-${id.slice(0, 6)}`)(args, id, place),
  ),
  aws_sfn_state_machine: identifiedByArn(named("states", (name) => `stateMachine:${name}`)),
  aws_sns_topic: identifiedByArn(named("sns", (name) => name)),
  aws_sqs_queue: (args, id, place) => {
    const all = named("sqs", (name) => name)(args, id, place);
    const url = `https://sqs.${place.region}.${place.dnsSuffix}/${accountId}/${all["name"]}`;
    return { ...all, id: url, url };
  },
  aws_ssm_parameter: (args, id, place) => {
    const all = named("ssm", (name) => `parameter/${name.replace(/^\//, "")}`)(args, id, place);
    return { ...all, id: all["name"] };
  },
};
