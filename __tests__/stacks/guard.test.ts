import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shop, synthesizeFiles } from "../support/project";

type Arguments = Readonly<Record<string, unknown>>;

const topic = "arn:aws:sns:eu-central-1:111122223333:releases";

let resources: Readonly<Record<string, Readonly<Record<string, Arguments>>>>;
beforeAll(async () => {
  const files = shop({ guard: { topics: [topic] }, alarms: { own: ["checkout-canary"] } });
  const stack = readFileSync(join(await synthesizeFiles(files), "stacks/shop-dev/cdk.tf.json"), "utf8");
  const named = stack
    .replace(/_[0-9A-F]{8}(?=[."])/g, "")
    .replaceAll(/arn:\S{1,80}?:sqs:eu-central-1:\S{1,80}?:\$\{aws_sqs_queue\.guard_failed\.name\}/g, queue);
  resources = JSON.parse(named).resource;
});

const queue = "<the queue>";
const lambda = "${aws_lambda_function.guard_function.arn}";
const rules = ["alarms", "minutes"].map((waker) => `\${aws_cloudwatch_event_rule.guard_${waker}_rule.arn}`);

/** The guard's resources of a type. */
function ofGuard(type: string): Arguments[] {
  const found = Object.entries(resources[type] ?? {}).filter(([id]) => id.startsWith("guard_"));
  return found.map(([, { "//": _, ...args }]) => args);
}

test("an event that the guard fails to handle three times goes to its queue, which its role may send to", () => {
  expect(ofGuard("aws_sqs_queue")).toEqual([
    { name: "shop-dev-guard-failed", message_retention_seconds: 1_209_600 },
  ]);
  expect(ofGuard("aws_lambda_function")).toMatchObject([{ dead_letter_config: { target_arn: queue } }]);
  const [role] = ofGuard("aws_iam_role_policy");
  expect(JSON.parse(String(role?.["policy"])).Statement).toContainEqual({
    Effect: "Allow",
    Action: ["sqs:SendMessage"],
    Resource: queue,
  });
  // Lambda tries a failed event twice more unless somebody says otherwise.
  expect(resources).not.toHaveProperty("aws_lambda_function_event_invoke_config");
});

test("both rules may invoke it, and send to its queue what they cannot hand over", () => {
  const target = { arn: lambda, dead_letter_config: { arn: queue } };
  expect(ofGuard("aws_cloudwatch_event_target")).toEqual([
    { ...target, rule: rules[0]?.replace(".arn}", ".name}") },
    { ...target, rule: rules[1]?.replace(".arn}", ".name}") },
  ]);
  expect(
    ofGuard("aws_lambda_permission").map(({ source_arn, principal }) => [source_arn, principal]),
  ).toEqual(rules.map((rule) => [rule, "events.amazonaws.com"]));
  const [policy] = ofGuard("aws_sqs_queue_policy");
  expect(policy?.["queue_url"]).toBe("${aws_sqs_queue.guard_failed.url}");
  expect(JSON.parse(String(policy?.["policy"])).Statement).toEqual([
    {
      Effect: "Allow",
      Action: ["sqs:SendMessage"],
      Resource: queue,
      Condition: { ArnEquals: { "aws:SourceArn": rules } },
      Principal: { Service: "events.amazonaws.com" },
    },
  ]);
});

test.each([
  ["errors", "Errors"],
  ["throttles", "Throttles"],
])("the alarm on its %s tells the topics", (name, metric_name) => {
  const alarm = ofGuard("aws_cloudwatch_metric_alarm").find(
    ({ alarm_name }) => alarm_name === `shop-dev-guard-${name}`,
  );
  expect(alarm).toMatchObject({
    namespace: "AWS/Lambda",
    metric_name,
    dimensions: { FunctionName: "${aws_lambda_function.guard_function.function_name}" },
    statistic: "Sum",
    comparison_operator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    treat_missing_data: "notBreaching",
    alarm_actions: [topic],
  });
});

test("an alarm tells the topics when nothing has called it for ten minutes, and when something does again", () => {
  const alarms = ofGuard("aws_cloudwatch_metric_alarm");
  expect(alarms).toHaveLength(3);
  const alarm = alarms.find(({ alarm_name }) => alarm_name === "shop-dev-guard-not-called");
  expect(alarm).toMatchObject({
    namespace: "AWS/Lambda",
    metric_name: "Invocations",
    dimensions: { FunctionName: "${aws_lambda_function.guard_function.function_name}" },
    statistic: "Sum",
    comparison_operator: "LessThanThreshold",
    threshold: 1,
    treat_missing_data: "breaching",
    alarm_actions: [topic],
    ok_actions: [topic],
  });
  // Its schedule calls it each minute, so several calls are missing by then.
  expect(Number(alarm?.["period"]) * Number(alarm?.["evaluation_periods"])).toBe(600);
});

test("alarms of the release and of the user's own wake it, when they are in ALARM", () => {
  const [alarms, minutes] = ofGuard("aws_cloudwatch_event_rule");
  expect(JSON.parse(String(alarms?.["event_pattern"]))).toEqual({
    source: ["aws.cloudwatch"],
    "detail-type": ["CloudWatch Alarm State Change"],
    detail: { alarmName: [{ prefix: "shop-dev-" }, "checkout-canary"], state: { value: ["ALARM"] } },
  });
  expect(minutes?.["schedule_expression"]).toBe("rate(1 minute)");
});

describe("its role reads CloudWatch's numbers", () => {
  async function actionsWith(guard: object): Promise<string[]> {
    const outdir = await synthesizeFiles(shop({ guard, alarms: {} }));
    const stack = JSON.parse(readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8"));
    const policies: [string, { policy: string }][] = Object.entries(stack.resource.aws_iam_role_policy);
    const [, { policy }] = policies.find(([id]) => id.startsWith("guard_")) ?? ["", { policy: "{}" }];
    return JSON.parse(policy).Statement.flatMap(({ Action }: { Action: string[] }) => Action);
  }

  test("where it compares the canary with stable, and not where it looks at alarms and tells nobody", async () => {
    expect(await actionsWith({ verdict: true })).toContain("cloudwatch:GetMetricData");
    expect(await actionsWith({})).not.toContain("cloudwatch:GetMetricData");
    expect(await actionsWith({ verdict: true })).not.toContain("sns:Publish");
  });
});
