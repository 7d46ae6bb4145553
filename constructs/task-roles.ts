import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import type { AwsTarget } from "./aws-target";
import { allow, policyDocument } from "./policy-document";

export interface TaskRolesProps {
  /** Name of the release. */
  readonly name: string;
  /** Partition, region and account. */
  readonly target: AwsTarget;
  /** The images of all versions. */
  readonly images: readonly string[];
  /** Days that CloudWatch keeps the logs. */
  readonly logRetentionDays: number;
}

/** What tasks write to and may do, the same for every version, so that a version brings nothing but its task definition. */
export class TaskRoles extends Construct {
  /** The log group of all tasks. */
  readonly logGroupName: string;
  /** The role with which ECS pulls images and writes logs. */
  readonly executionRoleArn: string;
  /** The role of the code in the containers, which may do nothing. */
  readonly taskRoleArn: string;
  /** The permissions: a task that starts before them fails. */
  readonly policy: IamRolePolicy;

  constructor(scope: Construct, id: string, { name, target, images, logRetentionDays }: TaskRolesProps) {
    super(scope, id);
    const logGroup = new CloudwatchLogGroup(this, "log-group", {
      name: `/ecs/${name}`,
      retentionInDays: logRetentionDays,
    });
    this.logGroupName = logGroup.name;
    const assumeRolePolicy = trust(target);
    // No function, and so no function's role, has an underscore after that word.
    const execution = new IamRole(this, "execution-role", { name: `EcsExecution_${name}`, assumeRolePolicy });
    this.executionRoleArn = execution.arn;
    this.taskRoleArn = new IamRole(this, "task-role", { name: `EcsTask_${name}`, assumeRolePolicy }).arn;
    const repositories = [...new Set(images.flatMap((image) => repositoryArn(target, image) ?? []))];
    this.policy = new IamRolePolicy(this, "execution-policy", {
      name: "execution",
      role: execution.name,
      policy: policyDocument(
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], `${logGroup.arn}:*`),
        ...(repositories.length > 0
          ? [
              allow(
                ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
                repositories,
              ),
              // A token is for all repositories: https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_service-with-iam.html
              allow(["ecr:GetAuthorizationToken"], "*"),
            ]
          : []),
      ),
    });
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html#create_task_iam_policy_and_role */
function trust({ partition, region, accountId }: AwsTarget): string {
  return policyDocument({
    Effect: "Allow",
    Action: "sts:AssumeRole",
    Principal: { Service: "ecs-tasks.amazonaws.com" },
    Condition: {
      StringEquals: { "aws:SourceAccount": accountId },
      ArnLike: { "aws:SourceArn": `arn:${partition}:ecs:${region}:${accountId}:*` },
    },
  });
}

/** The repository of an image. @returns nothing where it is not ECR's */
function repositoryArn({ partition }: AwsTarget, image: string): string | undefined {
  const found = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.(?:com|com\.cn|eu)\/([^@]+)@/.exec(image);
  return found === null ? undefined : `arn:${partition}:ecr:${found[2]}:${found[1]}:repository/${found[3]}`;
}
