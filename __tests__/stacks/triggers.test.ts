import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Files, synthesizeFiles } from "../support/project";
import { oneOfEach, ownedBucket, shopWithTriggers, source } from "../support/triggers";

type Arguments = Readonly<Record<string, unknown>>;
interface Stack {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Arguments>>>>;
  readonly output: Readonly<Record<string, unknown>>;
}

/** The JSON of the stack, without the hashes of addresses. */
async function stackOf(files: Files): Promise<Stack> {
  const outdir = await synthesizeFiles(files);
  const json = readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8");
  return JSON.parse(json.replace(/_[0-9A-F]{8}(?=[."])/g, ""));
}

/** The arguments of the resources of a type, by their ids in the stack. */
function ofType({ resource }: Stack, type: string): Record<string, Arguments> {
  const found = Object.entries(resource[type] ?? {});
  return Object.fromEntries(found.map(([id, { "//": _, ...args }]) => [id, args]));
}

const live = "${aws_lambda_alias.live.arn}";

describe.each(["weighted-alias", "codedeploy-alias"])("%s", (strategy) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await stackOf(shopWithTriggers({ strategy }));
  });

  test("maps queues and streams to the alias, once the role may read them", () => {
    const depends_on = [expect.stringMatching(/^aws_iam_role_policy\.function_role_policy/)];
    expect(ofType(stack, "aws_lambda_event_source_mapping")).toEqual({
      triggers_changes_mapping: {
        bisect_batch_on_function_error: true,
        depends_on,
        destination_config: { on_failure: { destination_arn: source("sns", "failed") } },
        event_source_arn: oneOfEach.changes.stream.arn,
        function_name: live,
        maximum_record_age_in_seconds: 600,
        maximum_retry_attempts: 3,
        parallelization_factor: 2,
        starting_position: "TRIM_HORIZON",
      },
      triggers_orders_mapping: {
        batch_size: 100,
        depends_on,
        event_source_arn: source("sqs", "orders"),
        filter_criteria: { filter: [{ pattern: '{"body":{"kind":["new"]}}' }] },
        function_name: live,
        function_response_types: ["ReportBatchItemFailures"],
        maximum_batching_window_in_seconds: 5,
        scaling_config: { maximum_concurrency: 5 },
      },
    });
  });

  test("gives the function's role what Lambda needs to read them, and nothing of the others", () => {
    const policies = Object.values(ofType(stack, "aws_iam_role_policy"));
    const execution = policies.find(({ name }) => name === "execution");
    const { Statement } = JSON.parse(String(execution?.["policy"]));
    const allow = (Action: string[], arn: string) => ({ Effect: "Allow", Action, Resource: [arn] });
    const { changes, orders } = oneOfEach;
    expect(Statement.slice(1)).toEqual([
      allow(["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], orders.queue.arn),
      allow(
        [
          "dynamodb:DescribeStream",
          "dynamodb:GetRecords",
          "dynamodb:GetShardIterator",
          "dynamodb:ListStreams",
        ],
        changes.stream.arn,
      ),
      allow(["sns:Publish"], changes.stream.failureArn),
    ]);
  });

  test("subscribes the alias to topics", () => {
    expect(ofType(stack, "aws_sns_topic_subscription")).toEqual({
      triggers_news_subscription: {
        depends_on: [expect.stringMatching(/^aws_lambda_permission\.triggers_news_permission/)],
        endpoint: live,
        filter_policy: '{"kind":["offer"]}',
        filter_policy_scope: "MessageBody",
        protocol: "lambda",
        topic_arn: source("sns", "news"),
      },
    });
  });

  test("sends events and schedules to the alias", () => {
    expect(ofType(stack, "aws_cloudwatch_event_rule")).toEqual({
      triggers_audit_rule: {
        event_bus_name: "shop",
        event_pattern: '{"source":["shop"]}',
        name: "shop-dev-audit",
      },
      triggers_nightly_rule: { name: "shop-dev-nightly", schedule_expression: "cron(0 3 * * ? *)" },
    });
    expect(ofType(stack, "aws_cloudwatch_event_target")).toEqual({
      triggers_audit_target: expect.objectContaining({
        arn: live,
        dead_letter_config: { arn: source("sqs", "dead") },
        event_bus_name: "shop",
        target_id: "audit",
      }),
      triggers_nightly_target: expect.objectContaining({ arn: live, input: '{"task":"clean"}' }),
    });
  });

  test("admits to the alias each service that pushes, from its source alone", () => {
    const permissions = Object.entries(ofType(stack, "aws_lambda_permission")).filter(([id]) =>
      id.startsWith("triggers_"),
    );
    const admitted = permissions.map(([id, { principal, qualifier, source_arn, source_account }]) => [
      id,
      principal,
      qualifier,
      source_arn,
      source_account !== undefined,
    ]);
    const name = "${aws_lambda_alias.live.name}";
    const ofRule = (rule: string) => `\${aws_cloudwatch_event_rule.${rule}.arn}`;
    expect(admitted).toEqual([
      ["triggers_audit_permission", "events.amazonaws.com", name, ofRule("triggers_audit_rule"), false],
      ["triggers_news_permission", "sns.amazonaws.com", name, source("sns", "news"), false],
      ["triggers_nightly_permission", "events.amazonaws.com", name, ofRule("triggers_nightly_rule"), false],
      [
        "triggers_uploads_permission",
        "s3.amazonaws.com",
        name,
        expect.stringMatching(/:s3:::shop-uploads$/),
        true,
      ],
    ]);
    const ids = permissions.map(([, { statement_id }]) => statement_id);
    expect(new Set(ids).size).toBe(4);
  });

  test("tells the alias's ARN, for what is set elsewhere", () => {
    expect(stack.output["alias_arn"]).toEqual({ value: live });
  });
});

test("sets all notifications of a bucket that it owns, once S3 may invoke the alias", async () => {
  const triggers = {
    uploads: ownedBucket({ prefix: "a/", suffix: ".csv" }),
    removed: ownedBucket({ events: ["s3:ObjectRemoved:*"] }),
    elsewhere: { bucket: { name: "shop-out" } },
  };
  const stack = await stackOf(shopWithTriggers({ triggers }));
  expect(ofType(stack, "aws_s3_bucket_notification")).toEqual({
    "triggers_notifications_shop-in": {
      bucket: "shop-in",
      lambda_function: [
        { id: "removed", lambda_function_arn: live, events: ["s3:ObjectRemoved:*"] },
        {
          id: "uploads",
          lambda_function_arn: live,
          events: ["s3:ObjectCreated:*"],
          filter_prefix: "a/",
          filter_suffix: ".csv",
        },
      ],
      depends_on: [
        "aws_lambda_permission.triggers_removed_permission",
        "aws_lambda_permission.triggers_uploads_permission",
      ],
    },
  });
});

test("another source has another statement, because the next one is made before the former is deleted", async () => {
  const idOf = async (arn: string) => {
    const stack = await stackOf(shopWithTriggers({ triggers: { one: { topic: { arn } } } }));
    return ofType(stack, "aws_lambda_permission")["triggers_one_permission"]?.["statement_id"];
  };
  const [one, two] = [await idOf(source("sns", "one")), await idOf(source("sns", "two"))];
  expect(one).toMatch(/^AllowTrigger-one-[0-9a-f]{16}$/);
  expect(two).toMatch(/^AllowTrigger-one-[0-9a-f]{16}$/);
  expect(one).not.toBe(two);
});

test("without triggers a stack has nothing of them", async () => {
  const [none, empty] = [
    await stackOf(shopWithTriggers({ triggers: undefined })),
    await stackOf(shopWithTriggers({ triggers: {} })),
  ];
  expect(empty).toEqual(none);
  expect(JSON.stringify(none)).not.toMatch(/triggers_|alias_arn/);
});

describe.each(["weighted-alias", "codedeploy-alias"])("%s without an API", (strategy) => {
  test("makes all that invokes the alias, and nothing of API Gateway", async () => {
    const { resource, output } = await stackOf(shopWithTriggers({ strategy, api: false }));
    expect(Object.keys(resource).filter((type) => type.startsWith("aws_api_gateway"))).toEqual([]);
    expect(Object.keys(resource["aws_lambda_permission"] ?? {}).sort()).toEqual([
      "triggers_audit_permission",
      "triggers_news_permission",
      "triggers_nightly_permission",
      "triggers_uploads_permission",
    ]);
    expect(Object.keys(resource["aws_lambda_alias"] ?? {})).toEqual(["live"]);
    const own = strategy === "weighted-alias" ? ["traffic"] : ["alarms", "codedeploy"];
    expect(Object.keys(output).sort()).toEqual(
      ["alias_arn", "function_name", "latest_version", ...own].sort(),
    );
  });

  test("tells the alias also where nothing of the stack invokes it", async () => {
    const { output } = await stackOf(shopWithTriggers({ strategy, api: false, triggers: {} }));
    expect(output["alias_arn"]).toEqual({ value: live });
  });
});

test("without an API a hook after the shift may invoke the alias, for there is no endpoint to call", async () => {
  const hook = { "lambdas/hooks/after.ts": "export const handler = async () => {};\n" };
  const release = { strategy: "codedeploy-alias", api: false, hooks: { afterTraffic: "after" } };
  const { resource } = await stackOf(shopWithTriggers(release, hook));
  const ofHook = Object.entries(resource["aws_lambda_function"] ?? {}).find(([id]) => id !== "function");
  expect(JSON.stringify(ofHook)).not.toContain("API_ENDPOINT");
  const policies = JSON.stringify(resource["aws_iam_role_policy"]);
  expect(policies).toContain("lambda:InvokeFunction");
});
