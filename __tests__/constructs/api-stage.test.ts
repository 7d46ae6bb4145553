import { ApiGatewayMethodSettings } from "@cdktf/provider-aws/lib/api-gateway-method-settings";
import { ApiGatewayStage } from "@cdktf/provider-aws/lib/api-gateway-stage";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { ApiStage } from "../../constructs/api-stage";
import { fingerprintOf } from "../support/shop";
import { api, published, releaseOf, synth } from "../support/synth";

function stageOf(file: object): string {
  const release = releaseOf(file);
  return synth((stack) => {
    const serviceApi = api(stack);
    const stable = published(stack, serviceApi, release.stable);
    const canary = release.canary && {
      version: published(stack, serviceApi, release.canary.version),
      percent: release.canary.percent,
    };
    new ApiStage(stack, "stage", {
      name: release.name,
      api: serviceApi,
      stage: release.stage,
      stable,
      canary,
      hasCanaryLogs: true,
    });
  });
}

const nameOf = (version: string) =>
  expect.stringMatching(
    new RegExp(`^\\$\\{aws_lambda_function\\.${version}_shop-function_\\w+\\.function_name\\}$`),
  );
const deploymentOf = (version: string) =>
  expect.stringMatching(
    new RegExp(`^\\$\\{aws_api_gateway_deployment\\.${version}_deployment_\\w+\\.id\\}$`),
  );

function stageIn(synthesized: string): Record<string, unknown> {
  const [stage] = Object.values<Record<string, unknown>>(
    JSON.parse(synthesized).resource.aws_api_gateway_stage,
  );
  return stage ?? {};
}

const withCanary = stageOf({ canary: { version: "v2", percent: 12.5 } });

test("sends everything to stable by default", () => {
  const synthesized = stageOf({});
  expect(synthesized).toHaveResourceWithProperties(ApiGatewayStage, {
    stage_name: "dev",
    deployment_id: deploymentOf("v1"),
    variables: { shopFunction: nameOf("v1") },
  });
  expect(stageIn(synthesized)).not.toHaveProperty("canary_settings");
});

test("gives the canary its percent, its own deployment and its own functions", () => {
  expect(withCanary).toHaveResourceWithProperties(ApiGatewayStage, {
    deployment_id: deploymentOf("v1"),
    variables: { shopFunction: nameOf("v1") },
    canary_settings: {
      percent_traffic: 12.5,
      deployment_id: deploymentOf("v2"),
      stage_variable_overrides: { shopFunction: nameOf("v2") },
      use_stage_cache: false,
    },
  });
});

test("waits for the permission of every function that it points at", () => {
  expect(stageIn(withCanary)["depends_on"]).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^aws_lambda_permission\.v1_shop-permission_/),
      expect.stringMatching(/^aws_lambda_permission\.v2_shop-permission_/),
    ]),
  );
});

test("logs each request with whether the canary had it", () => {
  const settings = stageIn(withCanary)["access_log_settings"] as { format: string; destination_arn: string };
  expect(JSON.parse(settings.format)).toMatchObject({
    isCanaryRequest: "$context.isCanaryRequest",
    deploymentId: "$context.deploymentId",
  });
  expect(settings.destination_arn).toMatch(/^\$\{aws_cloudwatch_log_group\.stage_logs_access_\w+\.arn\}$/);
});

describe("log groups, the canary's too, are made with a retention and before the stage", () => {
  const groups = (synthesized: string) =>
    Object.values<{ name: string; retention_in_days: number }>(
      JSON.parse(synthesized).resource.aws_cloudwatch_log_group,
    )
      .map(({ name, retention_in_days }) => [name.replace(/\$\{.*\}/, "<id>"), retention_in_days])
      .filter(([name]) => !String(name).startsWith("/aws/lambda"))
      .sort();
  const access = [
    ["/aws/apigateway/shop-dev", 14],
    ["/aws/apigateway/shop-dev/Canary", 14],
  ];

  test("for access logs by default, also while no canary runs", () => {
    expect(groups(stageOf({}))).toEqual(access);
    expect(stageIn(stageOf({}))["depends_on"]).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^aws_cloudwatch_log_group\.stage_logs_access_/),
        expect.stringMatching(/^aws_cloudwatch_log_group\.stage_logs_access-canary_/),
      ]),
    );
  });

  test("for execution logs when they are asked for", () => {
    expect(groups(stageOf({ stage: { executionLogs: "errors", logRetentionDays: 30 } }))).toEqual([
      ["/aws/apigateway/shop-dev", 30],
      ["/aws/apigateway/shop-dev/Canary", 30],
      ["API-Gateway-Execution-Logs_<id>/dev", 30],
      ["API-Gateway-Execution-Logs_<id>/dev/Canary", 30],
    ]);
  });

  test("none without logs", () => {
    const without = stageOf({ stage: { accessLogs: false } });
    expect(groups(without)).toEqual([]);
    expect(stageIn(without)).not.toHaveProperty("access_log_settings");
    expect(without).toHaveResource(CloudwatchLogGroup);
  });
});

test.each([
  [{}, { logging_level: "OFF", throttling_rate_limit: 10000, throttling_burst_limit: 5000 }],
  [{ executionLogs: "errors" }, { logging_level: "ERROR" }],
  [{ executionLogs: "all" }, { logging_level: "INFO" }],
  [{ throttling: { rateLimit: 5, burstLimit: 9 } }, { throttling_rate_limit: 5, throttling_burst_limit: 9 }],
])("with %j every method has %j", (stage, settings) => {
  expect(stageOf({ stage })).toHaveResourceWithProperties(ApiGatewayMethodSettings, {
    method_path: "*/*",
    settings: expect.objectContaining(settings),
  });
});

test.each([
  ["GET /", "~1/GET"],
  ["GET /orders/{id}", "orders/{id}/GET"],
])("%s has a limit of its own, and all else of the stage", (route, methodPath) => {
  const api = { routes: [{ path: "/" }, { path: "/orders/{id}" }] };
  const fingerprint = fingerprintOf(api);
  const stage = { routeThrottling: { [route]: { rateLimit: 5, burstLimit: 9 } }, executionLogs: "all" };
  const versions = { v1: { fingerprint }, v2: { fingerprint } };
  expect(stageOf({ api, versions, stage })).toHaveResourceWithProperties(ApiGatewayMethodSettings, {
    method_path: methodPath,
    settings: {
      throttling_rate_limit: 5,
      throttling_burst_limit: 9,
      metrics_enabled: false,
      logging_level: "INFO",
    },
  });
});

test("traces with X-Ray when it is asked to", () => {
  expect(stageOf({})).toHaveResourceWithProperties(ApiGatewayStage, { xray_tracing_enabled: false });
  expect(stageOf({ stage: { tracing: true } })).toHaveResourceWithProperties(ApiGatewayStage, {
    xray_tracing_enabled: true,
  });
});

test("may have another name than the environment", () => {
  expect(stageOf({ stage: { name: "live" } })).toHaveResourceWithProperties(ApiGatewayStage, {
    stage_name: "live",
  });
});

test("logs nothing that a caller writes, which could break the JSON of a line", () => {
  const [{ format = "" } = {}] = [stageIn(stageOf({}))["access_log_settings"]].flat() as {
    format?: string;
  }[];
  const variables = Object.values<string>(JSON.parse(format));
  expect(variables).toContain("$context.error.responseType");
  const written = /message|string|error$|errorMessage|userAgent|\.path$|authorizer|identity\.user|claims/i;
  expect(variables.filter((variable) => written.test(variable))).toEqual([]);
});
