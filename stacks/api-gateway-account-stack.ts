import { ApiGatewayAccount } from "@cdktf/provider-aws/lib/api-gateway-account";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { Construct } from "constructs";
import { accountStackName, type Environment } from "../src/release/environment/environment";
import { EnvironmentStack } from "./environment-stack";

/**
 * The role by which API Gateway writes logs: one for all APIs of an account and region, so it is a stack of
 * its own. Without it a stage with logs is refused: `CloudWatch Logs role ARN must be set in account settings`.
 */
export class ApiGatewayAccountStack extends EnvironmentStack {
  constructor(scope: Construct, environment: Environment) {
    const name = accountStackName(environment.name);
    super(scope, name, environment);
    const { partition } = new DataAwsPartition(this, "partition");
    const role = new IamRole(this, "role", {
      name,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "apigateway.amazonaws.com" } },
        ],
      }),
    });
    const policy = new IamRolePolicyAttachment(this, "policy", {
      role: role.name,
      policyArn: `arn:${partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs`,
    });
    new ApiGatewayAccount(this, "account", { cloudwatchRoleArn: role.arn, dependsOn: [policy] });
  }
}
