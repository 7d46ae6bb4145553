import { join } from "node:path";
import { integrationUri } from "../../release/definition/integration-uri";
import { folderDigest } from "../../synth/folder-digest";
import { accountId } from "../account";
import { arn, type BlockType, type Place, type Treatment } from "./block-type";
import type { Arguments } from "./configuration";
import { containerTypes, networkTypes } from "./container-types";
import { passedOverType, readFromAws } from "./passed-over-types";

/** @param name a function's name, with a qualifier after it for an alias */
function functionArns(place: Place, name: string) {
  return {
    arn: arn(place, "lambda", `function:${name}`),
    invoke_arn: integrationUri({ ...place, accountId }, name),
  };
}

/** The function that an alias or a permission is of: the provider takes its name or its ARN. */
export function nameOfFunction({ function_name }: Arguments): string {
  return String(function_name).replace(/^arn:.*:function:/, "");
}

const blockTypes: Readonly<Record<string, BlockType>> = {
  "data.aws_partition": { arguments: {}, attributes: (_, __, { partition }) => ({ partition }) },
  "data.aws_region": { arguments: {}, attributes: (_, __, { region }) => ({ id: region }) },
  "data.aws_caller_identity": { arguments: {}, attributes: () => ({ account_id: accountId }) },
  // What is read back is what was applied: nothing fails here.
  "data.aws_lambda_function": {
    arguments: { function_name: "used", qualifier: "unnoticed" },
    attributes: () => ({}),
  },
  // Nothing is there before a rehearsal.
  "data.aws_cloudwatch_log_groups": {
    arguments: { log_group_name_prefix: "unnoticed" },
    attributes: () => ({ log_group_names: [] }),
  },
  "data.archive_file": {
    arguments: { type: "used", source_dir: "used", output_path: "used", output_file_mode: "used" },
    attributes: (args, _, { folder }) => ({
      output_base64sha256: folderDigest(join(folder, String(args["source_dir"]))),
    }),
  },
  aws_api_gateway_rest_api: {
    arguments: {
      name: "used",
      body: "used",
      policy: "used",
      // They stand in the body too.
      binary_media_types: "unnoticed",
      endpoint_configuration: { types: "unnoticed" },
    },
    attributes: (_, id, place) => ({ id, execution_arn: arn(place, "execute-api", id) }),
  },
  aws_api_gateway_rest_api_put: {
    arguments: { rest_api_id: "used", body: "used", fail_on_warnings: "unnoticed" },
    attributes: () => ({}),
  },
  aws_api_gateway_rest_api_policy: {
    arguments: { rest_api_id: "used", policy: "used" },
    attributes: () => ({}),
  },
  aws_api_gateway_deployment: {
    arguments: { rest_api_id: "used", triggers: "used", description: "unnoticed" },
    attributes: (_, id) => ({ id }),
  },
  aws_api_gateway_stage: {
    arguments: {
      rest_api_id: "used",
      stage_name: "used",
      deployment_id: "used",
      variables: "used",
      canary_settings: {
        percent_traffic: "used",
        deployment_id: "used",
        stage_variable_overrides: "used",
        // The rehearsal has no cache, as a stage has none unless it is asked for.
        use_stage_cache: "unnoticed",
      },
      access_log_settings: "unnoticed",
      xray_tracing_enabled: "unnoticed",
      description: "unnoticed",
      // API Gateway shows it to HTTP backends, and no function is one.
      client_certificate_id: "unnoticed",
    },
    attributes: (args, _, { region, dnsSuffix, partition }) => ({
      id: `ags-${args["rest_api_id"]}-${args["stage_name"]}`,
      arn: `arn:${partition}:apigateway:${region}::/restapis/${args["rest_api_id"]}/stages/${args["stage_name"]}`,
      invoke_url: `https://${args["rest_api_id"]}.execute-api.${region}.${dnsSuffix}/${args["stage_name"]}`,
    }),
  },
  aws_api_gateway_method_settings: {
    arguments: {
      rest_api_id: "used",
      stage_name: "used",
      method_path: "used",
      settings: {
        throttling_rate_limit: "used",
        throttling_burst_limit: "used",
        metrics_enabled: "unnoticed",
        logging_level: "unnoticed",
      },
    },
    attributes: () => ({}),
  },
  aws_api_gateway_api_key: {
    arguments: { name: "used", description: "unnoticed" },
    attributes: (_, id) => ({ id }),
  },
  aws_api_gateway_usage_plan: {
    arguments: {
      name: "used",
      description: "unnoticed",
      api_stages: { api_id: "used", stage: "used" },
      throttle_settings: { rate_limit: "used", burst_limit: "used" },
      quota_settings: { limit: "used", period: "used" },
    },
    attributes: (_, id) => ({ id }),
  },
  aws_api_gateway_usage_plan_key: {
    arguments: { usage_plan_id: "used", key_id: "used", key_type: "unnoticed" },
    attributes: (_, id) => ({ id }),
  },
  aws_lambda_function: {
    arguments: {
      function_name: "used",
      publish: "used",
      package_type: "used",
      filename: "used",
      image_uri: "used",
      image_config: "unnoticed",
      source_code_hash: "used",
      // What is in S3 is not here: such a function is not run.
      s3_bucket: "used",
      s3_key: "used",
      s3_object_version: "used",
      layers: "used",
      handler: "used",
      runtime: "used",
      memory_size: "used",
      timeout: "used",
      environment: { variables: "handed on" },
      role: "unnoticed",
      description: "unnoticed",
      tags: "unnoticed",
      architectures: "used",
      vpc_config: "unnoticed",
      dead_letter_config: "unnoticed",
      tracing_config: "unnoticed",
      ephemeral_storage: "unnoticed",
      // Only 0 is noticed: the rehearsal starts as many executions as it needs.
      reserved_concurrent_executions: "used",
      kms_key_arn: "unnoticed",
      logging_config: { log_format: "used", application_log_level: "used", system_log_level: "unnoticed" },
      snap_start: "unnoticed",
    },
    attributes: (args, _, place) => functionArns(place, String(args["function_name"])),
  },
  aws_lambda_layer_version: {
    arguments: {
      layer_name: "used",
      filename: "used",
      source_code_hash: "used",
      // What is in S3 is not here: functions with such a layer are not run.
      s3_bucket: "used",
      s3_key: "used",
      s3_object_version: "used",
      compatible_architectures: "unnoticed",
      compatible_runtimes: "unnoticed",
      description: "unnoticed",
      license_info: "unnoticed",
      skip_destroy: "unnoticed",
    },
    attributes: (args, _, place, generation) => ({
      arn: arn(place, "lambda", `layer:${args["layer_name"]}:${generation + 1}`),
    }),
  },
  aws_lambda_alias: {
    arguments: {
      name: "used",
      description: "unnoticed",
      function_name: "used",
      function_version: "used",
      routing_config: { additional_version_weights: "used" },
    },
    attributes: (args, _, place) => functionArns(place, `${nameOfFunction(args)}:${args["name"]}`),
  },
  aws_lambda_provisioned_concurrency_config: {
    arguments: {
      function_name: "used",
      qualifier: "used",
      // Here every function is started when it is called.
      provisioned_concurrent_executions: "unnoticed",
      skip_destroy: "unnoticed",
    },
    attributes: () => ({}),
  },
  aws_lambda_permission: {
    arguments: {
      statement_id: "unnoticed",
      action: "used",
      function_name: "used",
      qualifier: "used",
      principal: "used",
      source_arn: "used",
      source_account: "unnoticed",
    },
    attributes: () => ({}),
  },
  aws_cloudwatch_log_group: {
    arguments: { name: "unnoticed", retention_in_days: "unnoticed" },
    attributes: (args, _, place) => ({ arn: arn(place, "logs", `log-group:${args["name"]}`) }),
  },
  aws_iam_role: {
    arguments: {
      name: "unnoticed",
      path: "unnoticed",
      assume_role_policy: "unnoticed",
      permissions_boundary: "unnoticed",
    },
    attributes: ({ name, path = "/" }, _, { partition }) => ({
      arn: `arn:${partition}:iam::${accountId}:role${path}${name}`,
    }),
  },
  aws_iam_role_policy: {
    arguments: { name: "unnoticed", role: "unnoticed", policy: "unnoticed" },
    attributes: () => ({}),
  },
  ...containerTypes,
};

