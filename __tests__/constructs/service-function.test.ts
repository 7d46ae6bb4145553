import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { ServiceFunction } from "../../constructs/service-function";
import { releaseOf, synth } from "../support/synth";

function functionWith(settings: object) {
  const [one] = releaseOf({ settings }).stable.functions;
  if (one === undefined) throw new Error("the shop has a function");
  return synth((stack) => {
    new ServiceFunction(stack, "function", one);
  });
}

/** What the execution role allows, by resource. */
function allowed(synthesized: string): [string, string[]][] {
  return statements(synthesized)
    .filter(({ Effect }) => Effect === "Allow")
    .map(({ Resource, Action }) => [Resource.replace(/\$\{.*\}/, "<own log group>"), Action]);
}

interface Statement {
  readonly Effect: string;
  readonly Resource: string;
  readonly Action: string[];
  readonly Condition?: object;
}

function statements(synthesized: string): readonly Statement[] {
  const policies = JSON.parse(synthesized).resource.aws_iam_role_policy as Record<string, { policy: string }>;
  const [policy] = Object.values(policies);
  return (JSON.parse(policy?.policy ?? "") as { Statement: Statement[] }).Statement;
}

const ownLogs = ["<own log group>:*", ["logs:CreateLogStream", "logs:PutLogEvents"]];

const key = "arn:aws:kms:eu-central-1:123456789012:key/1a2b";

test("has the articles' defaults", () => {
  expect(functionWith({})).toHaveResourceWithProperties(LambdaFunction, {
    function_name: "shop-dev-v1",
    handler: "shop.handler",
    runtime: "nodejs22.x",
    architectures: ["x86_64"],
    memory_size: 128,
    timeout: 5,
  });
});

test.each([
  [{ memoryMb: 512 }, { memory_size: 512 }],
  [{ timeoutSeconds: 30 }, { timeout: 30 }],
  [{ runtime: "nodejs20.x" }, { runtime: "nodejs20.x" }],
  [{ architecture: "arm64" }, { architectures: ["arm64"] }],
  [{ environment: { MODE: "fast" } }, { environment: { variables: { MODE: "fast" } } }],
  [
    { layers: ["arn:aws:lambda:eu-central-1:123456789012:layer:tools:3"] },
    { layers: ["arn:aws:lambda:eu-central-1:123456789012:layer:tools:3"] },
  ],
  [
    { vpc: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] } },
    { vpc_config: { subnet_ids: ["subnet-1"], security_group_ids: ["sg-1"] } },
  ],
  [
    { deadLetterArn: "arn:aws:sqs:eu-central-1:123456789012:failed" },
    { dead_letter_config: { target_arn: "arn:aws:sqs:eu-central-1:123456789012:failed" } },
  ],
  [{ tracing: true }, { tracing_config: { mode: "Active" } }],
  [{ ephemeralStorageMb: 2048 }, { ephemeral_storage: { size: 2048 } }],
  [{ reservedConcurrency: 0 }, { reserved_concurrent_executions: 0 }],
  [{ kmsKeyArn: key }, { kms_key_arn: key }],
  [{ logging: { format: "text" } }, { logging_config: { log_format: "Text" } }],
  [
    { logging: { format: "json", applicationLevel: "debug", systemLevel: "warn" } },
    { logging_config: { log_format: "JSON", application_log_level: "DEBUG", system_log_level: "WARN" } },
  ],
])("takes %j", (settings, expected) => {
  expect(functionWith(settings)).toHaveResourceWithProperties(LambdaFunction, expected);
});

test("has blocks only where they are asked for", () => {
  const [lambda] = Object.values(JSON.parse(functionWith({})).resource.aws_lambda_function);
  const left = [
    "ephemeral_storage",
    "reserved_concurrent_executions",
    "kms_key_arn",
    "logging_config",
    "snap_start",
  ];
  for (const block of [
    "environment",
    "layers",
    "vpc_config",
    "dead_letter_config",
    "tracing_config",
    ...left,
  ]) {
    expect(lambda).not.toHaveProperty(block);
  }
});

test("is made after its log group and permissions", () => {
  expect(functionWith({})).toHaveResourceWithProperties(LambdaFunction, {
    depends_on: [
      expect.stringMatching(/^aws_cloudwatch_log_group\.function_log-group/),
      expect.stringMatching(/^aws_iam_role_policy\.function_role_policy/),
    ],
  });
});

test("has a log group of its own that keeps logs for 14 days, or as long as is asked", () => {
  const name = "/aws/lambda/shop-dev-v1";
  expect(functionWith({})).toHaveResourceWithProperties(CloudwatchLogGroup, { name, retention_in_days: 14 });
  expect(functionWith({ logRetentionDays: 30 })).toHaveResourceWithProperties(CloudwatchLogGroup, {
    name,
    retention_in_days: 30,
  });
});

test("has a role of its own that Lambda alone may take", () => {
  const synthesized = functionWith({});
  expect(synthesized).toHaveResourceWithProperties(IamRole, { name: "shop-dev-v1" });
  expect(synthesized).toHaveResource(IamRolePolicy);
  const [role] = Object.values<{ assume_role_policy: string }>(JSON.parse(synthesized).resource.aws_iam_role);
  expect(JSON.parse(role?.assume_role_policy ?? "").Statement).toEqual([
    { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
  ]);
});

test("may write to its own log group and nothing else", () => {
  expect(allowed(functionWith({}))).toEqual([ownLogs]);
});

test.each<[object, [string, string[]]]>([
  [{ tracing: true }, ["*", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]]],
  [
    { deadLetterArn: "arn:aws:sqs:eu-central-1:123456789012:failed" },
    ["arn:aws:sqs:eu-central-1:123456789012:failed", ["sqs:SendMessage"]],
  ],
  [{ kmsKeyArn: key }, [key, ["kms:Decrypt"]]],
  [
    { deadLetterArn: "arn:aws:sns:eu-central-1:123456789012:failed" },
    ["arn:aws:sns:eu-central-1:123456789012:failed", ["sns:Publish"]],
  ],
  [
    { vpc: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] } },
    [
      "*",
      [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses",
      ],
    ],
  ],
])("may with %j also what that needs", (settings, statement) => {
  expect(allowed(functionWith(settings))).toEqual([ownLogs, statement]);
});

