import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { ApiGatewayRestApiPolicy } from "@cdktf/provider-aws/lib/api-gateway-rest-api-policy";
import { ApiGatewayRestApiPut } from "@cdktf/provider-aws/lib/api-gateway-rest-api-put";
import { TerraformResource, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { constructIds } from "../src/release/construct-ids";
import type { Definition } from "../src/release/definition/definition";
import { openApiDocument } from "../src/release/definition/openapi";
import { ownPolicySid } from "../src/release/definition/own-policy";
import type { Environment } from "../src/release/environment/environment";
import { Import } from "./import";
import { literalText } from "./literal-text";
import { outlivesPointers } from "./outlives-pointers";
import { Protection } from "./protection";
import { type ClosedStage, resourcePolicy } from "./resource-policy";

export interface ServiceApiProps {
  /** Name of the API. */
  readonly name: string;
  /** The definition that the next deployment snapshots. */
  readonly definition: Definition;
  /** The address of the function that a stage variable leads to. */
  readonly integrationUri: (stageVariable: string) => string;
  /** What TLS callers may use. @default - what API Gateway gives a new API */
  readonly security?: Environment["api"];
  /** A stage that is closed to callers from elsewhere. @default - none */
  readonly closedStage?: ClosedStage;
  /** Id of the API that is there and is imported. @default - a new one is made */
  readonly adoptedId?: string;
  /** Refuses every plan that would destroy or replace the API. @default false */
  readonly protect?: boolean;
}

/** A regional REST API. Its definition is what is worked on; users see the deployments made of it. */
export class ServiceApi extends Construct {
  /** Id that the API had before this project. @default - the API is this project's */
  readonly adoptedId?: string;
  /** Id of the API. */
  readonly id: string;
  /** `arn:aws:execute-api:<region>:<account>:<api id>`, under which every request of the API stands. */
  readonly executionArn: string;
  /** What a deployment snapshots, and so must wait for: the definition, and the resource policy where there is one. */
  readonly contents: readonly TerraformResource[];

  constructor(scope: Construct, id: string, props: ServiceApiProps) {
    super(scope, id);
    const { name, definition, integrationUri, adoptedId, protect = false } = props;
    const restApi = new ApiGatewayRestApi(this, "Resource", {
      name,
      endpointConfiguration: { types: ["REGIONAL"] },
      lifecycle: { postcondition: [ownPolicyAlone] },
    });
    this.id = restApi.id;
    this.adoptedId = adoptedId;
    if (adoptedId !== undefined) new Import(this, "import", { to: restApi, id: adoptedId });
    this.executionArn = restApi.executionArn;
    const document = openApiDocument(withoutExpressions(definition), name, integrationUri);
    const put = this.putDefinition(JSON.stringify({ ...document, ...securityExtensions(props.security) }));
    const policy = this.attachPolicy(put, props);
    this.contents = policy === undefined ? [put] : [put, policy];
    if (protect) new Protection(this, constructIds.protection, { of: restApi });
    const stack = TerraformStack.of(this);
    stack.node.addValidation({ validate: () => definedBeside(stack, this) });
  }

  /**
   * Puts the whole definition. It is a resource of its own, not the API's argument `body`: Terraform records that
   * argument also when PutRestApi fails, and would then deploy the definition of before. This resource is recorded
   * only once AWS has the definition, and waits until API Gateway returns the API again.
   * https://github.com/hashicorp/terraform-provider-aws/issues/4202
   */
  private putDefinition(body: string): ApiGatewayRestApiPut {
    return new ApiGatewayRestApiPut(this, constructIds.workingDefinition, {
      restApiId: this.id,
      body,
      failOnWarnings: false,
      lifecycle: outlivesPointers,
    });
  }

  /** Putting a definition takes the policy away, so it is attached after that. */
  private attachPolicy(
    put: ApiGatewayRestApiPut,
    { definition, closedStage, security }: ServiceApiProps,
  ): ApiGatewayRestApiPolicy | undefined {
    const policy = resourcePolicy(this.executionArn, definition, closedStage, security);
    if (policy === undefined) return undefined;
    return new ApiGatewayRestApiPolicy(this, constructIds.policy, {
      restApiId: this.id,
      policy,
      dependsOn: [put],
    });
  }
}

/**
 * Given with the definition, because putting one sets the whole API. It belongs to the API and to no deployment, so
 * no fingerprint covers it: all versions change at once.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/openapi-extensions-security-policy.html
 */
function securityExtensions(security: ServiceApiProps["security"]): object {
  if (security === undefined) return {};
  const { securityPolicy, endpointAccessMode } = security;
  return {
    "x-amazon-apigateway-security-policy": securityPolicy,
    ...(endpointAccessMode && { "x-amazon-apigateway-endpoint-access-mode": endpointAccessMode }),
  };
}

/** `${` in an OpenAPI document is API Gateway's, such as in its templates. */
function withoutExpressions(definition: Definition): Definition {
  if (definition.document === undefined) return definition;
  return { ...definition, document: JSON.parse(literalText(JSON.stringify(definition.document))) };
}

/**
 * Putting a definition takes the API's resource policy away, and AWS keeps no copy. So one that this stack did not
 * attach ends the plan before it is lost.
 */
const ownPolicyAlone = {
  condition: `\${try(length(self.policy), 0) == 0 || try(strcontains(self.policy, "${ownPolicySid}"), false)}`,
  errorMessage:
    "the API has a resource policy that this stack does not make. A release file cannot hold it, and the next " +
    "definition would take it away: remove the policy, or keep the API out of 'adopt'",
};

/** Resources that are part of an API's definition, and that no fingerprint would cover: what to do in their place. */
const definitionTypes: Readonly<Record<string, string>> = {
  aws_api_gateway_authorizer:
    "a Lambda authorizer belongs in 'api.authorizers', users of Cognito pools in 'authorization' of a route under 'api.routes'",
  aws_api_gateway_gateway_response:
    "'api.cors' gives API Gateway's own answers the CORS header; no field changes them otherwise",
  aws_api_gateway_integration: "give the route and its function under 'api.routes'",
  aws_api_gateway_integration_response:
    "there is no field for it: API Gateway passes on the function's answer as it is",
  aws_api_gateway_method: "give the route under 'api.routes'",
  aws_api_gateway_method_response:
    "there is no field for it: API Gateway passes on the function's answer as it is",
  aws_api_gateway_model: "there is no field for it: check the body in the function",
  aws_api_gateway_request_validator: "there is no field for it: check the request in the function",
  aws_api_gateway_resource: "give the route with its path under 'api.routes'",
  aws_api_gateway_rest_api_policy:
    "the stack creates the API's only policy, from 'sources' of 'preview' or 'blue', 'authorization' under 'api.routes', and x-amazon-apigateway-policy of an OpenAPI document",
  aws_api_gateway_rest_api_put: "give the routes under 'api.routes'",
};

function definedBeside(stack: TerraformStack, api: ServiceApi): string[] {
  return stack.node
    .findAll()
    .filter((one): one is TerraformResource => TerraformResource.isTerraformResource(one))
    .filter(({ terraformResourceType }) => terraformResourceType in definitionTypes)
    .filter(({ node }) => !node.scopes.includes(api))
    .map(
      ({ terraformResourceType, friendlyUniqueId }) =>
        `'${terraformResourceType}.${friendlyUniqueId}' must not be created by the stack itself: the fingerprint of the ` +
        `release file's definition would not cover it; ${definitionTypes[terraformResourceType]}`,
    );
}
