import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Files, handler, shop, synthesizeFiles } from "../support/project";
import { lifeOfTwo } from "../support/several-functions";

type Blocks = Record<string, Record<string, Record<string, unknown>>>;

/** The stack of a shop, with references shortened to what they refer to. */
async function stackOf(release: object, region = "eu-central-1") {
  return stackIn(
    shop(
      { strategy: "codedeploy-alias", versions: [1, 2], stable: 1, ...release },
      {
        "releases/dev/environment.json": { region },
        "lambdas/shop/shop.ts": handler("1"),
        "lambdas/hooks/ask.ts": "export const handler = async () => {};\n",
        "lambdas/hooks/look.ts": "export const handler = async () => {};\n",
      },
    ),
  );
}

async function stackIn(files: Files) {
  const outdir = await synthesizeFiles(files);
  const text = readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8")
    .replace(/\$\{data\.aws_(partition|region|caller_identity)\.[^}]*\}/g, "<$1>")
    .replace(/\$\{aws_\w+\.([\w-]+?)_[0-9A-F]{8}\.(\w+)\}/g, "<$1 $2>");
  return JSON.parse(text) as { resource: Blocks; output: Record<string, { value: unknown }> };
}

/** The blocks of a type, by their names without cdktf's hash. */
function blocks({ resource }: { resource: Blocks }, type: string): Record<string, Record<string, unknown>> {
  const named = Object.entries(resource[type] ?? {});
  return Object.fromEntries(named.map(([id, block]) => [id.replace(/_[0-9A-F]{8}$/, ""), block]));
}

function statements(document: unknown) {
  return JSON.parse(String(document)).Statement;
}

const group = "arn:<partition>:codedeploy:<region>:<caller_identity>:deploymentgroup:shop-dev/shop-dev";
const hooks = { beforeTraffic: "ask", afterTraffic: "look" };

test("the alias is made at the stable version, and what it names is CodeDeploy's from then on", async () => {
  const { live } = blocks(await stackOf({ canary: { version: 2 } }), "aws_lambda_alias");
  expect(live).toMatchObject({ name: "live", function_version: "1" });
  expect(live).not.toHaveProperty("routing_config");
  expect(live?.["lifecycle"]).toMatchObject({ ignore_changes: ["function_version", "routing_config"] });
});

test("no output says who serves what, for only the alias knows", async () => {
  const { output } = await stackOf({ hooks });
  expect(Object.keys(output)).toEqual([
    "alarms",
    "api_endpoint",
    "api_id",
    "codedeploy",
    "function_name",
    "hooks",
    "latest_version",
    "stage",
  ]);
  expect(output["hooks"]?.value).toEqual({
    after_traffic: "<after-traffic-hook_function function_name>",
    before_traffic: "<before-traffic-hook_function function_name>",
  });
});

test("CodeDeploy shifts a tenth, waits for 5 minutes, and rolls back by itself, unless it is told otherwise", async () => {
  const { rollout } = blocks(await stackOf({}), "aws_codedeploy_deployment_group");
  expect(rollout).toMatchObject({
    app_name: "<rollout_application name>",
    deployment_group_name: "shop-dev",
    deployment_config_name: "CodeDeployDefault.LambdaCanary10Percent5Minutes",
    deployment_style: { deployment_option: "WITH_TRAFFIC_CONTROL", deployment_type: "BLUE_GREEN" },
    auto_rollback_configuration: {
      enabled: true,
      events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
    },
    alarm_configuration: {
      enabled: true,
      alarms: ["<version-alarms_errors alarm_name>", "<alias-alarms_errors alarm_name>"],
    },
  });
  const told = { rollout: { rollbackOn: [] }, alarms: { errors: false } };
  const without = blocks(await stackOf(told), "aws_codedeploy_deployment_group")["rollout"];
  expect(without).not.toHaveProperty("auto_rollback_configuration");
  expect(without).not.toHaveProperty("alarm_configuration");
});

test.each([
  [
    { canary: { percent: 5, minutes: 120 } },
    "shop-dev-Canary5Percent120Minutes",
    { type: "TimeBasedCanary", time_based_canary: { percentage: 5, interval: 120 } },
  ],
  [
    { linear: { percent: 20, minutes: 1 } },
    "shop-dev-Linear20PercentEvery1Minute",
    { type: "TimeBasedLinear", time_based_linear: { percentage: 20, interval: 1 } },
  ],
])("%j is a configuration whose name tells its numbers", async (rollout, name, routing) => {
  const stack = await stackOf({ rollout });
  expect(blocks(stack, "aws_codedeploy_deployment_config")["rollout_config"]).toMatchObject({
    deployment_config_name: name,
    compute_platform: "Lambda",
    traffic_routing_config: routing,
    lifecycle: { create_before_destroy: true },
  });
  expect(blocks(stack, "aws_codedeploy_deployment_group")["rollout"]).toMatchObject({
    deployment_config_name: "<rollout_config deployment_config_name>",
  });
});

test("CodeDeploy may move this function's alias, look at alarms and ask the hooks, and nothing else", async () => {
  const policyOf = async (release: object) => {
    const { rollout_policy } = blocks(await stackOf(release), "aws_iam_role_policy");
    return statements(rollout_policy?.["policy"]).map(
      ({ Action, Resource }: { Action: string[]; Resource: unknown }) => [Action, Resource],
    );
  };
  const own = [
    [["lambda:GetAlias", "lambda:UpdateAlias"], "<function arn>"],
    [["lambda:GetProvisionedConcurrencyConfig"], "<function arn>:*"],
    [["cloudwatch:DescribeAlarms"], "*"],
  ];
  expect(await policyOf({})).toEqual(own);
  expect(await policyOf({ hooks })).toEqual([
    ...own,
    [["lambda:InvokeFunction"], ["<before-traffic-hook_function arn>", "<after-traffic-hook_function arn>"]],
  ]);
});

