import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { EcrRepositoryPolicy } from "@cdktf/provider-aws/lib/ecr-repository-policy";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { Protection } from "../constructs/protection";
import { constructIds } from "../src/release/construct-ids";
import { type Environment, imageRepositoriesStackName } from "../src/release/environment/environment";
import { EnvironmentStack } from "./environment-stack";

/**
 * The ECR repositories of an environment's container images: a stack of their own, because an image is pushed
 * before the function that runs it is deployed. A tag cannot be moved in them, and releases name digests.
 *
 * Output: `repository_urls` (by service).
 */
export class ImageRepositoriesStack extends EnvironmentStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, imageRepositoriesStackName(environment.name), environment);
    const { partition } = new DataAwsPartition(this, "partition");
    const { accountId } = new DataAwsCallerIdentity(this, "caller-identity");
    const urls = environment.imageRepositories.map((service) => {
      const name = `${service}-${environment.name}`;
      const repository = new EcrRepository(this, service, {
        name,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
      });
      if (environment.protect)
        new Protection(this, `${service}-${constructIds.protection}`, { of: repository });
      new EcrRepositoryPolicy(this, `${service}-policy`, {
        repository: repository.name,
        policy: pulledByFunction(
          `arn:${partition}:lambda:${environment.region}:${accountId}:function:${name}`,
        ),
      });
      return [service, repository.repositoryUrl];
    });
    new TerraformOutput(this, "repository_urls", { value: Object.fromEntries(urls) });
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions */
function pulledByFunction(functionArn: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        // Lambda pulls the image of a published version again, by that version's ARN.
        Condition: { ArnLike: { "aws:SourceArn": [functionArn, `${functionArn}:*`] } },
      },
    ],
  });
}
