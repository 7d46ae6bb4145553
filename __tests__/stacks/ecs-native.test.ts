import { EcsService as Service5 } from "@cdktf/provider-aws/lib/ecs-service";
import { App, TerraformStack, Testing } from "cdktf";
import { EcsService as Service6 } from "provider-aws-6/lib/ecs-service";
import { readReleases } from "../../src/release/files/file";
import type { EcsNativeRelease } from "../../src/release/strategies/ecs-native";
import { EcsNativeStack } from "../../stacks/ecs-native-stack";
import { filesInMemory } from "../support/files-in-memory";

type Blocks = Record<string, Record<string, Record<string, unknown>>>;

const image = (digit: string) =>
  `123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop-dev@sha256:${digit.repeat(64)}`;
const versions = { v1: { container: { image: image("1") } }, v2: { container: { image: image("2") } } };
const arn = "arn:aws:lambda:eu-central-1:123456789012:function:ask";

/** The stack of a shop of containers as JSON. */
function textOf(release: object, environment: object = {}): string {
  const file = { strategy: "ecs-native", versions, stable: "v1", ...release };
  const { releases, problems } = readReleases(
    filesInMemory({
      "releases/dev/environment.json": { region: "eu-central-1", ...environment },
      "releases/dev/shop.json": file,
    }),
  );
  expect(problems).toEqual([]);
  return Testing.synth(new EcsNativeStack(new App(), releases[0] as EcsNativeRelease), true);
}

/** The same, with references shortened to what they refer to. */
function stackOf(release: object = {}, environment: object = {}): { resource: Blocks; output: Blocks } {
  const text = textOf(release, environment)
    .replace(/\$\{data\.aws_(partition|region|caller_identity)\.[^}]*\}/g, "<$1>")
    .replace(/\$\{aws_\w+\.([\w-]+?)_[0-9A-F]{8}\.(\w+)\}/g, "<$1 $2>");
  return JSON.parse(text);
}

function blocks({ resource }: { resource: Blocks }, type: string): Record<string, Record<string, unknown>> {
  const named = Object.entries(resource[type] ?? {});
  return Object.fromEntries(named.map(([id, block]) => [id.replace(/_[0-9A-F]{8}$/, ""), block]));
}

const everything = {
  deployment: { linear: { percent: 12.5, minutes: 15 }, bakeMinutes: 30 },
  alarms: { latency: { p95Ms: 800 }, own: ["shop-declined"] },
  hooks: { afterAllowTestTraffic: arn, afterTraffic: `${arn}-after` },
};

test("the stack keeps its construct ids: another id replaces a live resource", () => {
  expect(JSON.parse(textOf(everything))).toMatchSnapshot();
});

test("the service runs the stable version, and another one is a change of its task definition alone", () => {
  const service = (release: object) => blocks(stackOf(release), "aws_ecs_service")["containers"];
  expect(service({ stable: "v2", former: "v1" })).toEqual({
    ...service({}),
    task_definition: "<version_v2 arn>",
  });
  expect(service({})).toMatchObject({
    task_definition: "<version_v1 arn>",
    deployment_controller: { type: "ECS" },
    lifecycle: { ignore_changes: ["desired_count"] },
  });
});

const noHooks = { hooks: {} };

test.each([
  [
    { canary: { percent: 0.5, minutes: 90 } },
    { strategy: "CANARY", canary_configuration: { canary_percent: 0.5, canary_bake_time_in_minutes: "90" } },
  ],
  [
    { linear: { percent: 25, minutes: 0 } },
    { strategy: "LINEAR", linear_configuration: { step_percent: 25, step_bake_time_in_minutes: "0" } },
  ],
  [{ allAtOnce: true }, { strategy: "BLUE_GREEN" }],
])("%j is ECS's %j", (deployment, expected) => {
  const { containers } = blocks(
    stackOf({ deployment: { ...deployment, bakeMinutes: 7 }, ...noHooks }),
    "aws_ecs_service",
  );
  expect(containers?.["deployment_configuration"]).toEqual({ ...expected, bake_time_in_minutes: "7" });
});