/** Types of this project's own stacks that no caller notices, whatever their arguments: they need no word. */
const unnoticedTypes = [
  // The rehearsal serves the stages without the domain.
  "aws_apigatewayv2_routing_rule",
  "aws_cloudwatch_dashboard",
  "aws_cloudwatch_event_rule",
  "aws_cloudwatch_event_target",
  "aws_cloudwatch_log_metric_filter",
  "aws_cloudwatch_metric_alarm",
  "aws_codedeploy_app",
  "aws_codedeploy_deployment_config",
  "aws_codedeploy_deployment_group",
  "aws_iam_policy",
  "aws_iam_role_policy_attachment",
  "aws_lambda_event_source_mapping",
  "aws_sns_topic",
  "aws_sns_topic_subscription",
  // They protect others from being destroyed.
  "terraform_data",
  ...networkTypes,
];

/**
 * The type of a block, with every argument known where it is rehearsed.
 *
 * @throws on a type or an argument that the rehearsal does not know: it may change what users see
 */
export function blockType(address: string, type: string, args: Arguments): BlockType {
  if (unnoticedTypes.includes(type)) {
    // A target of a rule is given the ARN of what it invokes.
    return {
      arguments: {},
      attributes: (args, id) => ({ id, arn: args["arn"] ?? `arn:aws:unnoticed:::${id}` }),
    };
  }
  const isData = address.startsWith("data.");
  const known = blockTypes[isData ? `data.${type}` : type];
  if (known === undefined) {
    const beside = isData ? readFromAws : passedOverType(type);
    if (beside !== undefined) return beside;
    throw new Error(`${address}: the rehearsal does not know ${type}, which may change what requests get`);
  }
  checkArguments(address, args, known.arguments, "");
  return known;
}

function checkArguments(
  address: string,
  args: object,
  known: Readonly<Record<string, Treatment>>,
  path: string,
): void {
  for (const [name, value] of Object.entries(args)) {
    const treatment = known[name];
    if (treatment === undefined) {
      throw new Error(`${address}: the rehearsal does not know the argument '${path}${name}'`);
    }
    if (typeof treatment === "string" || value === null) continue;
    for (const one of Array.isArray(value) ? value : [value]) {
      checkArguments(address, one, treatment, `${path}${name}.`);
    }
  }
}
