import type { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { serviceOf } from "../src/release/aws/arn";
import { executionActions } from "../src/release/functions/execution-actions";
import type { FunctionSettings } from "../src/release/functions/function-settings";
import { grantsOf, type Permission } from "../src/release/functions/permission";
import type { RoleName } from "../src/release/functions/role";
import { AwsTarget } from "./aws-target";
import { Import } from "./import";
import { addNamedRole, forgetNamedRole, inPath } from "./named-role";
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
  /**
   * Whether a former role of the stack stays in AWS where the settings name another one: a version that Lambda keeps
   * runs with the role that it was published with. @default false
   */
  readonly keepsFormer?: boolean;
}

/**
 * What a function may do: write to its own log group, and what its settings ask for. Where the settings name a role
 * that exists, it is that one, and nothing is made.
 */
export class ExecutionRole extends Construct {
  /** ARN of the role. */
  readonly arn: string;
  /** Name of the role, for policies of your own: of a role of the stack known only when the role is there. */
  readonly name: string;
  /** The permissions. @default - the role is not the stack's */
  readonly policy?: IamRolePolicy;
  /** All that the role may do: a function that starts before it is there fails. */
  readonly prerequisites: readonly ITerraformDependable[];

  private statements: readonly Statement[] = [];

  constructor(scope: Construct, id: string, props: ExecutionRoleProps) {
    super(scope, id);
    const { roleArn, managedPolicies = [] } = props.settings;
    if (roleArn !== undefined) {
      this.arn = roleArn;
      this.name = roleArn.slice(roleArn.lastIndexOf("/") + 1);
      this.prerequisites = [];
      const { keepsFormer = false } = props;
      if (keepsFormer || props.role.path !== undefined) forgetNamedRole(this, "Resource");
      if (keepsFormer && props.role.path !== undefined)
        forgetNamedRole(new Construct(this, inPath), "Resource");
      return;
    }
    this.statements = [
      allow(executionActions.logs, `${props.logGroupArn}:*`),
      ...this.renderTracing(props.settings),
      ...this.renderVpc(props.settings),
      ...this.renderDeadLetter(props.settings),
      ...this.renderKey(props.settings),
      ...this.renderGrants(props.settings),
      ...(props.statements ?? []),
    ];
    const { role, policy, attachments } = addNamedRole(this, "Resource", {
      role: props.role,
      assumeRolePolicy: policyDocument({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "lambda.amazonaws.com" },
      }),
      policyName: "execution",
      statements: this.statements,
      managedPolicies,
      lifecycle: outlivesPointers,
    });
    this.arn = role.arn;
    this.name = role.name;
    this.policy = policy;
    this.prerequisites = [policy, ...attachments];
    if (props.recovered) new Import(this, "import", { to: role, id: props.role.name });
  }

  /**
   * Allows the function more.
   *
   * @throws where the role is not the stack's
   */
  addPermissions({ actions, resources }: Permission): void {
    if (this.policy === undefined)
      throw new Error(
        `'permissions' must be given by the owner of the role ${this.arn}: the stack does not change it`,
      );
    this.statements = [...this.statements, allow(actions, resources)];
    this.policy.policy = policyDocument(...this.statements);
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
    return [allow(serviceOf(deadLetterArn) === "sns" ? topic : queue, deadLetterArn)];
  }

  private renderKey({ kmsKeyArn }: FunctionSettings): Statement[] {
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
    return kmsKeyArn === undefined ? [] : [allow(executionActions.key, kmsKeyArn)];
  }

  private renderGrants(settings: FunctionSettings): Statement[] {
    const hasNames = settings.parameters !== undefined || settings.secrets !== undefined;
    const place = hasNames ? AwsTarget.of(this) : { partition: "", region: "", accountId: "" };
    return grantsOf(settings, place).map(({ actions, resources }) => allow(actions, resources));
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
