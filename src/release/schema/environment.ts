import type { z } from "zod";
import { awsLimits, type QuotaName, quotaNames } from "../aws/aws-limits";
import { regionPattern } from "../aws/aws-regions";
import { bucketName } from "./bucket-name";
import { domain } from "./domain";
import { boolean, integer, list, map, name, object, oneOf, positiveInteger, text } from "./fields";
import { guard, topicArn } from "./guard";
import { managedPolicies, permissions, roleArn } from "./permissions";
import { schemaAddress } from "./release";
import { apiSecurity } from "./security-policy";
import { throttling } from "./throttling";
import { trains } from "./trains";
import { verdict } from "./verdict";

const gitHub = object({
  organization: text("the name of a GitHub organization or user", /^[A-Za-z0-9][A-Za-z0-9_-]*$/, 39).describe(
    "Organization or user that owns the repository, spelled as on GitHub.",
  ),
  repository: text(
    "the name of a GitHub repository, without its organization",
    /^(?!\.{1,2}$)[A-Za-z0-9._-]+$/,
    100,
  ).describe("The one repository whose workflows may assume the roles, spelled as on GitHub."),
  ids: object({
    organization: positiveInteger("the number that GitHub gave the organization").describe(
      "The organization's id.",
    ),
    repository: positiveInteger("the number that GitHub gave the repository").describe(
      "The repository's id.",
    ),
  })
    .describe(
      "The ids in GitHub's tokens: for repositories created since 15 July 2026, and those that opted in. Default: the tokens hold no ids, as for older repositories.",
    )
    .optional(),
  defaultBranch: text("the name of a branch", /^[A-Za-z0-9][A-Za-z0-9._/-]*$/, 255)
    .describe(
      "The branch whose workflows, such as a nightly plan, may assume the review role. Default: main.",
    )
    .default("main"),
  accountHas: list(oneOf(["oidc-provider", "state-bucket"]), 1, 2, "resources that the account has")
    .describe(
      "What the stack does not create because the account has it: GitHub's OIDC provider, one per account, and the state bucket. Default: neither.",
    )
    .default([]),
  functions: object({
    permissions: permissions()
      .describe("Actions and resources: the boundary of the roles allows them.")
      .default([]),
    managedPolicies: managedPolicies()
      .describe("Managed policies that a deploy may attach. The boundary limits what they give.")
      .default([]),
    roleArns: list(roleArn(), 0, 20, "roles")
      .describe(
        "Roles for `roleArn` that a deploy may give to functions. The boundary does not limit them: deployed code has all their permissions.",
      )
      .default([]),
  })
    .describe(
      "The most that the environment's functions may ever have, beside logs, traces and dead letters. A release that asks for more is refused. Default: nothing. See docs/permissions.md.",
    )
    .prefault({}),
});

const region = () => text("an AWS region such as eu-central-1", regionPattern, 32);

const tagCharacters = "letters a to z, digits, spaces and _.:/=+-@";

/**
 * What every service takes: API Gateway has the fewest characters, and ECS refuses `aws:` before values, too.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_CreateRestApi.html
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html
 */
const tagName = text(
  `a tag name of 1 to ${awsLimits.tagNameCharacters.most} ${tagCharacters}, not beginning with aws:`,
  /^(?!aws:)[a-z0-9 _.:/=+\-@]+$/i,
  awsLimits.tagNameCharacters.most,
);
const tagValue = text(
  `a tag value of at most ${awsLimits.tagValueCharacters.most} ${tagCharacters}, not beginning with aws:`,
  /^(?!aws:)[a-z0-9 _.:/=+\-@]*$/i,
  awsLimits.tagValueCharacters.most,
);

const quotaFields = quotaNames.map((name) => {
  const { most, what } = awsLimits[name];
  return [
    name,
    integer(most, most * 100)
      .describe(`Most ${what}. Default: ${most}.`)
      .default(most),
  ] as const;
});
const quotas = object(Object.fromEntries(quotaFields) as Record<QuotaName, (typeof quotaFields)[number][1]>);

