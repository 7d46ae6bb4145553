import { storefront } from "../support/release-steps";
import { describePlans } from "./describe-plans";
import { testReviews } from "./describe-reviews";
import { testSteps } from "./describe-steps";
import { counts, plan, planAfter, touchedNames } from "./plan";
import type { StateResource } from "./terraform";

const { first, published, named, promoted, pruned } = storefront;
const config = "aws_codedeploy_deployment_config.rollout_config";
const group = "aws_codedeploy_deployment_group.rollout";

/** The attributes of every resource of a type. */
const attributesOf = (resources: readonly StateResource[], wanted: string) =>
  resources
    .filter(({ type }) => type === wanted)
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes));

/** The service as CodeDeploy leaves it in the middle of a shift: each listener leads to both target groups. */
function shifted(resources: readonly StateResource[]): void {
  const [blue, green] = attributesOf(resources, "aws_lb_target_group").map(({ arn }) => arn);
  for (const listener of attributesOf(resources, "aws_lb_listener")) {
    const [action] = listener["default_action"] as Record<string, unknown>[];
    const targets = [
      { arn: blue, weight: 90 },
      { arn: green, weight: 10 },
    ];
    listener["default_action"] = [
      { ...action, target_group_arn: "", forward: [{ target_group: targets, stickiness: [] }] },
    ];
  }
  const [service] = attributesOf(resources, "aws_ecs_service");
  if (service === undefined) throw new Error("there is no service to move");
  service["task_definition"] = "arn:aws:ecs:eu-central-1:123456789012:task-definition/storefront-dev-v2:1";
  service["platform_version"] = "1.4.0";
  service["desired_count"] = 7;
  service["network_configuration"] = [];
  service["load_balancer"] = [
    { target_group_arn: green, container_name: "storefront", container_port: 8080, elb_name: "" },
  ];
}

describePlans("ecs-blue-green", () => {
  testSteps("storefront-dev");

  testReviews("storefront-dev", [
    "first deploy, v1 100 %; 49 to add, nothing replaced",
    "publish v2; traffic unchanged, v1 100 %; 1 to add, nothing replaced",
    "start v2 by CodeDeploy (no traffic moves: CodeDeploy moves users); nothing to apply",
    "promote v2 (no traffic moves: CodeDeploy moves users); nothing to apply",
    "roll back to v1 (no traffic moves: CodeDeploy moves users); nothing to apply",
    "prune v1; traffic unchanged, v2 100 %; 1 to destroy, nothing replaced",
  ]);

  test("the same synth twice changes nothing", async () => {
    expect(await plan(first, first)).toMatchObject({ changes: [], outputs: [] });
  });

  test("publishing adds the task definition of the version, and nothing else", async () => {
    const result = await plan(first, published);
    expect(touchedNames(result)).toEqual(["create aws_ecs_task_definition.version_v2"]);
    expect(result.outputs).toEqual(["task_definitions"]);
  });

  test.each([
    ["naming the canary", [first, published, named]],
    ["promoting it in the file", [first, published, named, promoted]],
    ["rolling back in the file", [first, published, named, promoted, published]],
  ])("%s changes nothing, neither a resource nor an output", async (_, deployed) => {
    expect(await plan(...deployed)).toMatchObject({ changes: [], outputs: [] });
  });

  test("pruning takes away the task definition, and nothing else", async () => {
    expect(touchedNames(await plan(first, published, named, promoted, pruned))).toEqual([
      "delete aws_ecs_task_definition.version_v1",
    ]);
  });

  test.each([
    ["in the middle of a shift", [first, published, named, named]],
    ["in the middle of one, with the promotion", [first, published, named, promoted]],
  ])("an apply %s leaves service and listeners to CodeDeploy", async (_, deployed) => {
    expect(await planAfter(shifted, ...deployed)).toMatchObject({ changes: [], outputs: [] });
  });

  test("the configuration changes from one of AWS's to numbers and to others, and back", async () => {
    const canary = storefront.with({ rollout: { canary: { percent: 10, minutes: 7 } } });
    const linear = storefront.with({ rollout: { linear: { percent: 20, minutes: 1 } } });
    const predefined = storefront.with({ rollout: { config: "ECSAllAtOnce" } });
    expect(touchedNames(await plan(predefined, canary))).toEqual([`create ${config}`, `update ${group}`]);
    expect(touchedNames(await plan(predefined, canary, linear))).toEqual([
      `create/delete ${config}`,
      `update ${group}`,
    ]);
    expect(touchedNames(await plan(predefined, canary, predefined))).toEqual([
      `delete ${config}`,
      `update ${group}`,
    ]);
  });

  test("a network that is there, a certificate and a load balancer of the VPC alone are planned too", async () => {
    const network = {
      vpcId: "vpc-0a1b2c3d",
      loadBalancerSubnetIds: ["subnet-0a1b2c3d", "subnet-1a1b2c3d"],
      taskSubnetIds: ["subnet-2a1b2c3d"],
      internal: true,
    };
    const listener = {
      certificateArn:
        "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-4e5f-6a7b-8c9d-0e1f2a3b4c5d",
      sources: ["10.0.0.0/8", "2001:db8::/32"],
    };
    const result = await plan(storefront.with({ ecs: { network, listener } }));
    expect(counts(result)).toEqual([35, 0, 0]);
    expect(touchedNames(result).filter((one) => /vpc\.|subnet|nat_gateway|_eip/.test(one))).toEqual([]);
  });

  test("waiting for an operator, and no longer, is a change of the group alone", async () => {
    const waiting = storefront.with({});
    const going = storefront.with({ rollout: {} });
    expect(touchedNames(await plan(waiting, going))).toEqual([`update ${group}`]);
    expect(touchedNames(await plan(waiting, going, waiting))).toEqual([`update ${group}`]);
  });
});
