import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shop, synthesizeFiles } from "../support/project";
import { protectedBy } from "../support/protected-by";

type Blocks = Record<string, Record<string, Record<string, unknown>>>;

const hook = "export const handler = async () => {};\n";
const image = (digit: string, registry = "123456789012.dkr.ecr.eu-central-1.amazonaws.com") =>
  `${registry}/shop-dev@sha256:${digit.repeat(64)}`;
const v1 = { container: { image: image("1"), command: ["serve"], environment: { B: "2", A: "1" } } };
const versions = { v1, v2: { container: { image: image("2"), architecture: "arm64" } } };
const network = {
  vpcId: "vpc-1",
  loadBalancerSubnetIds: ["subnet-1", "subnet-2"],
  taskSubnetIds: ["subnet-3"],
};
const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d";
const arn = "arn:aws:lambda:eu-central-1:123456789012:function:end-to-end";

/** The text of the stack of a shop of containers. */
async function textOf(release: object, environment: object = {}): Promise<string> {
  const { "releases/dev/shop.json": file } = shop({
    strategy: "ecs-blue-green",
    versions,
    stable: "v1",
    ...release,
  });
  const outdir = await synthesizeFiles({
    "releases/dev/environment.json": { region: "eu-central-1", ...environment },
    "lambdas/hooks/ask.ts": hook,
    "lambdas/hooks/look.ts": hook,
    "releases/dev/shop.json": file as object,
  });
  return readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8");
}

/** The same, with references shortened to what they refer to. */
async function stackOf(release: object = {}, environment: object = {}) {
  const text = (await textOf(release, environment))
    .replace(/\$\{data\.aws_(partition|region|caller_identity)\.[^}]*\}/g, "<$1>")
    .replace(/\$\{aws_\w+\.([\w-]+?)_[0-9A-F]{8}\.(\w+)\}/g, "<$1 $2>");
  return JSON.parse(text) as {
    resource: Blocks;
    output: Record<string, { value: unknown }>;
    provider: object;
  };
}

/** The blocks of a type, by their names without cdktf's hash. */
function blocks({ resource }: { resource: Blocks }, type: string): Record<string, Record<string, unknown>> {
  const named = Object.entries(resource[type] ?? {});
  return Object.fromEntries(named.map(([id, block]) => [id.replace(/_[0-9A-F]{8}$/, ""), block]));
}

/** Each statement of a policy as what is allowed on what. */
function allowed(stack: { resource: Blocks }, id: string): unknown[] {
  const policy = blocks(stack, "aws_iam_role_policy")[id]?.["policy"];
  return JSON.parse(String(policy)).Statement.map(
    ({ Action, Resource }: { Action: string[]; Resource: unknown }) => [Action, Resource],
  );
}

const everything = {
  canary: { version: "v2" },
  rollout: { linear: { percent: 20, minutes: 15 }, waitMinutes: 60 },
  alarms: { latency: { p95Ms: 800 }, own: ["shop-declined"] },
  hooks: { afterAllowTestTraffic: "ask", afterTraffic: arn },
  ecs: { listener: { testSources: ["198.51.100.0/24"] } },
};

test("the stack keeps its construct ids: another id replaces a live resource", async () => {
  expect(JSON.parse(await textOf(everything))).toMatchSnapshot();
});

test.each([
  ["a canary", { canary: { version: "v2" } }],
  ["another stable version", { stable: "v2", former: "v1" }],
])("%s in the file changes nothing but what the service is made with", async (_, release) => {
  const made = (text: string) => text.replace(/"task_definition": "[^"]*"/, "");
  expect(made(await textOf(release))).toBe(made(await textOf({})));
});

