import type { Environment } from "../src/release/environment/environment";
import type { AwsTarget } from "./aws-target";
import { codeChanges, layerReads } from "./code-privileges";
import { type GitHubResources, type GitHubResourcesProps, githubResources } from "./github-resources";
import { deployGuards, reviewGuards } from "./guard-privileges";
import { keyActions, keyPrivileges } from "./key-privileges";
import { allow, deny, type Statement } from "./policy-document";
import { deployTriggers, reviewTriggers } from "./trigger-permissions";

/** What a plan of the environment's stacks reads. The state and the functions' variables are the most secret of it. */
export function reviewPrivileges(props: GitHubResourcesProps): Statement[] {
  const { bucket, states, foreignStates, functions, apis, roles, accountRole, repositories, ...others } =
    githubResources(props);
  const { logGroups, rollouts, alarms } = others;
  return [
    // Of the whole bucket: else S3 calls a state that is not there yet forbidden.
    allow(["s3:ListBucket"], bucket),
    allow(["s3:GetObject"], states),
    deny(["s3:GetObject"], foreignStates),
    allow(
      [
        "lambda:GetAlias",
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetFunctionConfiguration",
        "lambda:GetPolicy",
        "lambda:GetProvisionedConcurrencyConfig",
        "lambda:ListAliases",
        "lambda:ListTags",
        "lambda:ListVersionsByFunction",
      ],
      functions,
    ),
    allow(
      ["apigateway:GET"],
      [...apis.all, ...others.domains.read, apis.tags, apis.account, ...apis.usagePlans],
    ),
    ...allowedOn(others.routingRules, ["apigateway:GetRoutingRule"]),
    ...recordReads(others),
    ...webAclReads(others),
    ...layerReads(others),
    allow(
      ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"],
      [roles, accountRole],
    ),
    allow(["ecr:DescribeRepositories", "ecr:GetRepositoryPolicy", "ecr:ListTagsForResource"], repositories),
    allow(
      ["logs:ListTagsForResource", ...(props.used.countsAccessLogs ? ["logs:DescribeMetricFilters"] : [])],
      logGroups,
    ),
    allow(["logs:DescribeLogGroups"], "*"),
    allow(
      [
        "codedeploy:GetApplication",
        "codedeploy:GetDeploymentConfig",
        "codedeploy:GetDeploymentGroup",
        "codedeploy:ListTagsForResource",
      ],
      rollouts,
    ),
    allow(["cloudwatch:ListTagsForResource"], alarms),
    ...allowedOn(others.dashboards, ["cloudwatch:GetDashboard"]),
    // AWS returns composite alarms only to callers who may read every alarm.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
    allow(["cloudwatch:DescribeAlarms"], "*"),
    ...(props.used.comparesVersions ? [readsMetrics] : []),
    ...keyPrivileges(keyActions.review, props.used.keys, props.environment),
    ...reviewTriggers({ ...props, functions }),
    ...reviewGuards({ ...props, functions }),
  ];
}

