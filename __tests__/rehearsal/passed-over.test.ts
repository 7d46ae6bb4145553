import { Testing } from "cdktf";
import { OrdersData, ordersStackWith } from "../../docs/extend-with-a-table";
import { passedOverLines } from "../../src/rehearsal/terminal";
import { AppliedState } from "../../src/rehearsal/terraform/applied-state";
import { parseConfiguration } from "../../src/rehearsal/terraform/configuration";
import { RehearsedAliases } from "../support/rehearse";
import { releaseOf } from "../support/synth";

type Resources = Record<string, Record<string, Record<string, unknown>>>;

const beside: Resources = {
  aws_dynamodb_table: {
    orders: { name: "orders", lifecycle: { ignore_changes: "all" } },
    carts: { name: "carts", tags: { Owner: "${upper(var.owner)}" } },
  },
  aws_sqs_queue: { jobs: { name: "jobs", fifo_queue: false } },
  aws_ssm_parameter: { flag: { name: "/shop/flag", type: "String", value: "on" } },
  aws_secretsmanager_secret: { key: { name: "key" } },
  aws_s3_bucket: { files: { bucket: "files" } },
  aws_db_instance: { sales: { identifier: "sales" } },
  null_resource: { seed: { triggers: { url: "${module.cache.url}" } } },
};

const modules = { cache: { source: "./cache" } };

const environment = {
  TABLE: "${aws_dynamodb_table.orders.name}",
  TABLE_ARN: "${aws_dynamodb_table.orders.arn}",
  QUEUE: "${aws_sqs_queue.jobs.url}",
  FLAG: "${aws_ssm_parameter.flag.value}",
  SECRET: "${aws_secretsmanager_secret.key.arn}",
  BUCKET: "${aws_s3_bucket.files.id}",
  DATABASE: "postgres://${aws_db_instance.sales.endpoint}/sales",
  READ: "${data.aws_ssm_parameter.there.value}",
  CACHE: "${module.cache.url}",
  ZONES: "${data.aws_availability_zones.all.names.1}",
};

const shop = (variables: object, resource: Resources = beside) =>
  RehearsedAliases.of({
    answer: "{ body: JSON.stringify(process.env) }",
    lambda: { environment: { variables } },
    resource,
    module: modules,
    data: { aws_ssm_parameter: { there: { name: "there" } }, aws_availability_zones: { all: {} } },
  });

test("what is beside functions ends no rehearsal, and their environment names it as AWS would", async () => {
  const rehearsed = await shop(environment);
  const answer = await rehearsed.fetch("/dev/");
  expect(await answer.json()).toMatchObject({
    TABLE: "orders",
    TABLE_ARN: "arn:aws:dynamodb:eu-central-1:123456789012:table/orders",
    QUEUE: "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs",
    FLAG: "on",
    SECRET: expect.stringMatching(
      /^arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-[a-z0-9]{6}$/,
    ),
    BUCKET: "files",
    DATABASE: "postgres://(not rehearsed: aws_db_instance.sales.endpoint)/sales",
    READ: "(not rehearsed: data.aws_ssm_parameter.there.value)",
    CACHE: "(not rehearsed: module.cache.url)",
    ZONES: "eu-central-1b",
  });
});

test("a table of another stack is a placeholder, in every function of the documented extension", () => {
  const app = Testing.app();
  const data = new OrdersData(app);
  const stack = new (ordersStackWith(data))(app, releaseOf({ versions: ["v1"] }));
  data.prepareStack();
  stack.prepareStack();
  const json = JSON.parse(Testing.synth(stack, true));
  const { state } = AppliedState.empty.apply(
    parseConfiguration({ ...json, data: withoutCode(json.data) }, "."),
  );
  const [lambda] = state.ofType("aws_lambda_function");
  expect(lambda?.attributes["environment"]).toEqual({
    variables: {
      TABLE: expect.stringMatching(
        /^\(not rehearsed: data\.terraform_remote_state\..*\.outputs\.[a-z_-]*name\)$/,
      ),
    },
  });
});

/** The code is written beside a stack by the app, which is not there. */
function withoutCode({ archive_file, ...others }: Record<string, object>): Record<string, object> {
  const files = Object.keys(archive_file ?? {}).map((name) => [
    name,
    { source_dir: "constructs", output_path: "x" },
  ]);
  return { ...others, archive_file: Object.fromEntries(files) };
}

describe("what decides an answer is refused with its place where only AWS knows it", () => {
  const reads = "got (not rehearsed: aws_db_instance.sales.endpoint)";
  const sales = "${aws_db_instance.sales.endpoint}";

  test.each([
    [
      { stage: { variables: { alias: "live", x: sales } } },
      `aws_api_gateway_stage.dev: 'variables' decides what requests get, so its value must be known, ${reads}`,
    ],
    [
      { lambda: { handler: sales } },
      `aws_lambda_function.shop: 'handler' decides what requests get, so its value must be known, ${reads}`,
    ],
    [
      { lambda: { file_system_config: { arn: "${aws_s3_bucket.files.arn}" } } },
      "aws_lambda_function.shop: the rehearsal does not know the argument 'file_system_config'",
    ],
    [
      { resource: { aws_api_gateway_integration: { one: {} } } },
      "aws_api_gateway_integration.one: the rehearsal does not know aws_api_gateway_integration, which may change what requests get",
    ],
  ])("%j", async (stack, message) => {
    const resource = { ...beside, ...("resource" in stack ? stack.resource : {}) };
    await expect(RehearsedAliases.of({ ...stack, resource, module: modules } as never)).rejects.toThrow(
      message,
    );
  });
});

describe("a run counts it in one line", () => {
  const linesOf = (resource: object) =>
    passedOverLines(AppliedState.empty.apply(parseConfiguration({ resource } as never, ".")).summary);
  const some = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`x${index}`, {}]));

  test.each<[object, [string, string][]]>([
    [{ aws_cloudwatch_metric_alarm: some(1), aws_sns_topic: some(1) }, []],
    [
      { aws_sqs_queue: some(1), aws_dynamodb_table: some(2) },
      [["passed over", "3 that no request notices (aws_dynamodb_table 2, aws_sqs_queue 1)"]],
    ],
    [
      { aws_wafv2_web_acl_association: some(1) },
      [
        ["passed over", "1 that no request notices (aws_wafv2_web_acl_association 1)"],
        ["unrehearsed", "a web ACL: in AWS it may refuse requests"],
      ],
    ],
    [
      {
        aws_sqs_queue: some(1),
        aws_dynamodb_table: some(200),
        aws_secretsmanager_secret: some(1),
        aws_s3_bucket: some(3),
      },
      [["passed over", "205 that no request notices (aws_dynamodb_table 200, 3 other types)"]],
    ],
  ])("%#", (resource, lines) => {
    expect(linesOf(resource)).toEqual(lines);
    for (const [, text] of lines) expect(text.length).toBeLessThanOrEqual(67);
  });
});
