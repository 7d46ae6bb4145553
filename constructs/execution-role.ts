import type { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import type { FunctionSettings } from "../src/release/function-settings";
import type { RoleName } from "../src/release/role";
import { Import } from "./import";
import { addNamedRole } from "./named-role";
import { outlivesPointers } from "./outlives-pointers";
import { allow, deny, policyDocument, type Statement } from "./policy-document";

export interface ExecutionRoleProps {
  /** Name and path. */
  readonly role: RoleName;
  /** ARN of the function's own log group. */
  readonly logGroupArn: string;
  /** What the function uses: a VPC, a dead letter queue or tracing each need a statement. */
  readonly settings: FunctionSettings;
  /** Whether a role of that name is there and is imported. @default false */
  readonly recovered?: boolean;
  /** What the function may do besides. @default - nothing */
  readonly statements?: readonly Statement[];
}

/** What a function may ever be given, by what asks for it. */
export const executionActions = {
  logs: ["logs:CreateLogStream", "logs:PutLogEvents"],
  tracing: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
  vpc: [
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ],
  topic: ["sns:Publish"],
  queue: ["sqs:SendMessage"],
  key: ["kms:Decrypt"],
} as const;

/** What a function may do: write to its own log group, and what its settings ask for. */
export class ExecutionRole extends Construct {
  /** ARN of the role. */
  readonly arn: string;
  /** Name of the role, for policies of your own: known only when the role is there. */
  readonly name: string;
  /** The permissions: a function that starts before them fails. */
  readonly policy: IamRolePolicy;

  constructor(scope: Construct, id: string, props: ExecutionRoleProps) {
    super(scope, id);
    const { role, policy } = addNamedRole(this, "Resource", {
      role: props.role,
      assumeRolePolicy: policyDocument({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "lambda.amazonaws.com" },
      }),
      policyName: "execution",
      statements: [
        allow(executionActions.logs, `${props.logGroupArn}:*`),
        ...this.renderTracing(props.settings),
        ...this.renderVpc(props.settings),
        ...this.renderDeadLetter(props.settings),
        ...this.renderKey(props.settings),
        ...(props.statements ?? []),
      ],
      lifecycle: outlivesPointers,
    });
    this.arn = role.arn;
    this.name = role.name;
    this.policy = policy;
    if (props.recovered) new Import(this, "import", { to: role, id: props.role.name });
  }

  private renderTracing({ tracing }: FunctionSettings): Statement[] {
    // X-Ray knows no resources: https://docs.aws.amazon.com/xray/latest/devguide/security_iam_service-with-iam.html
    return tracing ? [allow(executionActions.tracing, "*")] : [];
  }

  private renderVpc({ vpc }: FunctionSettings): Statement[] {
    return vpc === undefined ? [] : networkInterfaces();
  }

  private renderDeadLetter({ deadLetterArn }: FunctionSettings): Statement[] {
    if (deadLetterArn === undefined) return [];
    const { topic, queue } = executionActions;
    return [allow(deadLetterArn.split(":")[2] === "sns" ? topic : queue, deadLetterArn)];
  }

  private renderKey({ kmsKeyArn }: FunctionSettings): Statement[] {
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
    return kmsKeyArn === undefined ? [] : [allow(executionActions.key, kmsKeyArn)];
  }
}

/**
 * Lambda manages network interfaces with the role of the function, and names none of them beforehand. The code, which
 * has the same role, cannot touch any: only a call of a function's code carries that key.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-best-practice
 */
export function networkInterfaces(): Statement[] {
  const { vpc } = executionActions;
  const ofCode = { Null: { "lambda:SourceFunctionArn": "false" } };
  return [allow(vpc, "*"), { ...deny(vpc, "*"), Condition: ofCode }];
}
