import { environment, named, privileges, stackOf } from "../support/bootstrap";
import { judge, policyIn, type Row } from "../support/policy";

const here = (service: string, name: string) => `arn:aws:${service}:eu-central-1:111122223333:${name}`;
const lambda = (name: string) => here("lambda", `function:${name}`);
const parameter = (name: string) => here("ssm", `parameter/lambda-release/${name}/stops`);
const share = (name: string) => here("ssm", `parameter/lambda-release/${name}/share`);
const queue = (name: string) => here("sqs", `${name}-guard-failed`);
const rule = (name: string) => here("events", `rule/${name}`);
const from = (service: string) => ({ "lambda:Principal": `${service}.amazonaws.com` });
const elsewhere = "arn:aws:sns:eu-central-1:444455556666:releases";
const guarded = { guard: { topics: [elsewhere] } };

const read: readonly Row[] = [
  ["ssm:GetParameter", parameter("shop-dev")],
  ["ssm:ListTagsForResource", parameter("shop-dev")],
  ["ssm:GetParameter", share("shop-dev")],
  ["ssm:DescribeParameters", "*"],
  ["sqs:GetQueueAttributes", queue("shop-dev")],
  ["sqs:ListQueueTags", queue("shop-dev")],
  ["events:DescribeRule", rule("shop-dev-guard-alarms")],
  ["events:ListTargetsByRule", rule("shop-dev-guard-minutes")],
];
const changed: readonly Row[] = [
  ["ssm:PutParameter", parameter("shop-dev")],
  ["ssm:AddTagsToResource", parameter("shop-dev")],
  ["ssm:DeleteParameter", parameter("shop-dev")],
  ["ssm:PutParameter", share("shop-dev")],
  ["ssm:DeleteParameter", share("shop-dev")],
  ["sqs:CreateQueue", queue("shop-dev")],
  ["sqs:SetQueueAttributes", queue("shop-dev")],
  ["sqs:DeleteQueue", queue("shop-dev")],
  ["events:PutRule", rule("shop-dev-guard-alarms")],
  ["events:PutTargets", rule("shop-dev-guard-minutes")],
  ["lambda:AddPermission", lambda("shop-dev-guard"), from("events")],
  [
    "cloudwatch:PutMetricAlarm",
    here("cloudwatch", "alarm:shop-dev-guard-errors"),
    { "cloudwatch:AlarmActions": elsewhere },
  ],
];

const policyOf = (role: string, release: object = guarded, fields = environment()) =>
  privileges(role, fields, release);

describe("guards", () => {
  test("are read by who reviews, and changed by who deploys", async () => {
    expect(judge(await policyOf("review"), [...read, ...changed])).toEqual(read);
    expect(judge(await policyOf("deploy"), [...read, ...changed])).toEqual([...read, ...changed]);
  });

  test("may come from the environment", async () => {
    const fields = environment({}, { guard: guarded.guard });
    expect(judge(await policyOf("deploy", {}, fields), changed)).toEqual(changed);
    expect(judge(await policyOf("deploy", { guard: false }, fields), changed)).toEqual([]);
  });

  test("a deploy touches none of another environment, and nothing of others", async () => {
    const others: readonly Row[] = [
      ["ssm:GetParameter", parameter("shop-prod")],
      ["ssm:PutParameter", parameter("shop-prod")],
      ["ssm:PutParameter", share("shop-prod")],
      ["ssm:GetParameter", here("ssm", "parameter/shop/dev/secret")],
      ["sqs:DeleteQueue", queue("shop-prod")],
      ["sqs:DeleteQueue", here("sqs", "orders")],
      ["sqs:ReceiveMessage", queue("shop-dev")],
      ["events:PutRule", rule("shop-prod-guard-alarms")],
      ["lambda:AddPermission", lambda("shop-dev-guard"), from("sns")],
      ["lambda:InvokeFunction", lambda("shop-dev-guard")],
    ];
    expect(judge(await policyOf("deploy"), others)).toEqual([]);
  });

  test("where no release has one, nobody reads or changes them", async () => {
    for (const role of ["review", "deploy"])
      expect(judge(await policyOf(role, {}), [...read, ...changed])).toEqual([]);
  });
});

