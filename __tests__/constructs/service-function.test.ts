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