test("in a VPC its code may touch no network interface, which Lambda alone manages", () => {
  const vpc = { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] };
  const [, lambdas, codes, ...more] = statements(functionWith({ vpc }));
  expect(codes).toEqual({
    ...lambdas,
    Effect: "Deny",
    Condition: { Null: { "lambda:SourceFunctionArn": "false" } },
  });
  expect(more).toEqual([]);
  const all = statements(functionWith({}));
  expect(all.map(({ Effect }) => Effect)).toEqual(["Allow"]);
});

describe("what its file allows it", () => {
  const table = "arn:aws:dynamodb:eu-central-1:111122223333:table/orders";
  const key = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd";
  /** With the references to partition, region and account by their names. */
  const readable = (synthesized: string) =>
    statements(synthesized).map(({ Resource, Action }) => [
      [Resource].flat().map((one) => one.replace(/\$\{[^}]*\.(\w+)\}/g, "<$1>")),
      Action,
    ]);

  test("is a statement of its role's own policy, without its reason", () => {
    const synthesized = functionWith({
      permissions: [
        { actions: ["dynamodb:GetItem"], resources: [table] },
        { actions: ["s3:List*"], resources: ["*"], reason: "it lists every bucket" },
      ],
    });
    expect(readable(synthesized).slice(1)).toEqual([
      [[table], ["dynamodb:GetItem"]],
      [["*"], ["s3:List*"]],
    ]);
    expect(synthesized).not.toContain("every bucket");
  });

  test("is to read each parameter and secret whose name an environment variable holds, and to decrypt with its key", () => {
    const synthesized = functionWith({
      environment: { MODE: "fast" },
      parameters: { DB: "/shop/db/password", PLAIN: { name: "plain", kmsKeyArn: key } },
      secrets: {
        STRIPE: { name: "shop/stripe", kmsKeyArn: key },
        SHARED: "arn:aws:secretsmanager:eu-west-1:444455556666:secret:shared-a1B2c3",
      },
    });
    expect(synthesized).toHaveResourceWithProperties(LambdaFunction, {
      environment: {
        variables: {
          MODE: "fast",
          DB: "/shop/db/password",
          PLAIN: "plain",
          STRIPE: "shop/stripe",
          SHARED: "arn:aws:secretsmanager:eu-west-1:444455556666:secret:shared-a1B2c3",
        },
      },
    });
    expect(readable(synthesized).slice(1)).toEqual([
      [
        [
          "arn:<partition>:ssm:<id>:<account_id>:parameter/shop/db/password",
          "arn:<partition>:ssm:<id>:<account_id>:parameter/plain",
        ],
        ["ssm:GetParameter", "ssm:GetParameters"],
      ],
      [[key], ["kms:Decrypt"]],
      [
        [
          "arn:<partition>:secretsmanager:<id>:<account_id>:secret:shop/stripe-??????",
          "arn:aws:secretsmanager:eu-west-1:444455556666:secret:shared-a1B2c3",
        ],
        ["secretsmanager:GetSecretValue"],
      ],
    ]);
  });

  test("are managed policies, which are attached before the function is made", () => {
    const policies = [
      "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess",
      "arn:aws:iam::111122223333:policy/shop",
    ];
    const { resource } = JSON.parse(functionWith({ managedPolicies: policies }));
    const attached = resource.aws_iam_role_policy_attachment as Record<
      string,
      { policy_arn: string; role: string }
    >;
    expect(
      Object.values(attached)
        .map(({ policy_arn }) => policy_arn)
        .sort(),
    ).toEqual([...policies].sort());
    const [role] = Object.keys(resource.aws_iam_role);
    for (const one of Object.values(attached)) expect(one.role).toBe(`\${aws_iam_role.${role}.name}`);
    const [lambda] = Object.values<{ depends_on: string[] }>(resource.aws_lambda_function);
    expect(lambda?.depends_on).toEqual(
      expect.arrayContaining(Object.keys(attached).map((name) => `aws_iam_role_policy_attachment.${name}`)),
    );
  });

  test("another policy beside it leaves the attachment of a policy as it is", () => {
    const names = (managedPolicies: string[]) =>
      Object.keys(JSON.parse(functionWith({ managedPolicies })).resource.aws_iam_role_policy_attachment);
    const [one, other] = ["arn:aws:iam::aws:policy/One", "arn:aws:iam::aws:policy/Other"] as const;
    expect(names([other, one]).sort()).toEqual([...names([one]), ...names([other])].sort());
  });

  test("is all that a role of others allows: the stack makes no role", () => {
    const roleArn = "arn:aws:iam::111122223333:role/team/shop";
    const { resource, removed } = JSON.parse(functionWith({ roleArn }));
    const [lambda] = Object.values<{ role: string }>(resource.aws_lambda_function);
    expect(lambda?.role).toBe(roleArn);
    expect(Object.keys(resource).filter((type) => type.startsWith("aws_iam"))).toEqual([]);
    expect(removed).toBeUndefined();
  });
});