test.each([
  ["eu-central-1", "codedeploy.amazonaws.com"],
  ["us-gov-west-1", "codedeploy.amazonaws.com"],
  ["cn-north-1", "codedeploy.cn-north-1.amazonaws.com.cn"],
])("in %s the role is for %s, and for this deployment group alone", async (region, service) => {
  const { rollout_role } = blocks(await stackOf({}, region), "aws_iam_role");
  expect(statements(rollout_role?.["assume_role_policy"])).toEqual([
    {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: service },
      Condition: {
        StringEquals: { "aws:SourceAccount": "<caller_identity>" },
        ArnLike: { "aws:SourceArn": group },
      },
    },
  ]);
});

test("a hook may report, read what it is about, and call what it has to test", async () => {
  const policies = blocks(await stackOf({ hooks }), "aws_iam_role_policy");
  const allowed = (id: string) =>
    statements(policies[id]?.["policy"]).map(
      ({ Action, Resource }: { Action: string[]; Resource: unknown }) => [Action, Resource],
    );
  const each = (id: string) => [
    [["logs:CreateLogStream", "logs:PutLogEvents"], `<${id}_log-group arn>:*`],
    [["codedeploy:GetDeployment", "codedeploy:PutLifecycleEventHookExecutionStatus"], group],
    [
      ["codedeploy:GetApplicationRevision"],
      "arn:<partition>:codedeploy:<region>:<caller_identity>:application:shop-dev",
    ],
  ];
  expect(allowed("before-traffic-hook_function_role_policy")).toEqual([
    ...each("before-traffic-hook_function"),
    [["lambda:InvokeFunction"], "<function arn>:*"],
  ]);
  expect(allowed("after-traffic-hook_function_role_policy")).toEqual(each("after-traffic-hook_function"));
});

test("a hook is a function of its own, and the one after the traffic knows the public address", async () => {
  const functions = blocks(
    await stackOf({ hooks: { ...hooks, timeoutSeconds: 120 } }),
    "aws_lambda_function",
  );
  expect(functions["before-traffic-hook_function"]).toMatchObject({
    function_name: "CodeDeployHook_shop-dev-ask",
    handler: "ask.handler",
    timeout: 120,
  });
  expect(functions["before-traffic-hook_function"]).not.toHaveProperty("environment");
  expect(functions["after-traffic-hook_function"]).toMatchObject({
    function_name: "CodeDeployHook_shop-dev-look",
    environment: { variables: { API_ENDPOINT: "<live-stage invoke_url>" } },
  });
});

describe("several functions", () => {
  const two = async (release: object = {}) => {
    const files = lifeOfTwo("codedeploy-alias").with(release);
    const hook = "export const handler = async () => {};\n";
    return stackIn({ ...files, "lambdas/hooks/ask.ts": hook, "lambdas/hooks/look.ts": hook });
  };
  const groups = ["api", "admin"].map((name) => group.replace(/$/, `-${name}`));

  test("each has a group, and all share application, configuration, alarms and role", async () => {
    const stack = await two({ rollout: { canary: { percent: 5, minutes: 120 } } });
    const made = blocks(stack, "aws_codedeploy_deployment_group");
    expect(Object.keys(made).sort()).toEqual(["rollout_admin-group", "rollout_api-group"]);
    const of = (id: string) => made[id] as Record<string, unknown>;
    const { deployment_group_name: api, "//": _api, ...shared } = of("rollout_api-group");
    const { deployment_group_name: admin, "//": _admin, ...same } = of("rollout_admin-group");
    expect([api, admin]).toEqual(["shop-dev-api", "shop-dev-admin"]);
    expect(same).toEqual(shared);
    expect(shared).toMatchObject({
      deployment_config_name: "<rollout_config deployment_config_name>",
      alarm_configuration: {
        alarms: ["api-version", "api-alias", "admin-version", "admin-alias"].map(
          (name) => `<function-alarms_${name}-alarms_errors alarm_name>`,
        ),
      },
    });
    const { rollout_role } = blocks(stack, "aws_iam_role");
    expect(statements(rollout_role?.["assume_role_policy"])[0].Condition.ArnLike).toEqual({
      "aws:SourceArn": groups,
    });
    expect(stack.output["codedeploy"]?.value).toEqual({
      application: "<rollout_application name>",
      deployment_groups: {
        api: "<rollout_api-group deployment_group_name>",
        admin: "<rollout_admin-group deployment_group_name>",
      },
    });
  });

  test("CodeDeploy may move the alias of each, and a hook report to each group and call each function", async () => {
    const policies = blocks(await two({ hooks }), "aws_iam_role_policy");
    const arns = ["api", "admin"].map((name) => `<service-functions_${name}-function arn>`);
    const resourcesOf = (id: string) =>
      statements(policies[id]?.["policy"]).map(({ Resource }: { Resource: unknown }) => Resource);
    expect(resourcesOf("rollout_policy").slice(0, 2)).toEqual([arns, arns.map((arn) => `${arn}:*`)]);
    expect(resourcesOf("before-traffic-hook_function_role_policy")).toEqual([
      expect.anything(),
      groups,
      "arn:<partition>:codedeploy:<region>:<caller_identity>:application:shop-dev",
      arns.map((arn) => `${arn}:*`),
    ]);
  });
});
