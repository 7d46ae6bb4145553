import { createHash } from "node:crypto";
import { json } from "../../loopback";
import type { Applied } from "../../terraform/applied-state";
import type { Arguments } from "../../terraform/configuration";
import { nameOfFunction } from "../../terraform/resource-types";
import { type AwsService, type AwsStack, refusal } from "./aws-server";

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
export const cloudWatch: AwsService = ({ name, input }, { alarms }) => {
  if (name !== "DescribeAlarms") return undefined;
  const found = ((input["AlarmNames"] ?? []) as string[]).flatMap((AlarmName) => {
    const alarm = alarms.stateOf(AlarmName);
    if (alarm === undefined) return [];
    const { state: StateValue, since, reason: StateReason } = alarm;
    const StateTransitionedTimestamp = since && since.getTime() / 1000;
    return [{ AlarmName, StateValue, StateReason, StateTransitionedTimestamp }];
  });
  return json({ MetricAlarms: found, CompositeAlarms: [] });
};

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
export const ssm: AwsService = ({ name, input }, { state, change }) => {
  if (name !== "GetParameter" && name !== "PutParameter") return undefined;
  const { Name, Value } = input;
  const parameter = state.ofType("aws_ssm_parameter").find(({ attributes }) => attributes["name"] === Name);
  if (parameter === undefined) return refusal(400, "ParameterNotFound", `there is no parameter ${Name}`);
  if (name === "GetParameter") {
    const { type: Type, insecure_value } = parameter.attributes;
    return json({ Parameter: { Name, Type, Value: insecure_value } });
  }
  change(parameter.address, { insecure_value: Value });
  return json({ Version: 2 });
};

/** A message as it is sent by e-mail. */
export interface Message {
  readonly topic: string;
  readonly subject: string;
  readonly text: string;
}