test("the service is made at the stable version, and what UpdateService refuses is CodeDeploy's from then on", async () => {
  const stack = await stackOf({ ecs: { count: 3 } });
  expect(blocks(stack, "aws_ecs_service")["containers"]).toMatchObject({
    name: "shop-dev",
    cluster: "<containers_cluster arn>",
    launch_type: "FARGATE",
    deployment_controller: { type: "CODE_DEPLOY" },
    desired_count: 3,
    task_definition: "<version_v1 arn>",
    load_balancer: [
      { container_name: "shop", container_port: 8080, target_group_arn: "<load-balancer_blue arn>" },
    ],
    lifecycle: {
      ignore_changes: [
        "task_definition",
        "load_balancer",
        "network_configuration",
        "platform_version",
        "desired_count",
      ],
    },
  });
  expect(Object.values(blocks(stack, "aws_lb_listener")).map(({ lifecycle }) => lifecycle)).toEqual([
    { ignore_changes: ["default_action"] },
    { ignore_changes: ["default_action"] },
  ]);
});

test("a version is a task definition of its own, whose container is named as the service", async () => {
  const tasks = blocks(await stackOf(), "aws_ecs_task_definition");
  expect(tasks["version_v1"]).toMatchObject({ family: "shop-dev-v1", cpu: "256", memory: "512" });
  expect(tasks["version_v2"]).toMatchObject({
    family: "shop-dev-v2",
    runtime_platform: { cpu_architecture: "ARM64", operating_system_family: "LINUX" },
  });
  expect(JSON.parse(String(tasks["version_v1"]?.["container_definitions"]))).toEqual([
    {
      name: "shop",
      image: image("1"),
      essential: true,
      command: ["serve"],
      environment: [
        { name: "A", value: "1" },
        { name: "B", value: "2" },
      ],
      portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: "tcp" }],
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": "<tasks_log-group name>",
          "awslogs-region": "eu-central-1",
          "awslogs-stream-prefix": "v1",
        },
      },
    },
  ]);
});

test("CodeDeploy knows both listeners and both target groups, and goes on by itself unless it is told to wait", async () => {
  const { rollout } = blocks(await stackOf(), "aws_codedeploy_deployment_group");
  const listener = (id: string) => ({ listener_arns: [`<load-balancer_${id} arn>`] });
  const terminate = { action: "TERMINATE", termination_wait_time_in_minutes: 5 };
  expect(rollout).toMatchObject({
    deployment_config_name: "CodeDeployDefault.ECSCanary10Percent5Minutes",
    ecs_service: { cluster_name: "<containers_cluster name>", service_name: "<containers name>" },
    load_balancer_info: {
      target_group_pair_info: {
        prod_traffic_route: listener("listener"),
        test_traffic_route: listener("test-listener"),
        target_group: [{ name: "<load-balancer_blue name>" }, { name: "<load-balancer_green name>" }],
      },
    },
    blue_green_deployment_config: {
      deployment_ready_option: { action_on_timeout: "CONTINUE_DEPLOYMENT" },
      terminate_blue_instances_on_deployment_success: terminate,
    },
  });
  const told = await stackOf({ rollout: { waitMinutes: 90, terminationMinutes: 0 } });
  expect(blocks(told, "aws_codedeploy_deployment_group")["rollout"]).toMatchObject({
    blue_green_deployment_config: {
      deployment_ready_option: { action_on_timeout: "STOP_DEPLOYMENT", wait_time_in_minutes: 90 },
      terminate_blue_instances_on_deployment_success: { ...terminate, termination_wait_time_in_minutes: 0 },
    },
  });
});

test("a configuration of its own is one of ECS's", async () => {
  const stack = await stackOf({ rollout: { canary: { percent: 5, minutes: 120 } } });
  expect(blocks(stack, "aws_codedeploy_deployment_config")["rollout_config"]).toMatchObject({
    deployment_config_name: "shop-dev-Canary5Percent120Minutes",
    compute_platform: "ECS",
  });
  expect(blocks(stack, "aws_codedeploy_app")["rollout_application"]).toMatchObject({
    compute_platform: "ECS",
  });
});

