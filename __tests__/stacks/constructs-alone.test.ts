import "cdktf/lib/testing/adapters/jest";
import { ApiGatewayStage } from "@cdktf/provider-aws/lib/api-gateway-stage";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { Testing } from "cdktf";
import { HelloStack, type HelloStackProps } from "../../docs/constructs-alone";

Testing.setupJest();

const code = { v1: "3sL4kqtJlcpXroDTDmJ", v2: "Bq7XvRz1kPmTn0yWcEh" };

function synthesized(props: Omit<HelloStackProps, "code">): string {
  return Testing.synth(new HelloStack(Testing.app(), { code, ...props }), true);
}

test("the page's stack without a release file has both versions, and the canary gets its share", () => {
  const stack = synthesized({ percent: 10 });
  for (const version of ["v1", "v2"] as const)
    expect(stack).toHaveResourceWithProperties(LambdaFunction, {
      function_name: `hello-${version}`,
      handler: "hello.handler",
      memory_size: 256,
      s3_object_version: code[version],
    });
  const { resource } = JSON.parse(stack);
  const [put] = Object.values<{ body: string }>(resource.aws_api_gateway_rest_api_put);
  expect(put?.body).toContain("stageVariables.helloFunction}");
  const named = (version: string) => ({
    helloFunction: expect.stringContaining(`aws_lambda_function.${version}_hello-function_`),
  });
  expect(stack).toHaveResourceWithProperties(ApiGatewayStage, {
    stage_name: "live",
    variables: named("v1"),
    canary_settings: expect.objectContaining({ percent_traffic: 10, stage_variable_overrides: named("v2") }),
  });
});

test("without a percent it has no canary, and a wrong one is refused", () => {
  const { resource } = JSON.parse(synthesized({}));
  const [stage] = Object.values<object>(resource.aws_api_gateway_stage);
  expect(stage).not.toHaveProperty("canary_settings");
  expect(() => synthesized({ percent: 150 })).toThrow(
    "'percent' must be a number between 0 and 100 with at most 6 decimals, got 150",
  );
});
