import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import type { FunctionSettings } from "../release/function-settings";
import { Import } from "./import";
import { outlivesPointers } from "./outlives-pointers";
import { allow, policyDocument, type Statement } from "./policy-document";

export interface ExecutionRoleProps {
  /** Name of the role: that of the function. */
  readonly name: string;
  /** ARN of the function's own log group. */
  readonly logGroupArn: string;
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
} as const;

/** What a function may do: write to its own log group, and what its settings ask for. */
export class ExecutionRole extends Construct {
  readonly arn: string;
  /** The permissions: a function that starts before them fails. */
  readonly policy: IamRolePolicy;

  constructor(scope: Construct, id: string, props: ExecutionRoleProps) {
    super(scope, id);
    const role = new IamRole(this, "Resource", {
      name: props.name,
      assumeRolePolicy: policyDocument({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "lambda.amazonaws.com" },
      }),
      lifecycle: outlivesPointers,
    });
    this.arn = role.arn;
    if (props.recovered) new Import(this, "import", { to: role, id: props.name });
    const statements = [
      allow(executionActions.logs, `${props.logGroupArn}:*`),
      this.renderTracing(props.settings),
      this.renderVpc(props.settings),
      this.renderDeadLetter(props.settings),
      ...(props.statements ?? []),
    ];
    this.policy = new IamRolePolicy(this, "policy", {
      name: "execution",
      role: role.name,
      policy: policyDocument(...statements.filter((statement) => statement !== undefined)),
      lifecycle: outlivesPointers,
    });
  }

  private renderTracing({ tracing }: FunctionSettings): Statement | undefined {
    // X-Ray knows no resources: https://docs.aws.amazon.com/xray/latest/devguide/security_iam_service-with-iam.html
    return tracing ? allow(executionActions.tracing, "*") : undefined;
  }

  private renderVpc({ vpc }: FunctionSettings): Statement | undefined {
    return vpc && allow(executionActions.vpc, "*");
  }

  private renderDeadLetter({ deadLetterArn }: FunctionSettings): Statement | undefined {
    if (deadLetterArn === undefined) return undefined;
    const { topic, queue } = executionActions;
    return allow(deadLetterArn.split(":")[2] === "sns" ? topic : queue, deadLetterArn);
  }
}