/** @param onMessage is told each message */
export function sns(onMessage: (message: Message) => void): AwsService {
  return ({ name, input }) => {
    if (name !== "Publish") return undefined;
    const { default: text } = JSON.parse(String(input["Message"])) as { default: string };
    onMessage({ topic: String(input["TopicArn"]), subject: String(input["Subject"]), text });
    const body =
      '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>';
    return { status: 200, headers: { "content-type": "text/xml" }, body };
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateStage.html */
export const apiGateway: AwsService = ({ name, input }, stack) => {
  const [, method, apiId, what = "", stageName] =
    /^(GET|PATCH) \/restapis\/([^/]+)\/(stages|deployments)(?:\/([^/]+))?$/.exec(name) ?? [];
  if (method === undefined) return undefined;
  const { state } = stack;
  if (what === "deployments" && method === "GET") {
    const deployments = state
      .ofType("aws_api_gateway_deployment")
      .filter(({ attributes }) => attributes["rest_api_id"] === apiId);
    const item = deployments.map(({ attributes: { id, description } }, createdDate) => ({
      id,
      description,
      createdDate,
    }));
    return json({ item });
  }
  const stage = state
    .ofType("aws_api_gateway_stage")
    .find(({ attributes }) => attributes["rest_api_id"] === apiId && attributes["stage_name"] === stageName);
  if (stage === undefined) return refusal(404, "NotFoundException", "Invalid Stage identifier specified");
  if (method === "GET") return json(stageOf(stage.attributes));
  const operations = (input["patchOperations"] ?? []) as readonly PatchOperation[];
  const patched = operations.reduce<Arguments | string>(
    (attributes, one) => (typeof attributes === "string" ? attributes : patch(attributes, one)),
    stage.attributes,
  );
  if (typeof patched === "string") return refusal(400, "BadRequestException", patched);
  stack.change(stage.address, patched);
  return json(stageOf(patched));
};

interface PatchOperation {
  readonly op: string;
  readonly path: string;
  readonly value?: string;
}

/** One after the other, in the order of the list. @returns or why it is refused */
function patch(attributes: Arguments, { op, path, value }: PatchOperation): Arguments | string {
  const [, field = "", variable] = path.split("/");
  const variables = { ...(attributes["variables"] as Record<string, string> | undefined) };
  if (op === "remove" && path === "/canarySettings") return { ...attributes, canary_settings: undefined };
  if (op === "replace" && path === "/deploymentId") return { ...attributes, deployment_id: value };
  if (op === "replace" && path === "/description") return { ...attributes, description: value };
  if (field !== "variables" || variable === undefined || (op !== "replace" && op !== "remove"))
    return `Invalid patch operation '${op}' of '${path}': it is not played`;
  if (op === "remove") delete variables[variable];
  else variables[variable] = value ?? "";
  return { ...attributes, variables };
}

function stageOf(attributes: Arguments): object {
  const canary = attributes["canary_settings"] as Arguments | undefined;
  return {
    stageName: attributes["stage_name"],
    deploymentId: attributes["deployment_id"],
    description: attributes["description"],
    variables: attributes["variables"] ?? {},
    ...(canary && {
      canarySettings: {
        deploymentId: canary["deployment_id"],
        percentTraffic: canary["percent_traffic"],
        stageVariableOverrides: canary["stage_variable_overrides"],
      },
    }),
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html */
export const lambda: AwsService = ({ name, query, input }, stack) => {
  const [, method, functionName = "", what, aliasName] =
    /^(GET|PUT) \/2015-03-31\/functions\/([^/]+)\/(aliases|configuration)(?:\/([^/]+))?$/.exec(name) ?? [];
  if (method === undefined) return undefined;
  const ofFunction = stack.state
    .ofType("aws_lambda_function")
    .find(({ attributes }) => attributes["function_name"] === functionName);
  const notFound = refusal(404, "ResourceNotFoundException", `Function not found: ${functionName}`);
  if (ofFunction === undefined) return notFound;
  if (what === "configuration") {
    const qualifier = query.get("Qualifier") ?? "$LATEST";
    const isThere =
      qualifier === "$LATEST" || ofFunction.versions?.some(({ version }) => version === qualifier);
    return isThere ? json({ FunctionName: functionName, Version: qualifier }) : notFound;
  }
  const aliases = stack.state
    .ofType("aws_lambda_alias")
    .filter(({ attributes }) => nameOfFunction(attributes) === functionName);
  if (method === "GET") return json({ Aliases: aliases.map(aliasOf) });
  const alias = aliases.find(({ attributes }) => attributes["name"] === aliasName);
  return alias === undefined ? notFound : moveAlias(alias, input, stack);
};

function moveAlias(alias: Applied, input: Readonly<Record<string, unknown>>, { change }: AwsStack) {
  const { FunctionVersion, RoutingConfig, Description, RevisionId } = input;
  if (RevisionId !== undefined && RevisionId !== revisionOf(alias))
    return refusal(
      412,
      "PreconditionFailedException",
      "The Revision Id provided does not match the latest one",
    );
  const weights =
    (RoutingConfig as { AdditionalVersionWeights?: object } | undefined)?.AdditionalVersionWeights ?? {};
  const isSplit = Object.keys(weights).length > 0;
  change(alias.address, {
    function_version: FunctionVersion ?? alias.attributes["function_version"],
    routing_config: isSplit ? { additional_version_weights: weights } : undefined,
    description: Description ?? alias.attributes["description"],
  });
  return json({});
}

function aliasOf(alias: Applied): object {
  const { name, function_version, routing_config, description } = alias.attributes;
  const [routing] = [routing_config ?? []].flat() as Arguments[];
  const weights = routing?.["additional_version_weights"];
  return {
    Name: name,
    FunctionVersion: function_version,
    Description: description,
    RevisionId: revisionOf(alias),
    ...(weights !== undefined && { RoutingConfig: { AdditionalVersionWeights: weights } }),
  };
}

/** Changes with every change of the alias. */
function revisionOf({ attributes }: Applied): string {
  return createHash("sha256").update(JSON.stringify(attributes)).digest("hex").slice(0, 36);
}
