import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import type { GitHub } from "../src/release/environment/environment";
import { bootstrapPath } from "./function-boundary";
import { policyDocument, type Statement } from "./policy-document";

/** Who issues the tokens of GitHub's workflows. */
export const tokenIssuer = "token.actions.githubusercontent.com";

export interface GitHubRoleProps {
  /** Name of the role. */
  readonly name: string;
  /** What it is for. */
  readonly description: string;
  /** ARN of the OIDC provider of GitHub's tokens. */
  readonly providerArn: string;
  /** For whom a workflow must ask its token. */
  readonly audience: string;
  /** The repository that may take the role. */
  readonly github: GitHub;
  /** What the repository's workflow runs for: `environment:prod`, `pull_request`. */
  readonly contexts: readonly string[];
  /** What the role may do. */
  readonly statements: readonly Statement[];
  /**
   * What it may do besides, in a policy of its own: those within a role have 10,240 characters in all.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
   *
   * @default - nothing
   */
  readonly reads?: readonly Statement[];
}

/** A role that the workflows of one repository take with the token of a run. */
export class GitHubRole extends Construct {
  /** ARN of the role. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: GitHubRoleProps) {
    super(scope, id);
    const { name, description, providerArn, audience, github, contexts, statements, reads } = props;
    const role = new IamRole(this, "Resource", {
      name,
      path: bootstrapPath,
      description,
      assumeRolePolicy: policyDocument({
        Effect: "Allow",
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: providerArn },
        // Compared as they are: a pattern could admit another repository.
        Condition: {
          StringEquals: {
            [`${tokenIssuer}:aud`]: audience,
            [`${tokenIssuer}:sub`]: contexts.map((context) => `repo:${repositoryOf(github)}:${context}`),
          },
        },
      }),
    });
    new IamRolePolicy(this, "policy", { name: id, role: role.name, policy: policyDocument(...statements) });
    if (reads !== undefined) {
      const { arn: policyArn } = new IamPolicy(this, "reads", {
        name: `${name}-reads`,
        path: bootstrapPath,
        policy: policyDocument(...reads),
      });
      new IamRolePolicyAttachment(this, "reads-attachment", { role: role.name, policyArn });
    }
    this.arn = role.arn;
  }
}

/**
 * The repository as a token's subject names it.
 * https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
 */
function repositoryOf({ organization, repository, ids }: GitHub): string {
  if (ids === undefined) return `${organization}/${repository}`;
  return `${organization}@${ids.organization}/${repository}@${ids.repository}`;
}
