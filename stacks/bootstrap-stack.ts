import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { AwsTarget } from "../constructs/aws-target";
import { bootstrapPath, boundaryName, boundaryPolicy } from "../constructs/function-boundary";
import { deployPrivileges, imagePrivileges, reviewPrivileges } from "../constructs/github-privileges";
import { GitHubRole, tokenIssuer } from "../constructs/github-role";
import { limitPolicySizes } from "../constructs/policy-sizes";
import { StateBucket } from "../constructs/state-bucket";
import { tokenAudience } from "../src/release/aws/aws-regions";
import { bootstrapStackName, type Environment, type GitHub } from "../src/release/environment/environment";
import type { UsedResources } from "../src/release/used-resources";
import { EnvironmentStack } from "./environment-stack";

/** An environment that GitHub deploys, and whose state is in S3. */
type GitHubEnvironment = Environment & {
  readonly github: GitHub;
  readonly state: NonNullable<Environment["state"]>;
};

export function isDeployedByGitHub(environment: Environment): environment is GitHubEnvironment {
  return environment.github !== undefined && environment.state !== undefined;
}

/**
 * What an account needs before GitHub can deploy an environment to it: the bucket of the state, and the roles of
 * the repository's workflows. Somebody who may do all that deploys it, and its own state is a local file: the
 * bucket is not there before it.
 *
 * Outputs: `review_role_arn`, `deploy_role_arn`, `state_bucket`; `image_role_arn` where there are repositories of
 * container images.
 */
export class BootstrapStack extends EnvironmentStack {
  private readonly target: AwsTarget;

  /**
   * @param adoptedFunctions names of functions that the environment's releases adopt
   * @param used what the environment's releases use and do not make
   */
  constructor(
    scope: Construct,
    environment: GitHubEnvironment,
    adoptedFunctions: readonly string[],
    used: UsedResources,
  ) {
    const { name, github, state, region } = environment;
    // In the region of the bucket: the rest of it is in none.
    const own = { ...environment, region: state.s3.region, state: undefined };
    const stackName = bootstrapStackName(name);
    super(scope, stackName, own);
    this.target = new AwsTarget(this, "target");
    const { target } = this;
    const source = {
      place: `releases/${name}/environment.json 'github'`,
      what: "adopted functions, keys or triggers in its releases, names in 'imageRepositories', or entries in 'github.functions'",
    };
    limitPolicySizes(this, environment, { policies: source, roles: source });
    const { bucket } = state.s3;
    if (!github.accountHas.includes("state-bucket")) new StateBucket(this, "state-bucket", { name: bucket });
    new IamPolicy(this, "function-boundary", {
      name: boundaryName(environment),
      path: bootstrapPath,
      description: `The most that a function of ${name} can do`,
      policy: boundaryPolicy(target, environment, used),
    });
    const audience = tokenAudience(region);
    const providerArn = this.oidcProvider(github, audience);
    const privileges = { target, environment, bucket, adoptedFunctions, used };
    const review = new GitHubRole(this, "review", {
      name: `${stackName}-review`,
      description: `Plans of ${name} in pull requests and on the default branch`,
      providerArn,
      audience,
      github,
      contexts: ["pull_request", `ref:refs/heads/${github.defaultBranch}`],
      statements: reviewPrivileges(privileges),
    });
    const deploy = new GitHubRole(this, "deploy", {
      name: `${stackName}-deploy`,
      description: `Deploys of ${name} in GitHub's environment of that name`,
      providerArn,
      audience,
      github,
      contexts: [`environment:${name}`],
      statements: deployPrivileges(privileges),
      reads: reviewPrivileges(privileges),
    });
    new TerraformOutput(this, "review_role_arn", { value: review.arn });
    new TerraformOutput(this, "deploy_role_arn", { value: deploy.arn });
    new TerraformOutput(this, "state_bucket", { value: bucket });
    if (environment.imageRepositories.length === 0) return;
    const images = new GitHubRole(this, "images", {
      name: `${stackName}-images`,
      description: `Pushes of container images of ${name} in GitHub's environment of that name`,
      providerArn,
      audience,
      github,
      contexts: [`environment:${name}`],
      statements: imagePrivileges(target, environment),
    });
    new TerraformOutput(this, "image_role_arn", { value: images.arn });
  }

  private oidcProvider({ accountHas }: GitHub, audience: string): string {
    if (accountHas.includes("oidc-provider")) {
      const { partition, accountId } = this.target;
      return `arn:${partition}:iam::${accountId}:oidc-provider/${tokenIssuer}`;
    }
    return new IamOpenidConnectProvider(this, "oidc-provider", {
      url: `https://${tokenIssuer}`,
      clientIdList: [audience],
    }).arn;
  }
}