/** What a deploy of the environment's services and image repositories does, besides reading. */
export function deployPrivileges(props: GitHubResourcesProps): Statement[] {
  const resources = githubResources(props);
  return [
    ...stateChanges(resources),
    ...functionChanges(resources),
    ...codeChanges(resources),
    ...rolloutChanges(resources),
    ...alarmChanges(resources),
    ...roleChanges(resources),
    ...listedChanges(resources, props.environment),
    ...keyPrivileges(keyActions.deploy, props.used.keys, props.environment),
    ...deployTriggers({ ...props, functions: resources.functions }),
    ...deployGuards({ ...props, functions: resources.functions }),
    ...allowedOn(props.environment.notifications?.topics ?? [], ["sns:Publish"]),
    // An API's id says nothing of its service or environment.
    allow(
      ["apigateway:POST", "apigateway:PUT", "apigateway:PATCH", "apigateway:UpdateRestApiPolicy"],
      [...resources.apis.all, resources.apis.tags, ...resources.apis.usagePlans],
    ),
    allow(
      ["apigateway:DELETE"],
      [...resources.apis.deletable, resources.apis.tags, ...resources.apis.usagePlans],
    ),
    ...domainChanges(resources),
    ...allowedOn(resources.routingRules, [
      "apigateway:CreateRoutingRule",
      "apigateway:DeleteRoutingRule",
      "apigateway:UpdateRoutingRule",
    ]),
    ...webAclChanges(resources),
    allow(
      [
        "ecr:CreateRepository",
        "ecr:PutImageScanningConfiguration",
        "ecr:PutImageTagMutability",
        "ecr:SetRepositoryPolicy",
        "ecr:TagResource",
        "ecr:UntagResource",
        ...(props.environment.protect ? [] : ["ecr:DeleteRepository", "ecr:DeleteRepositoryPolicy"]),
      ],
      resources.repositories,
    ),
    allow(
      [
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:DeleteRetentionPolicy",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
        ...(props.used.countsAccessLogs ? ["logs:DeleteMetricFilter", "logs:PutMetricFilter"] : []),
      ],
      resources.logGroups,
    ),
    ...splitReads(resources),
    ...allowedOn(resources.dashboards, ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"]),
  ];
}

/**
 * What the check of the split reads where no response names its version: the access logs, or how often each version of
 * an alias was invoked. IAM cannot limit the latter to metrics.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
 */
function splitReads({ accessLogs }: GitHubResources): Statement[] {
  return [allow(["logs:FilterLogEvents"], accessLogs), readsMetrics];
}

const readsMetrics = allow(["cloudwatch:GetMetricData"], "*");

/**
 * What a push of a container image does: a Dockerfile runs whatever stands in it, so that is all.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 */
export function imagePrivileges(target: AwsTarget, environment: Environment): Statement[] {
  const { name, region, imageRepositories } = environment;
  const { partition, accountId } = target;
  return [
    allow(["ecr:GetAuthorizationToken"], "*"),
    allow(
      [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:DescribeImages",
        "ecr:DescribeRepositories",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
      ],
      imageRepositories.map(
        (service) => `arn:${partition}:ecr:${region}:${accountId}:repository/${service}-${name}`,
      ),
    ),
  ];
}

/** Nothing where there is none of them. */
function allowedOn(resources: readonly string[], actions: readonly string[]): Statement[] {
  return resources.length === 0 ? [] : [allow(actions, resources)];
}

function stateChanges({ states, locks, foreignStates, statesOfOthers }: GitHubResources): Statement[] {
  return [
    allow(["s3:PutObject"], [states, locks]),
    allow(["s3:GetObject", "s3:DeleteObject"], locks),
    deny(["s3:PutObject", "s3:DeleteObject"], [foreignStates, ...statesOfOthers]),
  ];
}

function functionChanges({ functions, layers }: GitHubResources): Statement[] {
  return [
    allow(
      [
        "lambda:CreateAlias",
        "lambda:CreateFunction",
        "lambda:DeleteAlias",
        "lambda:DeleteFunction",
        "lambda:DeleteFunctionConcurrency",
        "lambda:DeleteProvisionedConcurrencyConfig",
        "lambda:PublishVersion",
        "lambda:PutFunctionConcurrency",
        "lambda:PutProvisionedConcurrencyConfig",
        "lambda:RemovePermission",
        "lambda:TagResource",
        "lambda:UntagResource",
        "lambda:UpdateAlias",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
      ],
      functions,
    ),
    allow(["lambda:AddPermission"], functions, {
      StringEquals: { "lambda:Principal": "apigateway.amazonaws.com" },
    }),
    allow(["lambda:GetLayerVersion"], layers),
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
    allow(["ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"], "*"),
  ];
}

/** What a plan reads of the web ACLs of stages. */
function webAclReads({ webAcls, stages }: Pick<GitHubResources, "webAcls" | "stages">): Statement[] {
  if (webAcls.length === 0) return [];
  return [allow(["wafv2:GetWebACL", "wafv2:GetWebACLForResource"], [...webAcls, stages])];
}

/**
 * Puts a stage behind one of the files' web ACLs, and takes it from behind one.
 * https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html
 */
function webAclChanges({ webAcls, stages }: GitHubResources): Statement[] {
  if (webAcls.length === 0) return [];
  return [
    allow(["wafv2:AssociateWebACL", "wafv2:DisassociateWebACL"], [...webAcls, stages]),
    allow(["apigateway:SetWebACL"], stages),
  ];
}

/** What a plan reads of the domain's record. */
function recordReads({ zone }: Pick<GitHubResources, "zone">): Statement[] {
  if (zone === undefined) return [];
  return [
    allow(["route53:GetHostedZone", "route53:ListResourceRecordSets"], zone.arn),
    allow(["route53:GetChange"], zone.changes),
  ];
}

/**
 * The environment's domain with its mappings, and of a hosted zone the domain's record alone. API Gateway makes its
 * service-linked role with the first domain of an account.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html
 */
function domainChanges({ domains, zone, gatewayRole }: GitHubResources): Statement[] {
  const { written, deletable, mappings } = domains;
  if (mappings.length === 0) return [];
  return [
    allow(["apigateway:POST", "apigateway:PATCH"], [...written, ...mappings]),
    allow(["apigateway:DELETE"], [...deletable, ...mappings]),
    ...(written.length === 0
      ? []
      : [
          allow(["iam:CreateServiceLinkedRole"], gatewayRole, {
            StringEquals: { "iam:AWSServiceName": "ops.apigateway.amazonaws.com" },
          }),
        ]),
    ...(zone === undefined
      ? []
      : [
          allow(["route53:ChangeResourceRecordSets"], zone.arn, {
            "ForAllValues:StringEquals": {
              "route53:ChangeResourceRecordSetsNormalizedRecordNames": zone.name,
              "route53:ChangeResourceRecordSetsRecordTypes": "A",
            },
          }),
        ]),
  ];
}

/** How CodeDeploy is to move an alias, and not the moving itself. */
function rolloutChanges({ rollouts, rolloutRoles, codeDeploy }: GitHubResources): Statement[] {
  return [
    allow(
      [
        "codedeploy:CreateApplication",
        "codedeploy:CreateDeploymentConfig",
        "codedeploy:CreateDeploymentGroup",
        "codedeploy:DeleteApplication",
        "codedeploy:DeleteDeploymentConfig",
        "codedeploy:DeleteDeploymentGroup",
        "codedeploy:TagResource",
        "codedeploy:UntagResource",
        "codedeploy:UpdateApplication",
        "codedeploy:UpdateDeploymentGroup",
      ],
      rollouts,
    ),
    allow(["iam:PassRole"], rolloutRoles, { StringEquals: { "iam:PassedToService": codeDeploy } }),
  ];
}

/** An alarm can do more than tell, such as end an instance: these can notify, and nothing else. */
function alarmChanges({ alarms, topics }: GitHubResources): Statement[] {
  return [
    // A call that names no action passes: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-alarm-actions.html
    allow(
      [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
      ],
      alarms,
      { "ForAllValues:StringLike": { "cloudwatch:AlarmActions": topics } },
    ),
  ];
}

/**
 * The roles in the environment's path, and no others: whether a role that is passed has the boundary, IAM cannot ask,
 * but only these workflows create roles there, and none without the boundary. So no code that is deployed can do more
 * than a function may, whatever its policy says. A deploy cannot take the boundary away, attach a managed policy that
 * the environment's file does not list, or change who may take a role that is there.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
function roleChanges({ roles, boundary }: GitHubResources): Statement[] {
  return [
    allow(
      [
        "iam:CreateRole",
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
      ],
      roles,
      { StringEquals: { "iam:PermissionsBoundary": boundary } },
    ),
    // They know no condition on the boundary.
    allow(["iam:ListInstanceProfilesForRole", "iam:TagRole", "iam:UntagRole"], roles),
    allow(["iam:PassRole"], roles, { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } }),
  ];
}

/**
 * The managed policies that the environment's file lists may be attached to its roles, which the boundary limits all
 * the same. A role that it lists has no boundary: code that is deployed may run with it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_controlling.html#access_controlling-policies
 */
function listedChanges({ roles, boundary }: GitHubResources, { github }: Environment): Statement[] {
  const { managedPolicies = [], roleArns = [] } = github?.functions ?? {};
  return [
    ...(managedPolicies.length > 0
      ? [
          allow(["iam:AttachRolePolicy", "iam:DetachRolePolicy"], roles, {
            StringEquals: { "iam:PermissionsBoundary": boundary },
            ArnEquals: { "iam:PolicyARN": managedPolicies },
          }),
        ]
      : []),
    ...(roleArns.length > 0
      ? [
          allow(["iam:PassRole"], roleArns, {
            StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" },
          }),
        ]
      : []),
  ];
}
