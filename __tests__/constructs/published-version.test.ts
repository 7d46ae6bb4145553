import { ApiGatewayDeployment } from "@cdktf/provider-aws/lib/api-gateway-deployment";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { handler } from "../support/project";
import { plainFingerprint } from "../support/shop";
import { api, published, releaseOf, synth } from "../support/synth";

const { stable } = releaseOf({});
const synthesized = synth((stack) => {
  published(stack, api(stack), stable);
});

test("its deployment is made anew only for another definition, and before the old one is deleted", () => {
  expect(synthesized).toHaveResourceWithProperties(ApiGatewayDeployment, {
    rest_api_id: expect.stringMatching(/^\$\{aws_api_gateway_rest_api\.api_\w+\.id\}$/),
    description: "v1",
    triggers: { fingerprint: plainFingerprint },
    lifecycle: { create_before_destroy: true },
  });
});

test("its deployment waits until AWS has the definition, and for nothing else", () => {
  expect(synthesized).toHaveResourceWithProperties(ApiGatewayDeployment, {
    depends_on: [expect.stringMatching(/^aws_api_gateway_rest_api_put\.api_definition_\w+$/)],
  });
});

test("each function admits this API, whatever the stage, and nobody else", () => {
  expect(synthesized).toHaveResourceWithProperties(LambdaPermission, {
    statement_id: expect.stringMatching(/^AllowApi-\$\{aws_api_gateway_rest_api\.api_\w+\.id\}$/),
    action: "lambda:InvokeFunction",
    principal: "apigateway.amazonaws.com",
    function_name: expect.stringMatching(/^\$\{aws_lambda_function\.v1_shop-function_\w+\.function_name\}$/),
    source_arn: expect.stringMatching(/^\$\{aws_api_gateway_rest_api\.api_\w+\.execution_arn\}\/\*$/),
  });
});

test("a version of several functions has a permission for each", () => {
  const { stable: several } = releaseOf(
    { functions: ["shop", "cart"], api: { routes: [{ path: "/", function: "shop" }] } },
    { "lambdas/shop/v1/cart.ts": handler("v1") },
  );
  const json = synth((stack) => {
    published(stack, api(stack), several);
  });
  const names = Object.keys(JSON.parse(json).resource.aws_lambda_permission);
  expect(names).toEqual([
    expect.stringMatching(/^v1_cart-permission_/),
    expect.stringMatching(/^v1_shop-permission_/),
  ]);
});