test("ECS turns a rule of each listener, asks hooks at its own stages, and rolls back on every alarm", () => {
  const { containers } = blocks(stackOf(everything), "aws_ecs_service");
  expect(containers).toMatchObject({
    load_balancer: [
      {
        target_group_arn: "<load-balancer_blue arn>",
        container_name: "shop",
        container_port: 8080,
        advanced_configuration: {
          alternate_target_group_arn: "<load-balancer_green arn>",
          production_listener_rule: "<load-balancer_rule arn>",
          test_listener_rule: "<load-balancer_test-rule arn>",
          role_arn: "<rollout_role arn>",
        },
      },
    ],
    deployment_configuration: {
      lifecycle_hook: [
        {
          hook_target_arn: arn,
          lifecycle_stages: ["POST_TEST_TRAFFIC_SHIFT"],
          role_arn: "<rollout_role arn>",
        },
        {
          hook_target_arn: `${arn}-after`,
          lifecycle_stages: ["POST_PRODUCTION_TRAFFIC_SHIFT"],
          role_arn: "<rollout_role arn>",
        },
      ],
    },
    deployment_circuit_breaker: { enable: true, rollback: true },
    alarms: {
      enable: true,
      rollback: true,
      alarm_names: expect.arrayContaining(["<green-alarms_errors alarm_name>", "shop-declined"]),
    },
  });
  const rules = blocks(stackOf(), "aws_lb_listener_rule");
  expect(rules["load-balancer_rule"]).toMatchObject({
    listener_arn: "<load-balancer_listener arn>",
    condition: [{ path_pattern: { values: ["/*"] } }],
    lifecycle: { ignore_changes: ["action"] },
  });
});

test("ECS's role may turn this load balancer and call the hooks, and nothing else", () => {
  const { rollout_policy: policy } = blocks(stackOf(everything), "aws_iam_role_policy");
  const told = JSON.parse(String(policy?.["policy"])).Statement.map(
    ({ Action, Resource }: { Action: string[]; Resource: unknown }) => [Action, Resource],
  );
  expect(told).toEqual([
    [
      ["DescribeListeners", "DescribeRules", "DescribeTargetGroups", "DescribeTargetHealth"].map(
        (action) => `elasticloadbalancing:${action}`,
      ),
      "*",
    ],
    [
      ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
      ["<load-balancer_blue arn>", "<load-balancer_green arn>"],
    ],
    [
      ["elasticloadbalancing:ModifyListener"],
      ["<load-balancer_listener arn>", "<load-balancer_test-listener arn>"],
    ],
    [["elasticloadbalancing:ModifyRule"], ["<load-balancer_rule arn>", "<load-balancer_test-rule arn>"]],
    [["lambda:InvokeFunction"], [arn, `${arn}-after`]],
  ]);
});

test("what is rendered is what the classes of AWS provider 6 render", () => {
  const { containers = {} } = blocks(JSON.parse(textOf(everything)), "aws_ecs_service");
  const [balancer] = containers["load_balancer"] as Record<string, never>[];
  const advanced = balancer?.["advanced_configuration"] as unknown as Record<string, string>;
  const { alarm_names: alarmNames } = containers["alarms"] as { alarm_names: string[] };
  const network = containers["network_configuration"] as { subnets: string[]; security_groups: string[] };
  const hook = (hookTargetArn: string, stage: string) => ({
    hookTargetArn,
    lifecycleStages: [stage],
    roleArn: String(advanced?.["role_arn"]),
  });
  const stack = new TerraformStack(new App(), "typed");
  new Service6(stack, "containers", {
    name: "shop-dev",
    cluster: String(containers["cluster"]),
    launchType: "FARGATE",
    deploymentController: { type: "ECS" },
    taskDefinition: String(containers["task_definition"]),
    desiredCount: 2,
    healthCheckGracePeriodSeconds: 60,
    networkConfiguration: {
      subnets: network.subnets,
      securityGroups: network.security_groups,
      assignPublicIp: false,
    },
    deploymentConfiguration: {
      strategy: "LINEAR",
      linearConfiguration: { stepPercent: 12.5, stepBakeTimeInMinutes: "15" },
      bakeTimeInMinutes: "30",
      lifecycleHook: [
        hook(arn, "POST_TEST_TRAFFIC_SHIFT"),
        hook(`${arn}-after`, "POST_PRODUCTION_TRAFFIC_SHIFT"),
      ],
    },
    deploymentCircuitBreaker: { enable: true, rollback: true },
    alarms: { enable: true, rollback: true, alarmNames },
    loadBalancer: [
      {
        targetGroupArn: String(balancer?.["target_group_arn"]),
        containerName: "shop",
        containerPort: 8080,
        advancedConfiguration: {
          alternateTargetGroupArn: String(advanced?.["alternate_target_group_arn"]),
          productionListenerRule: String(advanced?.["production_listener_rule"]),
          testListenerRule: advanced?.["test_listener_rule"],
          roleArn: String(advanced?.["role_arn"]),
        },
      },
    ],
    lifecycle: { ignoreChanges: ["desired_count"] },
  });
  const [typed] = Object.values(
    (JSON.parse(Testing.synth(stack)) as { resource: Blocks }).resource["aws_ecs_service"] ?? {},
  );
  const { depends_on, ...own } = containers;
  expect(depends_on).toEqual(
    expect.arrayContaining([expect.stringMatching(/^aws_iam_role_policy\.rollout_policy/)]),
  );
  expect(own).toEqual(typed);
  expect(Service6.tfResourceType).toBe(Service5.tfResourceType);
});