test("CodeDeploy may replace this service's tasks, turn its listeners and ask its hooks, and nothing else", async () => {
  const at = (service: string, resource: string) =>
    `arn:<partition>:${service}:<region>:<caller_identity>:${resource}`;
  const own = [
    [["ecs:DescribeServices", "ecs:UpdateServicePrimaryTaskSet"], "<containers id>"],
    [["ecs:CreateTaskSet", "ecs:DeleteTaskSet"], at("ecs", "task-set/shop-dev/shop-dev/*")],
    [
      [
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeRules",
      ],
      "*",
    ],
    [
      ["elasticloadbalancing:ModifyListener"],
      ["<load-balancer_listener arn>", "<load-balancer_test-listener arn>"],
    ],
    [["elasticloadbalancing:ModifyRule"], at("elasticloadbalancing", "listener-rule/app/shop-dev/*")],
    [["iam:PassRole"], ["<tasks_execution-role arn>", "<tasks_task-role arn>"]],
    [["cloudwatch:DescribeAlarms"], "*"],
  ];
  expect(allowed(await stackOf(), "rollout_policy")).toEqual(own);
  const hooks = { afterAllowTestTraffic: "ask", beforeTraffic: arn };
  const asking = await stackOf({ hooks });
  expect(allowed(asking, "rollout_policy")).toEqual([
    ...own,
    [["lambda:InvokeFunction"], ["<after-allow-test-traffic-hook_function arn>", arn]],
  ]);
  expect(asking.output["hooks"]?.value).toEqual({
    after_allow_test_traffic: "<after-allow-test-traffic-hook_function function_name>",
    before_traffic: arn,
  });
});

test("tasks write to their log group and are pulled from the repositories of their images, and their code may do nothing", async () => {
  const stack = await stackOf();
  const logs = [["logs:CreateLogStream", "logs:PutLogEvents"], "<tasks_log-group arn>:*"];
  expect(allowed(stack, "tasks_execution-policy")).toEqual([
    logs,
    [
      ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
      ["arn:<partition>:ecr:eu-central-1:123456789012:repository/shop-dev"],
    ],
    [["ecr:GetAuthorizationToken"], "*"],
  ]);
  expect(Object.keys(blocks(stack, "aws_iam_role_policy"))).not.toContain("tasks_task-policy");
  const elsewhere = { v1: { container: { image: image("1", "registry.example.com") } } };
  expect(allowed(await stackOf({ versions: elsewhere }), "tasks_execution-policy")).toEqual([logs]);
});

test("alarms look at both target groups, for either may have the new version, in the unit of their metric", async () => {
  const stack = await stackOf({ alarms: { latency: { p95Ms: 800 }, own: ["shop-declined"] } });
  const alarms = blocks(stack, "aws_cloudwatch_metric_alarm");
  expect(Object.keys(alarms).sort()).toEqual([
    "blue-alarms_errors",
    "blue-alarms_latency",
    "green-alarms_errors",
    "green-alarms_latency",
  ]);
  expect(alarms["green-alarms_errors"]).toMatchObject({
    alarm_name: "shop-dev-green-errors",
    namespace: "AWS/ApplicationELB",
    metric_name: "HTTPCode_Target_5XX_Count",
    statistic: "Sum",
    threshold: 1,
    dimensions: {
      LoadBalancer: "<load-balancer arn_suffix>",
      TargetGroup: "<load-balancer_green arn_suffix>",
    },
  });
  expect(alarms["blue-alarms_latency"]).toMatchObject({
    metric_name: "TargetResponseTime",
    extended_statistic: "p95",
    threshold: 0.8,
  });
  const { rollout } = blocks(stack, "aws_codedeploy_deployment_group");
  expect(rollout?.["alarm_configuration"]).toMatchObject({
    alarms: expect.arrayContaining(["<blue-alarms_errors alarm_name>", "shop-declined"]),
  });
});

test("a network is made where none is given, and a given one is left alone", async () => {
  const made = await stackOf();
  expect(Object.keys(blocks(made, "aws_subnet")).sort()).toEqual([
    "network_private-1",
    "network_private-2",
    "network_public-1",
    "network_public-2",
  ]);
  expect(blocks(made, "aws_lb")["load-balancer"]).toMatchObject({
    internal: false,
    subnets: ["<network_public-1 id>", "<network_public-2 id>"],
  });
  const given = await stackOf({ ecs: { network: { ...network, internal: true } } });
  expect(Object.keys(given.resource)).not.toEqual(expect.arrayContaining(["aws_vpc"]));
  expect(Object.keys(given.resource)).not.toEqual(expect.arrayContaining(["aws_nat_gateway"]));
  expect(blocks(given, "aws_lb")["load-balancer"]).toMatchObject({
    internal: true,
    subnets: ["subnet-1", "subnet-2"],
  });
});