describe("the boundary of functions", () => {
  const api = (path: string) => `arn:aws:apigateway:eu-central-1::/restapis/abc${path}`;
  const by = (name: string) => ({
    "aws:PrincipalArn": `arn:aws:iam::111122223333:role/lambda-release/dev/${name}`,
  });
  const calls = (context?: Record<string, string>): Row[] => [
    ["cloudwatch:DescribeAlarms", "*", context],
    ["ssm:GetParameter", parameter("shop-dev"), context],
    ["ssm:PutParameter", parameter("shop-dev"), context],
    ["ssm:PutParameter", share("shop-dev"), context],
    ["apigateway:GET", api("/stages/dev"), context],
    ["apigateway:PATCH", api("/stages/dev"), context],
    ["lambda:ListAliases", lambda("shop-dev"), context],
    ["lambda:GetFunctionConfiguration", lambda("shop-dev:2"), context],
    ["lambda:UpdateAlias", lambda("shop-dev-search"), context],
    ["sns:Publish", elsewhere, context],
  ];
  const boundaryOf = async (release: object) => {
    const stack = JSON.parse(await stackOf("bootstrap-dev", environment(), release));
    return policyIn(named(stack, "aws_iam_policy")["bootstrap-dev-functions"]?.["policy"] ?? "");
  };

  test("lets a guard do what it does, and no other function", async () => {
    const limit = await boundaryOf(guarded);
    const ofGuard = calls(by("Guard_shop.dev"));
    expect(judge(limit, ofGuard)).toEqual(ofGuard);
    // A version or a function may be named "guard", and a service "Guard_shop" may not.
    for (const other of ["shop.dev.v1", "shop.dev", "shop.dev.guard", "shop.dev.v1.dev", "Guard_shop.prod"])
      expect(judge(limit, calls(by(other)))).toEqual([]);
    expect(judge(limit, calls())).toEqual([]);
    const root = { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/Guard_shop-dev" };
    expect(judge(limit, calls(root))).toEqual([]);
  });

  test("lets it do nothing with what is not the environment's, and nothing more with what is", async () => {
    const guard = by("Guard_shop.dev");
    const others: readonly Row[] = [
      ["ssm:PutParameter", parameter("shop-prod"), guard],
      ["apigateway:PATCH", api(""), guard],
      ["apigateway:DELETE", api("/stages/dev"), guard],
      ["lambda:UpdateAlias", lambda("shop-prod"), guard],
      ["lambda:UpdateFunctionCode", lambda("shop-dev"), guard],
      ["sns:Publish", `${elsewhere}-other`, guard],
    ];
    expect(judge(await boundaryOf(guarded), others)).toEqual([]);
  });

  test("lets it read CloudWatch's numbers where a guard compares versions, or tells what a stopped one did", async () => {
    const numbers: readonly Row[] = [["cloudwatch:GetMetricData", "*", by("Guard_shop.dev")]];
    expect(judge(await boundaryOf({ guard: { verdict: true } }), numbers)).toEqual(numbers);
    expect(judge(await boundaryOf(guarded), numbers)).toEqual(numbers);
    expect(judge(await boundaryOf({ guard: {} }), numbers)).toEqual([]);
  });

  test("lets no role be a guard's where no release has one", async () => {
    expect(judge(await boundaryOf({}), calls(by("Guard_shop.dev")))).toEqual([]);
  });

  test("covers all that the stack gives the guard", async () => {
    const stack = JSON.parse(await stackOf("shop-dev", environment(), guarded));
    const policies = Object.entries(
      stack.resource["aws_iam_role_policy"] as Record<string, { policy: string }>,
    );
    const [, { policy = "" } = {}] = policies.find(([id]) => id.startsWith("guard_function")) ?? [];
    const known = policy
      .replace(
        /\$\{aws_cloudwatch_log_group\.[\w-]+\.arn\}/,
        here("logs", "log-group:/aws/lambda/shop-dev-guard"),
      )
      .replace(/\$\{aws_ssm_parameter\.[\w-]+\.arn\}/, parameter("shop-dev"))
      .replace(/\$\{aws_sqs_queue\.[\w-]+\.name\}/, "shop-dev-guard-failed")
      .replace(/\$\{aws_api_gateway_rest_api\.[\w-]+\.id\}/g, "abc");
    const given = policyIn(known).Statement.flatMap(({ Action, Resource }) =>
      [Action]
        .flat()
        .flatMap((action) =>
          [Resource].flat().map((resource): Row => [action, resource, by("Guard_shop.dev")]),
        ),
    );
    expect(given.length).toBeGreaterThan(8);
    expect(judge(await boundaryOf(guarded), given)).toEqual(given);
  });
});
