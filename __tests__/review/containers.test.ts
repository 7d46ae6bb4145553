import { checkPlannedChanges } from "../../src/review/checks/planned-changes";
import { checkPublishedVersions } from "../../src/review/checks/published-version";
import { checkRollout } from "../../src/review/checks/rollout";
import { checkStrategy } from "../../src/review/checks/strategy";
import { headlineOf } from "../../src/review/headline";
import type { PlannedResource } from "../../src/review/plan";
import { between, changed, lines, planOf, resource } from "./between";

const container = (digit: string, more: object = {}) => ({
  container: { image: `registry.example.com/shop@sha256:${digit.repeat(64)}`, ...more },
});
const network = {
  vpcId: "vpc-1",
  loadBalancerSubnetIds: ["subnet-1", "subnet-2"],
  taskSubnetIds: ["subnet-3"],
};
const release = (fields: object = {}, ...versions: string[]) => ({
  strategy: "ecs-blue-green",
  versions: Object.fromEntries(["v1", ...versions].map((name) => [name, container(name.slice(-1))])),
  stable: "v1",
  ...fields,
});

const steps = (base: object, head: object) =>
  between(base, head).steps.map(({ kind, text, shownBy }) => `${kind}: ${text} (${shownBy})`);

const task = (version: string, action: "create" | "delete" | "replace" | "none") =>
  resource(`aws_ecs_task_definition.version_${version}_0A1B2C3D`, { action });
const pulls = resource("aws_iam_role_policy.tasks_execution-policy_0A1B2C3D", { changed: changed("policy") });

test.each<[string, object, object, string[]]>([
  ["publishing", release(), release({}, "v2"), ["publish: publish v2 (versions with v2)"]],
  [
    "naming the canary",
    release({}, "v2"),
    release({ canary: { version: "v2" } }, "v2"),
    ["start: start v2 by CodeDeploy (canary none -> v2 by CodeDeploy)"],
  ],
  [
    "another container of a published version",
    release(),
    release({ versions: { v1: container("2", { cpu: 512, memoryMb: 1024 }) } }),
    ["container: container of v1 (image, cpu, memoryMb)"],
  ],
  ["a default that is written down", release(), release({ ecs: { port: 8080 } }), []],
  [
    "the service",
    release(),
    release({ ecs: { healthCheck: { path: "/health" }, logRetentionDays: 30 } }),
    ["ecs: service, load balancer and network (ecs.healthCheck, ecs.logRetentionDays)"],
  ],
  [
    "how CodeDeploy shifts, and whom it asks",
    release(),
    release({
      rollout: { config: "ECSAllAtOnce" },
      hooks: { afterInstall: "arn:aws:lambda:eu-central-1:123456789012:function:ask" },
    }),
    ["rollout: how CodeDeploy shifts (rollout)", "hooks: hooks (hooks)"],
  ],
])("%s is told", (_, base, head, expected) => {
  expect(steps(base, head)).toEqual(expected);
});

test("a move is CodeDeploy's, and nothing is said of an API", () => {
  const change = between(release({}, "v2"), release({ canary: { version: "v2" } }, "v2"), { plan: planOf() });
  expect(headlineOf(change)).toBe(
    "start v2 by CodeDeploy (no traffic moves: CodeDeploy moves users); nothing to apply",
  );
  expect(lines([...checkPlannedChanges(change), ...checkRollout(change)])).toEqual([]);
});

describe("a published version", () => {
  const check = (...args: Parameters<typeof between>) => lines(checkPublishedVersions(between(...args)));

  test("keeps its container", () => {
    const head = { versions: { v1: container("2") } };
    expect(check(release(), release(head))).toEqual([
      "releases/dev/shop.json:5 the container of v1 differs from that in main (`image`): a published version never changes, so publish the next one",
    ]);
  });

  test("keeps its port", () => {
    expect(check(release({}, "v2"), release({ ecs: { port: 3000 } }, "v2"))).toEqual([
      "releases/dev/shop.json:17 'ecs.port' changes from 8080 to 3000: that recreates v1 and v2, but a published version never changes; create a second service and move its callers",
    ]);
  });

  test("does not come back as another one", () => {
    expect(check(release(), release({}, "v2"), { pastVersions: ["v2"] })).toEqual([
      expect.stringContaining("v2 was published and pruned before"),
    ]);
    expect(check(release(), release({}, "v2"))).toEqual([]);
  });
});

test.each<[object | undefined, object | undefined, string]>([
  [undefined, network, "from a network of its own to vpc-1"],
  [network, { ...network, internal: true }, "from vpc-1 to vpc-1, internal"],
])("a network is not left: %j to %j", (base, head, text) => {
  const findings = checkStrategy(
    between(release({ ecs: { network: base } }), release({ ecs: { network: head } })),
  );
  expect(lines(findings)).toEqual([
    expect.stringContaining(`'ecs.network' changes ${text}: that replaces what serves users`),
  ]);
});

test("other subnets of the same network are no other network", () => {
  const other = { ...network, loadBalancerSubnetIds: ["subnet-1", "subnet-4"] };
  expect(checkStrategy(between(release({ ecs: { network } }), release({ ecs: { network: other } })))).toEqual(
    [],
  );
});

