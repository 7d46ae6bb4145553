import { ApiGatewayAuthorizer } from "@cdktf/provider-aws/lib/api-gateway-authorizer";
import { ApiGatewayResource } from "@cdktf/provider-aws/lib/api-gateway-resource";
import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { AwsTarget } from "../../constructs/aws-target";
import { ServiceApi } from "../../constructs/service-api";
import { stageVariableUri } from "../../constructs/stage-variable-uri";
import { definitionOf } from "../../src/release/definition/definition";
import { api, synth } from "../support/synth";

test("is regional and named after the service", () => {
  expect(synth(api)).toHaveResourceWithProperties(ApiGatewayRestApi, {
    name: "shop-dev",
    endpoint_configuration: { types: ["REGIONAL"] },
  });
});

/** API Gateway answers `functions/${stageVariables.x}/invocations` with `Invalid lambda function`. */
const fullArn =
  /^arn:\$\{data\.aws_partition[^}]+\}:apigateway:\$\{data\.aws_region[^}]+\}:lambda:path\/2015-03-31\/functions\/arn:\$\{data\.aws_partition[^}]+\}:lambda:\$\{data\.aws_region[^}]+\}:\$\{data\.aws_caller_identity[^}]+\}:function:\$\$\{stageVariables\.(\w+)\}\/invocations$/;

test("an integration names its function by a full ARN, never by the short form that AWS refuses", () => {
  const routes = ["a", "b-c"].map((name) => ({
    method: "GET" as const,
    path: `/${name}`,
    function: name,
    authorization: "NONE" as const,
    timeoutSeconds: 29,
  }));
  const synthesized = synth((stack) => {
    const definition = definitionOf({ routes, binaryMediaTypes: [] }, "a");
    const target = new AwsTarget(stack, "target");
    const integrationUri = (stageVariable: string) => stageVariableUri(target, stageVariable);
    new ServiceApi(stack, "api", { name: "x", definition, integrationUri });
  });
  const [put] = Object.values<{ body: string }>(
    JSON.parse(synthesized).resource.aws_api_gateway_rest_api_put,
  );
  const { paths } = JSON.parse(put?.body ?? "");
  const uris = ["/a", "/b-c"].map((path) => paths[path].get["x-amazon-apigateway-integration"].uri as string);
  expect(uris.map((uri) => fullArn.exec(uri)?.[1])).toEqual(["aFunction", "bCFunction"]);
});

test("a part of the definition that no fingerprint covers is refused", () => {
  const beside = () =>
    synth((stack) => {
      const { id } = api(stack);
      new ApiGatewayResource(stack, "extra", { restApiId: id, parentId: "root", pathPart: "extra" });
    });
  expect(beside).toThrow(
    "'aws_api_gateway_resource.extra' must not be created by the stack itself: the fingerprint of the " +
      "release file's definition would not cover it; give the route with its path under 'api.routes'",
  );
});

test("an authorizer beside the definition is refused with the field that holds it", () => {
  const beside = () =>
    synth((stack) => {
      const { id } = api(stack);
      const authorizerUri = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/x/invocations";
      new ApiGatewayAuthorizer(stack, "extra", {
        restApiId: id,
        name: "extra",
        type: "TOKEN",
        authorizerUri,
      });
    });
  expect(beside).toThrow(
    "a Lambda authorizer belongs in 'api.authorizers', users of Cognito pools in 'authorization' of a route under 'api.routes'",
  );
});

test("the address of an integration is right in every partition", () => {
  const target = { partition: "aws-cn", region: "cn-north-1", accountId: "123456789012" } as AwsTarget;
  expect(stageVariableUri(target, "shopFunction")).toBe(
    "arn:aws-cn:apigateway:cn-north-1:lambda:path/2015-03-31/functions/" +
      "arn:aws-cn:lambda:cn-north-1:123456789012:function:$${stageVariables.shopFunction}/invocations",
  );
});
