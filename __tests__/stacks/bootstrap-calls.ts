import type { Row } from "../support/policy";

export const boundary = "arn:aws:iam::111122223333:policy/bootstrap/bootstrap-dev-functions";
export const bounded = { "iam:PermissionsBoundary": boundary };
export const toCodeDeploy = { "iam:PassedToService": "codedeploy.amazonaws.com" };
export const toLambda = { "iam:PassedToService": "lambda.amazonaws.com" };
export const fromApi = { "lambda:Principal": "apigateway.amazonaws.com" };

export const lambda = (name: string) => `arn:aws:lambda:eu-central-1:111122223333:function:${name}`;
export const api = (path: string) => `arn:aws:apigateway:eu-central-1::${path}`;
export const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
export const own = (name: string) => role(`lambda-release/dev/${name}`);
export const state = (key: string) => `arn:aws:s3:::example-state/${key}`;
export const logs = (name: string) => `arn:aws:logs:eu-central-1:111122223333:log-group:${name}`;
export const ecr = (name: string) => `arn:aws:ecr:eu-central-1:111122223333:repository/${name}`;

export const codeDeploy = (name: string) => `arn:aws:codedeploy:eu-central-1:111122223333:${name}`;
export const alarm = (name: string) => `arn:aws:cloudwatch:eu-central-1:111122223333:alarm:${name}`;
export const by = (name: string) => ({ "aws:PrincipalArn": own(name) });

/** What a plan reads of each kind of thing that the stacks make. */
export const reads: readonly Row[] = [
  ["s3:ListBucket", "arn:aws:s3:::example-state"],
  ["s3:GetObject", state("team/a/shop-dev.tfstate")],
  ["lambda:GetFunction", lambda("shop-dev-v1")],
  ["lambda:ListVersionsByFunction", lambda("shop-dev")],
  ["lambda:GetAlias", lambda("shop-dev:green")],
  ["lambda:GetPolicy", lambda("shop-dev-v1")],
  ["apigateway:GET", api("/restapis/abc/stages/dev")],
  ["apigateway:GET", api("/account")],
  ["iam:GetRole", own("shop.dev.v1")],
  ["iam:GetRolePolicy", own("shop.dev.v1")],
  ["iam:ListAttachedRolePolicies", role("api-gateway-account-dev")],
  ["ecr:DescribeRepositories", ecr("shop-dev")],
  ["logs:DescribeLogGroups", "*"],
  ["logs:ListTagsForResource", logs("/aws/lambda/shop-dev-v1")],
  ["codedeploy:GetApplication", codeDeploy("application:shop-dev")],
  ["codedeploy:GetDeploymentGroup", codeDeploy("deploymentgroup:shop-dev/shop-dev")],
  ["codedeploy:GetDeploymentConfig", codeDeploy("deploymentconfig:shop-dev-Linear20PercentEvery15Minutes")],
  ["codedeploy:ListTagsForResource", codeDeploy("deploymentgroup:shop-dev/shop-dev")],
  ["iam:GetRole", own("CodeDeploy_shop.dev")],
  ["lambda:GetFunction", lambda("CodeDeployHook_shop-dev-before")],
  ["cloudwatch:DescribeAlarms", "*"],
  ["cloudwatch:ListTagsForResource", alarm("shop-dev-v1-errors")],
  // No plan reads these: what AWS runs is compared with the files.
  ["apigateway:GET", api("/restapis")],
  ["apigateway:GET", api("/restapis/abc/stages/dev/exports/oas30")],
  ["apigateway:GET", api("/restapis/abc/deployments/d1")],
  ["lambda:GetFunctionConfiguration", lambda("shop-dev:2")],
  ["lambda:ListAliases", lambda("shop-dev")],
];