describe("the test port is admitted to", () => {
  const hooks = { afterAllowTestTraffic: "ask" };
  /** Who is let in at a port of the load balancer. */
  const admitted = async (release: object, port: number) =>
    Object.values(blocks(await stackOf(release), "aws_vpc_security_group_ingress_rule"))
      .filter(({ security_group_id: group, from_port: from }) => {
        return group === "<load-balancer_security-group id>" && from === port;
      })
      .map((rule) => rule["cidr_ipv4"] ?? rule["cidr_ipv6"] ?? rule["referenced_security_group_id"]);

  test("nobody without a hook", async () => {
    expect(await admitted({}, 8080)).toEqual([]);
    expect(await admitted({}, 80)).toEqual(["0.0.0.0/0"]);
  });

  test("the address of the NAT gateway, from which hooks come to the public name of the load balancer", async () => {
    expect(await admitted({ hooks }, 8080)).toEqual(["<network_nat-address public_ip>/32"]);
  });

  test("the hooks' security group where the load balancer is internal", async () => {
    const ecs = { network: { ...network, internal: true } };
    expect(await admitted({ hooks, ecs }, 8080)).toEqual(["<hooks-security-group id>"]);
  });

  test("the sources that the file gives, of both kinds of addresses", async () => {
    const testSources = ["203.0.113.7/32", "2001:db8::/32"];
    const ecs = { network, listener: { testSources, sources: ["198.51.100.0/24"] } };
    expect((await admitted({ hooks, ecs }, 8080)).sort()).toEqual(testSources.sort());
    expect(await admitted({ hooks, ecs }, 80)).toEqual(["198.51.100.0/24"]);
  });
});

test("a hook runs where the tasks are and knows both addresses, with a certificate as without", async () => {
  const hooks = { afterAllowTestTraffic: "ask" };
  const hooked = blocks(await stackOf({ hooks }), "aws_lambda_function");
  expect(hooked["after-allow-test-traffic-hook_function"]).toMatchObject({
    function_name: "CodeDeployHook_shop-dev-ask",
    environment: {
      variables: {
        ENDPOINT: "http://<load-balancer dns_name>",
        TEST_ENDPOINT: "http://<load-balancer dns_name>:8080",
      },
    },
    vpc_config: {
      subnet_ids: ["<network_private-1 id>", "<network_private-2 id>"],
      security_group_ids: ["<hooks-security-group id>"],
    },
  });
  const secure = await stackOf({ ecs: { listener: { certificateArn } } });
  expect(secure.output["endpoint"]?.value).toBe("https://<load-balancer dns_name>");
  expect(secure.output["test_endpoint"]?.value).toBe("https://<load-balancer dns_name>:8443");
  expect(blocks(secure, "aws_lb_listener")["load-balancer_listener"]).toMatchObject({
    protocol: "HTTPS",
    certificate_arn: certificateArn,
  });
});

test("nothing is archived where there is no hook to package", async () => {
  expect(Object.keys((await stackOf({ hooks: { afterTraffic: arn } })).provider)).toEqual(["aws"]);
  expect(Object.keys((await stackOf({ hooks: { afterTraffic: "ask" } })).provider).sort()).toEqual([
    "archive",
    "aws",
  ]);
});

test("a protected environment refuses to destroy the load balancer, its users' listener and the service", async () => {
  const protectedIds = async (environment: object) =>
    protectedBy(JSON.stringify(await stackOf({}, environment)));
  expect(await protectedIds({ protect: true })).toEqual([
    "aws_ecs_service.containers.id",
    "aws_lb.load-balancer.id",
    "aws_lb_listener.load-balancer_listener.id",
  ]);
  expect(await protectedIds({})).toEqual([]);
});