describe("a plan", () => {
  const check = (base: object, head: object, ...resources: PlannedResource[]) =>
    lines(checkPlannedChanges(between(base, head, { plan: planOf(...resources) })));

  test("adds the task definition of a version that is published, and lets its image be pulled", () => {
    expect(check(release(), release({}, "v2"), task("v2", "create"), pulls)).toEqual([]);
    expect(check(release(), release({}, "v2"))).toEqual([
      expect.stringContaining("the plan lacks this step: publish v2"),
    ]);
    expect(check(release({}, "v2"), release(), task("v2", "delete"))).toEqual([]);
  });

  test("makes no published task definition anew, and deletes none, which nothing says", () => {
    expect(check(release(), release({}, "v2"), task("v2", "create"), task("v1", "replace"))).toEqual([
      "aws_ecs_task_definition.version_v1 will be replaced, but nothing in this change explains it; v1 serves 100 %",
    ]);
    expect(check(release(), release({ canary: undefined }), pulls)).toEqual([
      "aws_iam_role_policy.tasks_execution-policy will be changed in place (policy), but nothing in this change explains it",
    ]);
  });

  test.each([
    [{ ecs: { healthCheck: { path: "/health" } } }, "aws_lb_target_group.load-balancer_blue", "health_check"],
    [{ ecs: { logRetentionDays: 30 } }, "aws_cloudwatch_log_group.tasks_log-group", "retention_in_days"],
    [
      { ecs: { healthCheck: { graceSeconds: 10 } } },
      "aws_ecs_service.containers",
      "health_check_grace_period_seconds",
    ],
    [
      { rollout: { waitMinutes: 5 } },
      "aws_codedeploy_deployment_group.rollout",
      "blue_green_deployment_config",
    ],
    [{ ecs: { network } }, "aws_lb.load-balancer", "subnets"],
    [{ ecs: { port: 3000 } }, "aws_cloudwatch_metric_alarm.blue-alarms_errors", "dimensions"],
    [{ alarms: { errors: { threshold: 5 } } }, "aws_cloudwatch_metric_alarm.blue-alarms_errors", "threshold"],
  ])("changes what %j says in place", (head, address, argument) => {
    const one = resource(`${address}_0A1B2C3D`, { changed: changed(argument) });
    expect(check(release(), release(head), one)).toEqual([]);
    expect(check(release(), release(), one)).toEqual([
      expect.stringContaining("but nothing in this change explains it"),
    ]);
  });

  test("adds a hook, and its way to the load balancer", () => {
    const [base, head] = [release(), release({ hooks: { afterAllowTestTraffic: "ask" } })];
    const made = [
      "aws_lambda_function.after-allow-test-traffic-hook_function",
      "aws_security_group.hooks-security-group",
      "aws_vpc_security_group_ingress_rule.load-balancer_security-group_hooks-test",
    ].map((address) => resource(`${address}_0A1B2C3D`, { action: "create" }));
    const files = { "lambdas/hooks/ask.ts": "export const handler = async () => {};\n" };
    expect(lines(checkPlannedChanges(between(base, head, { plan: planOf(...made), files })))).toEqual([]);
  });
});

describe("where ECS itself shifts", () => {
  const native = (fields: object = {}, ...versions: string[]) =>
    release({ strategy: "ecs-native", ...fields }, ...versions);
  const promoted = native({ stable: "v2", former: "v1" }, "v2");
  const family = (version: string) =>
    `arn:aws:ecs:eu-central-1:123456789012:task-definition/shop-dev-${version}:1`;
  const service = (to: string) =>
    resource("aws_ecs_service.containers_0A1B2C3D", {
      changed: changed("task_definition"),
      before: { task_definition: family("v1") },
      after: { task_definition: family(to) },
    });
  const check = (base: object, head: object, ...resources: PlannedResource[]) =>
    lines(checkPlannedChanges(between(base, head, { plan: planOf(...resources) })));

  test("another stable version is told as the shift that the deploy begins", () => {
    const change = between(native({}, "v2"), promoted, { plan: planOf(service("v2")) });
    expect(change.steps.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      "switch: have ECS shift users to v2",
    ]);
    expect(headlineOf(change)).toBe(
      "v1 100 -> 0 %, v2 0 -> 100 % (the deploy has ECS shift users: 10 %, the rest after 5 minutes); 1 change, nothing replaced; time to roll back: at once with 'rollout --stop' until 5 min after the shift, then one apply that ECS shifts",
    );
  });

  test("the plan must change the service's task definition to the file's stable version", () => {
    expect(check(native({}, "v2"), promoted, service("v2"))).toEqual([]);
    expect(check(native({}, "v2"), promoted)).toEqual([
      expect.stringContaining("the plan lacks this step: have ECS shift users to v2"),
    ]);
    expect(check(native({}, "v2"), promoted, service("v3"))).toEqual([
      expect.stringContaining("the plan leads to shop-dev-v3 100 %, but the file says v2 100 %"),
    ]);
    expect(check(native({}, "v2"), native({}, "v2"), service("v2"))).not.toEqual([]);
  });

  test.each([
    [{ deployment: { allAtOnce: true } }, "deployment_configuration"],
    [{ alarms: { own: ["shop-declined"] } }, "alarms"],
  ])("%j explains that '%s' of the service changes", (fields, name) => {
    const plan = resource("aws_ecs_service.containers_0A1B2C3D", { changed: changed(name) });
    expect(check(native(), native(fields), plan)).toEqual([]);
    expect(check(native(), native({}, "v2"), task("v2", "create"), pulls, plan)).toEqual([
      expect.stringContaining(`(${name}), but nothing in this change explains it`),
    ]);
  });
});