/** The environment file: the one source of its type, of its checks and of the JSON schema that editors use. */
export const environmentFile = object({
  $schema: schemaAddress,
  region: region().describe("The AWS region of everything in this environment."),
  newRegions: list(region(), 1, 10, "regions")
    .describe(
      "Regions that AWS opened after this project's list of them (src/release/aws/aws-regions.ts); 'region' may be one of these too. Default: none.",
    )
    .default([]),
  allowedAccountIds: list(text("an account id of 12 digits", /^\d{12}$/, 12), 1, 20, "account ids")
    .describe(
      "Accounts that a deploy may change; any other is refused. Default: the account of the credentials.",
    )
    .optional(),
  state: object({
    s3: object({
      bucket: bucketName.describe("The bucket, which must exist: bootstrap-<environment> creates it."),
      region: region().describe("Default: the environment's region.").optional(),
      prefix: text("a path without a slash at either end", /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/, 512)
        .describe("Folder of the state files in the bucket. Default: none.")
        .optional(),
    }).describe("State in S3, locked by S3 itself: one file per stack, <prefix>/<stack>.tfstate."),
  })
    .describe("Where Terraform keeps its state. Default: the folder terraform-state/ of the project.")
    .optional(),
  tags: map(tagName, tagValue)
    .refine(
      (tags) => {
        const names = Object.keys(tags).map((name) => name.toLowerCase());
        return names.length <= awsLimits.tags.most && new Set(names).size === names.length;
      },
      {
        error: `must be at most ${awsLimits.tags.most} tags, whose names differ in more than their case`,
      },
    )
    .describe("Tags of everything in this environment. Default: none.")
    .default({}),
  throttling: throttling
    .describe("Throttling of every stage that sets none. Default: AWS's own, 10000 per second, 5000 at once.")
    .default({ rateLimit: 10000, burstLimit: 5000 }),
  quotas: quotas
    .describe(
      "Quotas that AWS raised for this account. Default: AWS's own, which docs/release-file.md lists.",
    )
    .prefault({}),
  protect: boolean()
    .describe("Refuses every plan that would destroy or replace an API or a stage. Default: false.")
    .default(false),
  api: apiSecurity
    .describe("Of the API of every service. Default: what API Gateway gives a new API, TLS_1_0.")
    .optional(),
  domain: domain
    .describe(
      "The custom domain of the services that have 'stage.basePath': adds the stack domain-<environment>, unless it is 'existing'. Default: none.",
    )
    .optional(),
  guard: guard
    .describe(
      "A guard for every service that has none of its own, where CodeDeploy does not move the users. Default: none.",
    )
    .optional(),
  verdict: verdict
    .describe(
      "How versions on trial are compared with stable, for every field that the service's file leaves out. Default: the default of each field.",
    )
    .optional(),
  auto: object({
    merge: boolean()
      .describe(
        "Whether advance.yml also merges what it proposes, once GitHub says that it can be merged and its checks passed. Default: false, a person merges.",
      )
      .default(false),
  })
    .describe("What advance.yml does with steps that have 'auto'. Default: it proposes them.")
    .optional(),
  notifications: object({
    topics: list(topicArn, 1, 5, "topics").describe("SNS topics that a deploy notifies when it moves users."),
  })
    .describe(
      "Messages that `workflow deploy` sends when it has moved users: a version was started, promoted or stopped, or its share changed. Default: none. See docs/github.md.",
    )
    .optional(),
  dashboard: boolean()
    .describe(
      "Whether services whose file does not say have a CloudWatch dashboard, which costs extra. Default: true.",
    )
    .optional(),
  trains,
  imageRepositories: list(name(), 1, 100, "service names")
    .describe(
      "Services that run container images: the stack image-repositories-<environment> has an ECR repository, <service>-<environment>, for each. Default: none.",
    )
    .default([]),
  apiGatewayAccount: boolean()
    .describe(
      "Adds the stack api-gateway-account-<environment> with the role that API Gateway writes logs with: once per account and region. Default: false.",
    )
    .default(false),
  github: gitHub
    .describe(
      "The GitHub repository that deploys this environment: adds the stack bootstrap-<environment> with the roles of its workflows and the state bucket. Default: none.",
    )
    .optional(),
});

export type EnvironmentFile = z.output<typeof environmentFile>;
