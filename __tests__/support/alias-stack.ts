import { join } from "node:path";
import { type Configuration, readConfiguration } from "../../src/rehearsal/terraform/configuration";
import { temporaryFolder, writeFiles } from "./project";

type Arguments = Record<string, unknown>;

/** Terraform JSON of one function that publishes versions, behind an API that names its aliases. */
export interface AliasStack {
  /** The handler's answer, in JavaScript, of `event` and `context`. @default - the version that runs */
  readonly answer?: string;
  /** Arguments of the function. */
  readonly lambda?: Arguments;
  /** Arguments of each alias by its name. @default - `live`, which is version 1 */
  readonly aliases?: Record<string, Arguments>;
  /** What follows the ARN's `function:`. @default - the function and its alias `live` */
  readonly target?: string;
  readonly policy?: object;
  readonly stage?: Arguments;
  /** More resources, or others in place of those that are there. */
  readonly resource?: Record<string, Record<string, Arguments>>;
  readonly module?: Record<string, Arguments>;
  /** Data sources beside the code. */
  readonly data?: Record<string, Record<string, Arguments>>;
  readonly output?: Arguments;
}

const lambda = "aws_lambda_function.shop";
const api = "aws_api_gateway_rest_api.shop";

/** The stack as Terraform would read it from a folder, where its code is written to. */
export function aliasStack(folder: string, stack: AliasStack = {}): Configuration {
  writeAliasStack(folder, stack);
  return readConfiguration(join(folder, "cdk.tf.json"));
}

export function writeAliasStack(folder: string, stack: AliasStack): void {
  const { answer = "{ body: context.functionVersion }" } = stack;
  writeFiles(folder, {
    "code/index.js": `exports.handler = async (event, context) => (${answer});\n`,
    "cdk.tf.json": stackJson(stack),
  });
}

function stackJson(stack: AliasStack): object {
  const { aliases = { live: { function_version: "1" } } } = stack;
  const names = Object.keys(aliases);
  const resource: AliasStack["resource"] = {
    aws_lambda_function: {
      shop: {
        function_name: "shop-dev",
        publish: true,
        filename: "code.zip",
        source_code_hash: "${data.archive_file.shop.output_base64sha256}",
        handler: "index.handler",
        runtime: "nodejs20.x",
        role: "arn:aws:iam::123456789012:role/shop-dev",
        ...stack.lambda,
      },
    },
    aws_lambda_alias: Object.fromEntries(
      names.map((name) => [name, { name, function_name: `\${${lambda}.function_name}`, ...aliases[name] }]),
    ),
    aws_lambda_permission: Object.fromEntries(names.map((name) => [name, permission(name)])),
    aws_api_gateway_rest_api: {
      shop: {
        name: "shop-dev",
        body: definition(stack.target ?? "shop-dev:live"),
        ...(stack.policy !== undefined && { policy: JSON.stringify(stack.policy) }),
      },
    },
    aws_api_gateway_deployment: { first: deployment() },
    aws_api_gateway_stage: { dev: stageOf("dev", { ...stack.stage }) },
  };
  const code = { type: "zip", source_dir: "code", output_path: "code.zip" };
  const data = { archive_file: { shop: code }, ...stack.data };
  const output = Object.entries({ stage: "dev", ...stack.output }).map(([name, value]) => [name, { value }]);
  const provider = { aws: [{ region: "eu-central-1" }] };
  return {
    data,
    module: stack.module,
    provider,
    output: Object.fromEntries(output),
    resource: { ...resource, ...mergedInto(resource, stack.resource) },
  };
}

/** A folder for the code of a stack. */
export function stackFolder(): string {
  return join(temporaryFolder(), "stack");
}

/** A permission for API Gateway to invoke an alias. */
export function permission(alias: string): Arguments {
  return {
    action: "lambda:InvokeFunction",
    function_name: `\${${lambda}.function_name}`,
    qualifier: `\${aws_lambda_alias.${alias}.name}`,
    principal: "apigateway.amazonaws.com",
    source_arn: `\${${api}.execution_arn}/*`,
  };
}

export function deployment(fingerprint = "one"): Arguments {
  return {
    rest_api_id: `\${${api}.id}`,
    triggers: { fingerprint },
    lifecycle: { create_before_destroy: true },
  };
}

export function stageOf(name: string, stage: Arguments = {}): Arguments {
  return {
    rest_api_id: `\${${api}.id}`,
    stage_name: name,
    deployment_id: "${aws_api_gateway_deployment.first.id}",
    ...stage,
  };
}

/** `GET /`, answered by what stands behind the ARN's `function:`. */
export function definition(target: string): string {
  const lambdaArn = `arn:aws:lambda:eu-central-1:123456789012:function:${target}`;
  const uri = `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${lambdaArn}/invocations`;
  const integration = { type: "aws_proxy", httpMethod: "POST", uri };
  return JSON.stringify({
    openapi: "3.0.1",
    info: { title: "shop", version: "1" },
    paths: { "/": { get: { "x-amazon-apigateway-integration": integration } } },
  });
}

function mergedInto(resource: Record<string, object>, more: AliasStack["resource"] = {}) {
  return Object.fromEntries(
    Object.entries(more).map(([type, blocks]) => [type, { ...resource[type], ...blocks }]),
  );
}
