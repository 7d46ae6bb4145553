import { environment, named, privileges, stackOf } from "../support/bootstrap";
import { isAllowed, type Policy, policyIn } from "../support/policy";

const boundary = "arn:aws:iam::111122223333:policy/bootstrap/bootstrap-dev-functions";
const bounded = { "iam:PermissionsBoundary": boundary };
const toCodeDeploy = { "iam:PassedToService": "codedeploy.amazonaws.com" };
const toLambda = { "iam:PassedToService": "lambda.amazonaws.com" };
const fromApi = { "lambda:Principal": "apigateway.amazonaws.com" };

const lambda = (name: string) => `arn:aws:lambda:eu-central-1:111122223333:function:${name}`;
const api = (path: string) => `arn:aws:apigateway:eu-central-1::${path}`;
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const own = (name: string) => role(`lambda-release/dev/${name}`);
const state = (key: string) => `arn:aws:s3:::example-state/${key}`;
const logs = (name: string) => `arn:aws:logs:eu-central-1:111122223333:log-group:${name}`;
const ecr = (name: string) => `arn:aws:ecr:eu-central-1:111122223333:repository/${name}`;

const codeDeploy = (name: string) => `arn:aws:codedeploy:eu-central-1:111122223333:${name}`;
const alarm = (name: string) => `arn:aws:cloudwatch:eu-central-1:111122223333:alarm:${name}`;
const by = (name: string) => ({ "aws:PrincipalArn": own(name) });

type Row = readonly [action: string, resource: string, context?: Record<string, string>];

function judge(policy: Policy, rows: readonly Row[]): Row[] {
  return rows.filter(([action, resource, context]) => isAllowed(policy, { action, resource, context }));
}

/** How long a policy is in the partition and environment of the longest names. */
function longest({ Statement }: Policy): number {
  return JSON.stringify({ Version: "2012-10-17", Statement })
    .replaceAll("-dev", "-an-environment-of-forty-letters-in-length")
    .replaceAll("arn:aws:", "arn:aws-us-gov:").length;
}

/** What a plan reads of each kind of thing that the stacks make. */
const reads: readonly Row[] = [
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

describe("who reviews", () => {
  test("may read what a plan reads", async () => {
    expect(judge(await privileges("review"), reads)).toEqual(reads);
  });

  test("has no action but those that read", async () => {
    const { Statement } = await privileges("review");
    for (const { Effect, Action } of Statement) {
      if (Effect === "Deny") continue;
      for (const action of [Action].flat()) {
        expect(action).toMatch(/^(\w+:(Get|List|Describe)[A-Za-z]+|apigateway:GET)$/);
      }
    }
  });

  const refused: readonly Row[] = [
    ["s3:GetObject", state("team/a/shop-prod.tfstate")],
    ["s3:GetObject", state("team/b/shop-dev.tfstate")],
    ["s3:GetObject", state("team/a/network/shop-dev.tfstate")],
    ["s3:GetObject", "arn:aws:s3:::other-state/team/a/shop-dev.tfstate"],
    ["s3:GetObjectVersion", state("team/a/shop-dev.tfstate")],
    ["s3:PutObject", state("team/a/shop-dev.tfstate.tflock")],
    ["lambda:GetFunction", lambda("shop-prod-v1")],
    ["lambda:InvokeFunction", lambda("shop-dev-v1")],
    ["apigateway:GET", api("/apikeys")],
    ["iam:GetRole", role("administrator")],
    ["iam:GetRolePolicy", role("evil-dev")],
    ["iam:GetRolePolicy", role("lambda-release/prod/shop.prod.v1")],
    ["logs:GetLogEvents", logs("/aws/lambda/shop-dev-v1")],
    ["logs:StartQuery", logs("/aws/lambda/shop-dev-v1")],
    ["secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:dev"],
    ["ssm:GetParameter", "arn:aws:ssm:eu-central-1:111122223333:parameter/dev"],
    ["kms:Decrypt", "arn:aws:kms:eu-central-1:111122223333:key/dev"],
    ["sts:AssumeRole", own("shop.dev.v1")],
    ["codedeploy:GetApplication", codeDeploy("application:shop-prod")],
    ["codedeploy:CreateDeployment", codeDeploy("deploymentgroup:shop-dev/shop-dev")],
    ["cloudwatch:SetAlarmState", alarm("shop-dev-v1-errors")],
    ["cloudwatch:GetMetricData", "*"],
  ];

  test("may do nothing of what follows", async () => {
    expect(judge(await privileges("review"), refused)).toEqual([]);
  });
});

describe("who deploys", () => {
  const allowed: readonly Row[] = [
    ...reads,
    ["s3:PutObject", state("team/a/shop-dev.tfstate")],
    ["s3:PutObject", state("team/a/shop-dev.tfstate.tflock")],
    ["s3:GetObject", state("team/a/shop-dev.tfstate.tflock")],
    ["s3:DeleteObject", state("team/a/shop-dev.tfstate.tflock")],
    ["lambda:CreateFunction", lambda("shop-dev-v1")],
    ["lambda:UpdateFunctionCode", lambda("shop-dev")],
    ["lambda:UpdateAlias", lambda("shop-dev:green")],
    ["lambda:DeleteFunction", lambda("shop-dev:3")],
    ["lambda:AddPermission", lambda("shop-dev:green"), fromApi],
    ["apigateway:POST", api("/restapis")],
    ["apigateway:PUT", api("/restapis/abc")],
    ["apigateway:PATCH", api("/restapis/abc/stages/dev")],
    ["apigateway:UpdateRestApiPolicy", api("/restapis/abc")],
    ["apigateway:DELETE", api("/restapis/abc/deployments/def")],
    ["apigateway:DELETE", api("/restapis/abc/stages/preview")],
    ["apigateway:PUT", api("/tags/arn%3Aaws%3Aapigateway")],
    ["iam:CreateRole", own("shop.dev.v1"), bounded],
    ["iam:PutRolePolicy", own("shop.dev.v1"), bounded],
    ["iam:DeleteRole", own("shop.dev.v1"), bounded],
    ["iam:DeleteRolePolicy", own("shop.dev.v1"), bounded],
    ["iam:PutRolePermissionsBoundary", own("shop.dev.v1"), bounded],
    ["iam:ListInstanceProfilesForRole", own("shop.dev.v1")],
    ["iam:TagRole", own("shop.dev.v1")],
    ["iam:PassRole", own("shop.dev.v1"), toLambda],
    ["ecr:CreateRepository", ecr("shop-dev")],
    ["logs:CreateLogGroup", logs("/aws/lambda/shop-dev-v1")],
    ["logs:PutRetentionPolicy", logs("/aws/apigateway/shop-dev/Canary:*")],
    ["logs:DeleteLogGroup", logs("API-Gateway-Execution-Logs_abc/dev")],
    ["lambda:CreateFunction", lambda("CodeDeployHook_shop-dev-before")],
    ["logs:CreateLogGroup", logs("/aws/lambda/CodeDeployHook_shop-dev-before")],
    ["iam:CreateRole", own("CodeDeployHook_shop.dev.before"), bounded],
    ["iam:PassRole", own("CodeDeployHook_shop.dev.before"), toLambda],
    ["iam:CreateRole", own("CodeDeploy_shop.dev"), bounded],
    ["iam:PutRolePolicy", own("CodeDeploy_shop.dev"), bounded],
    ["codedeploy:CreateApplication", codeDeploy("application:shop-dev")],
    ["codedeploy:CreateDeploymentGroup", codeDeploy("deploymentgroup:shop-dev/shop-dev")],
    ["codedeploy:UpdateDeploymentGroup", codeDeploy("deploymentgroup:shop-dev/shop-dev")],
    [
      "codedeploy:CreateDeploymentConfig",
      codeDeploy("deploymentconfig:shop-dev-Linear20PercentEvery15Minutes"),
    ],
    ["cloudwatch:PutMetricAlarm", alarm("shop-dev-v1-errors")],
    [
      "cloudwatch:PutMetricAlarm",
      alarm("shop-dev-alias-latency"),
      { "cloudwatch:AlarmActions": "arn:aws:sns:eu-central-1:111122223333:on-call" },
    ],
    ["cloudwatch:DeleteAlarms", alarm("shop-dev-v1-errors")],
    ["cloudwatch:TagResource", alarm("shop-dev-v1-errors")],
    // The check of the split, where no response names its version.
    ["logs:FilterLogEvents", logs("/aws/apigateway/shop-dev:*")],
    ["logs:FilterLogEvents", logs("/aws/apigateway/shop-dev/Canary:*")],
    ["cloudwatch:GetMetricData", "*"],
  ];

  const passing: Row = ["iam:PassRole", own("CodeDeploy_shop.dev"), toCodeDeploy];

  test("may do what an apply does", async () => {
    expect(judge(await privileges("deploy"), [...allowed, passing])).toEqual([...allowed, passing]);
  });

  const refused: readonly Row[] = [
    ["logs:FilterLogEvents", logs("/aws/lambda/shop-dev-v1:*")],
    ["logs:FilterLogEvents", logs("/aws/apigateway/shop-prod:*")],
    // The rights of a role that is made, or made into more.
    ["iam:CreateRole", own("shop.dev.v1")],
    ["iam:CreateRole", own("shop.dev.v1"), { "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/Any" }],
    ["iam:PutRolePolicy", own("shop.dev.v1")],
    ["iam:PutRolePermissionsBoundary", own("shop.dev.v1")],
    ["iam:DeleteRolePermissionsBoundary", own("shop.dev.v1"), bounded],
    ["iam:AttachRolePolicy", own("shop.dev.v1"), bounded],
    ["iam:UpdateAssumeRolePolicy", own("shop.dev.v1")],
    ["iam:CreatePolicyVersion", boundary],
    ["iam:SetDefaultPolicyVersion", boundary],
    ["iam:CreateUser", "arn:aws:iam::111122223333:user/a-dev"],
    ["iam:DeleteOpenIDConnectProvider", "arn:aws:iam::111122223333:oidc-provider/token"],
    // Its own role, and those of the bootstrap stacks of other environments.
    ["iam:PutRolePolicy", role("bootstrap/bootstrap-dev-deploy"), bounded],
    ["iam:PutRolePermissionsBoundary", role("bootstrap/bootstrap-dev-deploy"), bounded],
    ["iam:DeleteRole", role("bootstrap/bootstrap-dev-review")],
    ["iam:DeleteRole", role("bootstrap/bootstrap-eu-dev-deploy")],
    ["iam:PassRole", role("bootstrap/bootstrap-dev-deploy"), toLambda],
    ["sts:AssumeRole", own("shop.dev.v1")],
    ["iam:DeleteRole", role("bootstrap/bootstrap-dev-deploy"), bounded],
    ["iam:DeleteRole", role("api-gateway-account-dev"), bounded],
    // Roles for other services, and those without the boundary.
    ["iam:DeleteRole", own("shop.dev.v1")],
    ["iam:DeleteRolePolicy", own("shop.dev.v1")],
    ["iam:PassRole", own("shop.dev.v1")],
    ["iam:PassRole", own("shop.dev.v1"), { "iam:PassedToService": "ec2.amazonaws.com" }],
    ["iam:PassRole", own("shop.dev.v1"), { "iam:PassedToService": "apigateway.amazonaws.com" }],
    ["iam:CreateRole", own("CodeDeploy_shop.dev")],
    ["iam:PassRole", own("shop.dev.v1"), toCodeDeploy],
    ["iam:PassRole", own("CodeDeploy_shop.dev"), { "iam:PassedToService": "ec2.amazonaws.com" }],
    // What moves traffic, or a test of it, beside the files.
    ["codedeploy:CreateDeployment", codeDeploy("deploymentgroup:shop-dev/shop-dev")],
    ["codedeploy:PutLifecycleEventHookExecutionStatus", codeDeploy("deploymentgroup:shop-dev/shop-dev")],
    ["cloudwatch:SetAlarmState", alarm("shop-dev-v1-errors")],
    ["cloudwatch:DisableAlarmActions", alarm("shop-dev-v1-errors")],
    // What an alarm would do for its maker.
    [
      "cloudwatch:PutMetricAlarm",
      alarm("shop-dev-v1-errors"),
      { "cloudwatch:AlarmActions": "arn:aws:automate:eu-central-1:ec2:terminate" },
    ],
    // What is another's.
    ["codedeploy:UpdateDeploymentGroup", codeDeploy("deploymentgroup:shop-prod/shop-prod")],
    ["codedeploy:DeleteApplication", codeDeploy("application:developer")],
    ["codedeploy:DeleteDeploymentConfig", codeDeploy("deploymentconfig:shop-prod-Canary5Percent120Minutes")],
    ["cloudwatch:PutMetricAlarm", alarm("shop-prod-v1-errors")],
    ["cloudwatch:DeleteAlarms", alarm("queue-is-full")],
    ["lambda:UpdateFunctionCode", lambda("shop-prod")],
    ["lambda:UpdateFunctionCode", lambda("developer")],
    ["lambda:UpdateFunctionCode", lambda("shop-dev").replace("eu-central-1", "us-east-1")],
    ["lambda:AddPermission", lambda("shop-dev"), { "lambda:Principal": "*" }],
    ["lambda:InvokeFunction", lambda("shop-dev")],
    ["apigateway:PATCH", api("/restapis/abc").replace("eu-central-1", "us-east-1")],
    ["apigateway:PATCH", api("/account")],
    ["apigateway:POST", api("/apikeys")],
    ["ecr:SetRepositoryPolicy", ecr("shop-prod")],
    ["logs:DeleteLogGroup", logs("/aws/lambda/shop-prod-v1")],
    ["logs:GetLogEvents", logs("/aws/lambda/shop-dev-v1")],
    // State.
    ["s3:DeleteObject", state("team/a/shop-dev.tfstate")],
    ["s3:PutObject", state("team/a/shop-prod.tfstate")],
    ["s3:PutObject", state("team/b/shop-dev.tfstate")],
    ["s3:PutObject", state("team/a/bootstrap-dev.tfstate")],
    ["s3:PutObject", state("team/a/api-gateway-account-dev.tfstate")],
    ["s3:GetObject", state("team/a/network/shop-dev.tfstate")],
    ["s3:PutObject", state("team/a/network/shop-dev.tfstate")],
    ["s3:DeleteObject", state("team/a/network/shop-dev.tfstate.tflock")],
    ["s3:DeleteObjectVersion", state("team/a/shop-dev.tfstate")],
    ["s3:PutBucketPolicy", "arn:aws:s3:::example-state"],
    ["s3:PutBucketVersioning", "arn:aws:s3:::example-state"],
    ["s3:DeleteBucket", "arn:aws:s3:::example-state"],
  ];

  test("may do nothing of what follows", async () => {
    expect(judge(await privileges("deploy"), refused)).toEqual([]);
  });

  /** All that is done to a role of the environment or with it. */
  const toRole = (arn: string): readonly Row[] => [
    ...[
      "iam:CreateRole",
      "iam:PutRolePolicy",
      "iam:PutRolePermissionsBoundary",
      "iam:DeleteRole",
      "iam:DeleteRolePolicy",
      "iam:TagRole",
    ].map((action): Row => [action, arn, bounded]),
    ["iam:PassRole", arn, toLambda],
    ["iam:PassRole", arn, toCodeDeploy],
  ];

  test.each([
    ["at / named as one of the environment's", role("shop-dev-v1")],
    ["at / named as one of CodeDeploy's", role("CodeDeploy_shop-dev")],
    ["of another tool, named alike", role("evil-dev")],
    ["of another tool, in a path that ends alike", role("evil/lambda-release/dev/CodeDeploy_shop.dev")],
    ["of another environment", role("lambda-release/prod/CodeDeploy_shop.prod")],
    ["of an environment whose name begins alike", role("lambda-release/dev-eu/CodeDeploy_shop.dev")],
    ["of an environment whose name ends alike", role("lambda-release/eu-dev/CodeDeploy_shop.dev")],
    ["of the bootstrap stack", role("bootstrap/bootstrap-dev-deploy")],
    ["of the account stack", role("api-gateway-account-dev")],
  ])("may do nothing to a role %s", async (_, arn) => {
    expect(judge(await privileges("deploy"), toRole(arn))).toEqual([]);
    expect(judge(await privileges("deploy"), toRole(own("CodeDeploy_shop.dev")))).toHaveLength(8);
  });

  test("may do nothing to a role of an environment with which its own name begins", async () => {
    const both = { accountHas: ["oidc-provider", "state-bucket"] };
    const stack = await stackOf(
      "bootstrap-dev-eu",
      environment(),
      {},
      {
        "releases/dev-eu/environment.json": environment(both),
      },
    );
    const policy = policyIn(named(JSON.parse(stack), "aws_iam_role_policy")["deploy"]?.["policy"] ?? "");
    expect(judge(policy, toRole(own("CodeDeploy_shop.dev")))).toEqual([]);
  });

  const forUsers: readonly Row[] = [
    ["apigateway:DELETE", api("/restapis/abc")],
    ["apigateway:DELETE", api("/restapis/abc/stages/dev")],
    ["ecr:DeleteRepository", ecr("shop-dev")],
  ];

  test("may delete what users call only where it is not protected", async () => {
    expect(judge(await privileges("deploy"), forUsers)).toEqual([]);
    expect(judge(await privileges("deploy", environment({}, { protect: false })), forUsers)).toEqual(
      forUsers,
    );
  });

  test("may change adopted functions, whatever their names", async () => {
    const adopting = { adopt: { functions: { v1: { shop: "Legacy_Shop" } } } };
    const changes: readonly Row[] = [
      ["lambda:UpdateFunctionCode", lambda("Legacy_Shop")],
      ["lambda:GetFunction", lambda("Legacy_Shop:3")],
      ["logs:PutRetentionPolicy", logs("/aws/lambda/Legacy_Shop")],
      ["cloudwatch:PutMetricAlarm", alarm("Legacy_Shop-errors")],
      ["cloudwatch:DeleteAlarms", alarm("Legacy_Shop-latency")],
    ];
    expect(judge(await privileges("deploy"), changes)).toEqual([]);
    expect(judge(await privileges("deploy", undefined, adopting), changes)).toEqual(changes);
  });

  test("may change API keys and usage plans where a release has some, and nowhere else", async () => {
    const changes: readonly Row[] = [
      ["apigateway:POST", api("/apikeys")],
      ["apigateway:GET", api("/apikeys/abc")],
      ["apigateway:DELETE", api("/apikeys/abc")],
      ["apigateway:POST", api("/usageplans")],
      ["apigateway:PATCH", api("/usageplans/abc")],
      ["apigateway:DELETE", api("/usageplans/abc/keys/def")],
    ];
    expect(judge(await privileges("deploy"), changes)).toEqual([]);
    const release = { stage: { usagePlans: { partners: { keys: ["mobile"] } } } };
    expect(judge(await privileges("deploy", undefined, release), changes)).toEqual(changes);
    const reading = changes.filter(([action]) => action === "apigateway:GET");
    expect(judge(await privileges("review", undefined, release), changes)).toEqual(reading);
  });

  test.each([
    ["aws-cn", "cn-north-1", "codedeploy.cn-north-1.amazonaws.com.cn"],
    ["aws-us-gov", "us-gov-west-1", "codedeploy.amazonaws.com"],
  ])("has the same rights in %s", async (partition, region, service) => {
    const policy = await privileges("deploy", environment({}, { region }), {}, partition);
    const there = (text: string) =>
      text.replace("arn:aws:", `arn:${partition}:`).replace("eu-central-1", region);
    const passingThere: Row = [passing[0], passing[1], { "iam:PassedToService": service }];
    const rows = [...allowed, passingThere].map(
      ([action, resource, context]): Row => [
        action,
        there(resource),
        context && Object.fromEntries(Object.entries(context).map(([key, value]) => [key, there(value)])),
      ],
    );
    expect(judge(policy, rows)).toEqual(rows);
  });

  test("has policies within IAM's limits: 10,240 characters within a role, 6,144 in a policy of its own", async () => {
    const stack = JSON.parse(await stackOf("bootstrap-dev"));
    const lengths = ["aws_iam_role_policy", "aws_iam_policy"].map((type) =>
      Object.values(named(stack, type)).map(({ policy = "" }) => longest(policyIn(policy))),
    );
    const [within = 0, ofTheirOwn = 0] = lengths.map((all) => Math.max(...all));
    // Each adopted function takes 800 more.
    expect(within).toBeLessThan(7_500);
    expect(ofTheirOwn).toBeLessThan(4_500);
  });

  test("has its reads attached", async () => {
    const { resource } = JSON.parse(await stackOf("bootstrap-dev"));
    const [attached] = Object.values<{ role: string; policy_arn: string }>(
      resource.aws_iam_role_policy_attachment,
    );
    expect(attached?.role).toMatch(/^\$\{aws_iam_role\.deploy_\w+\.name\}$/);
    expect(attached?.policy_arn).toMatch(/^\$\{aws_iam_policy\.deploy_reads_\w+\.arn\}$/);
  });
});

describe("who pushes images", () => {
  const fields = environment({}, { imageRepositories: ["shop"] });

  test("may push to the environment's repositories", async () => {
    const pushes: readonly Row[] = [
      ["ecr:GetAuthorizationToken", "*"],
      ["ecr:DescribeRepositories", ecr("shop-dev")],
      ["ecr:DescribeImages", ecr("shop-dev")],
      ["ecr:BatchCheckLayerAvailability", ecr("shop-dev")],
      ["ecr:InitiateLayerUpload", ecr("shop-dev")],
      ["ecr:UploadLayerPart", ecr("shop-dev")],
      ["ecr:CompleteLayerUpload", ecr("shop-dev")],
      ["ecr:PutImage", ecr("shop-dev")],
    ];
    expect(judge(await privileges("images", fields), pushes)).toEqual(pushes);
  });

  test("may do nothing of what follows", async () => {
    const refused: readonly Row[] = [
      ["ecr:PutImage", ecr("basket-dev")],
      ["ecr:PutImage", ecr("shop-prod")],
      ["ecr:BatchDeleteImage", ecr("shop-dev")],
      ["ecr:PutImageTagMutability", ecr("shop-dev")],
      ["ecr:SetRepositoryPolicy", ecr("shop-dev")],
      ["lambda:UpdateFunctionCode", lambda("shop-dev")],
      ["s3:GetObject", state("team/a/shop-dev.tfstate")],
      ["iam:PassRole", own("shop.dev"), toLambda],
    ];
    expect(judge(await privileges("images", fields), refused)).toEqual([]);
  });

  test("is there where there are repositories, for jobs of the GitHub environment", async () => {
    const roles = async (given: object) =>
      named(JSON.parse(await stackOf("bootstrap-dev", given)), "aws_iam_role");
    expect((await roles(fields))["bootstrap-dev-images"]?.["assume_role_policy"]).toContain(
      '"repo:example-org/shop-releases:environment:dev"',
    );
    expect(Object.keys(await roles(environment()))).toEqual(["bootstrap-dev-deploy", "bootstrap-dev-review"]);
  });
});

const ownKey = "arn:aws:kms:eu-central-1:111122223333:key/1a2b";

describe("the functions' boundary", () => {
  const asksForAll = {
    settings: {
      tracing: true,
      vpc: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] },
      deadLetterArn: "arn:aws:sqs:eu-central-1:111122223333:failed",
      kmsKeyArn: ownKey,
    },
  };
  const roles = async (fields: object) =>
    Object.values(named(JSON.parse(await stackOf("shop-dev", fields)), "aws_iam_role"));

  test("and the environment's path are those of every role of a service that GitHub deploys, and of no other", async () => {
    for (const { permissions_boundary = "", path, name } of await roles(environment())) {
      expect(path).toBe("/lambda-release/dev/");
      expect(name).toMatch(/^shop\.dev/);
      expect(
        permissions_boundary.replace(/\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}/, "<account>"),
      ).toMatch(/:iam::<account>:policy\/bootstrap\/bootstrap-dev-functions$/);
    }
    for (const one of await roles(environment({}, { github: undefined }))) {
      expect(one).not.toHaveProperty("permissions_boundary");
      expect(one).not.toHaveProperty("path");
    }
  });

  test("admits whatever a function is given", async () => {
    const bootstrap = JSON.parse(await stackOf("bootstrap-dev", environment(), asksForAll));
    const limit = policyIn(named(bootstrap, "aws_iam_policy")["bootstrap-dev-functions"]?.["policy"] ?? "");
    const stack = JSON.parse(await stackOf("shop-dev", environment(), asksForAll));
    const given = named(stack, "aws_iam_role_policy")["execution"]?.["policy"] ?? "";
    const group = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/Legacy_Shop";
    const { Statement } = policyIn(given.replace(/\$\{aws_cloudwatch_log_group\.[\w-]+\.arn\}/, group));
    const calls = Statement.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action, Resource }) =>
      [Action].flat().map((action): Row => [action, String(Resource)]),
    );
    expect(calls).toHaveLength(12);
    expect(judge(limit, calls)).toEqual(calls);
    expect(judge({ Statement }, calls)).toEqual(calls);
  });

  test("and the role of a function in a VPC keep its code from network interfaces, and leave them to Lambda", async () => {
    const bootstrap = JSON.parse(await stackOf("bootstrap-dev"));
    const stack = JSON.parse(await stackOf("shop-dev", environment(), asksForAll));
    const policies = [
      named(bootstrap, "aws_iam_policy")["bootstrap-dev-functions"],
      named(stack, "aws_iam_role_policy")["execution"],
    ];
    const actions = [
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:AssignPrivateIpAddresses",
      "ec2:UnassignPrivateIpAddresses",
    ];
    const calls = (context?: Record<string, string>) =>
      actions.map(
        (action): Row => [action, "arn:aws:ec2:eu-central-1:111122223333:network-interface/eni-1", context],
      );
    for (const one of policies) {
      const policy = policyIn(one?.["policy"] ?? "");
      expect(judge(policy, calls())).toEqual(calls());
      expect(judge(policy, calls({ "lambda:SourceFunctionArn": lambda("shop-dev-v1") }))).toEqual([]);
    }
  });

  /** All that the stack of a release with hooks gives to its roles, each as a call of that role. */
  async function givenByRollout(): Promise<Row[]> {
    const hook = "export const handler = async () => {};\n";
    const release = {
      strategy: "codedeploy-alias",
      versions: [1],
      stable: 1,
      hooks: { beforeTraffic: "before", afterTraffic: "after" },
    };
    const text = await stackOf("shop-dev", environment(), release, {
      "lambdas/shop/shop.ts": "export const handler = async () => ({ statusCode: 200 });\n",
      "lambdas/hooks/before.ts": hook,
      "lambdas/hooks/after.ts": hook,
    });
    const { resource } = JSON.parse(text);
    const nameOf = (type: string, id: string) => resource[type][id].function_name ?? resource[type][id].name;
    const arns = { aws_lambda_function: lambda, aws_cloudwatch_log_group: logs };
    const inAccount = (json: string) =>
      json
        .replace(/\$\{data\.aws_region\.[\w-]+\.id\}/g, "eu-central-1")
        .replace(/\$\{(aws_lambda_function|aws_cloudwatch_log_group)\.([\w-]+)\.arn\}/g, (_, type, id) =>
          arns[type as keyof typeof arns](nameOf(type, id)),
        );
    return Object.values<{ role: string; policy: string }>(resource.aws_iam_role_policy).flatMap((given) => {
      const [, id = ""] = /^\$\{aws_iam_role\.([\w-]+)\.name\}$/.exec(given.role) ?? [];
      const { path, name } = resource.aws_iam_role[id];
      const context = { "aws:PrincipalArn": role(`${path.slice(1)}${name}`) };
      return policyIn(inAccount(given.policy)).Statement.flatMap(({ Action, Resource }) =>
        [Action].flat().flatMap((action) => [Resource].flat().map((one): Row => [action, one, context])),
      );
    });
  }

  const limitOf = async () => {
    const bootstrap = JSON.parse(await stackOf("bootstrap-dev"));
    return named(bootstrap, "aws_iam_policy")["bootstrap-dev-functions"]?.["policy"] ?? "";
  };

  test("admits whatever CodeDeploy and its hooks are given", async () => {
    const calls = await givenByRollout();
    const roles = new Set(calls.map(([, , context]) => context?.["aws:PrincipalArn"]));
    expect([...roles].sort()).toEqual(
      [
        "CodeDeployHook_shop.dev.after",
        "CodeDeployHook_shop.dev.before",
        "CodeDeploy_shop.dev",
        "shop.dev",
      ].map(own),
    );
    expect(judge(policyIn(await limitOf()), calls)).toEqual(calls);
  });

  test("admits a shift to CodeDeploy's role alone, and its report to hooks alone", async () => {
    const hook = by("CodeDeployHook_shop.dev.before");
    const group = codeDeploy("deploymentgroup:shop-dev/shop-dev");
    const refused = (context: Record<string, string>): Row[] => [
      ["lambda:UpdateAlias", lambda("shop-dev"), context],
      ["lambda:InvokeFunction", lambda("CodeDeployHook_shop-dev-before"), context],
      ["lambda:InvokeFunction", lambda("shop-dev:1"), context],
      ["codedeploy:PutLifecycleEventHookExecutionStatus", group, context],
    ];
    const limit = policyIn(await limitOf());
    expect(judge(limit, refused(by("shop.dev")))).toEqual([]);
    for (const foreign of ["CodeDeploy_shop-dev", "lambda-release/dev-eu/CodeDeploy_shop.dev"]) {
      expect(judge(limit, refused({ "aws:PrincipalArn": role(foreign) }))).toEqual([]);
    }
    expect(judge(limit, refused(hook)).map(([action]) => action)).toEqual([
      "lambda:InvokeFunction",
      "codedeploy:PutLifecycleEventHookExecutionStatus",
    ]);
    expect(
      judge(limit, [
        ["lambda:InvokeFunction", lambda("shop-prod:1"), hook],
        ["codedeploy:PutLifecycleEventHookExecutionStatus", group.replaceAll("-dev", "-prod"), hook],
        ["codedeploy:CreateDeployment", group, hook],
        ["lambda:UpdateAlias", lambda("shop-prod"), by("CodeDeploy_shop.dev")],
        ["lambda:UpdateFunctionCode", lambda("shop-dev"), by("CodeDeploy_shop.dev")],
      ]),
    ).toEqual([]);
  });

  test("admits nothing by which a function could get more", async () => {
    const bootstrap = JSON.parse(await stackOf("bootstrap-dev"));
    const limit = policyIn(named(bootstrap, "aws_iam_policy")["bootstrap-dev-functions"]?.["policy"] ?? "");
    expect(
      judge(limit, [
        ["iam:CreateRole", own("shop.dev.v1")],
        ["iam:PassRole", own("shop.dev.v1"), toLambda],
        ["sts:AssumeRole", role("administrator")],
        ["lambda:UpdateFunctionCode", lambda("shop-dev")],
        ["s3:GetObject", state("team/a/shop-dev.tfstate")],
        ["secretsmanager:GetSecretValue", "*"],
      ]),
    ).toEqual([]);
  });
});

describe("what the environment lists for its functions", () => {
  const table = "arn:aws:dynamodb:eu-central-1:111122223333:table/orders";
  const key = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd";
  const [policy, foreignPolicy] = ["arn:aws:iam::aws:policy/One", "arn:aws:iam::aws:policy/Other"];
  const [listedRole, foreignRole] = [role("team/shop"), role("team/shop-admin")];
  const functions = {
    permissions: [
      { actions: ["dynamodb:*"], resources: [`${table}*`], reason: "it owns the table" },
      {
        actions: ["ssm:GetParameter", "ssm:GetParameters"],
        resources: ["arn:aws:ssm:eu-central-1:*:parameter/shop/*"],
      },
      {
        actions: ["secretsmanager:GetSecretValue"],
        resources: ["arn:aws:secretsmanager:eu-central-1:*:secret:shop/*"],
      },
      { actions: ["kms:Decrypt"], resources: [key] },
    ],
    managedPolicies: [policy, "arn:aws:iam::aws:policy/Two"],
    roleArns: [listedRole],
  };
  const fields = environment({ functions });
  const settings = {
    permissions: [
      { actions: ["dynamodb:GetItem", "dynamodb:Query"], resources: [table, `${table}/index/by-day`] },
    ],
    parameters: { DB: { name: "/shop/db", kmsKeyArn: key } },
    secrets: { STRIPE: { name: "shop/stripe", kmsKeyArn: key } },
  };

  const limitOf = async (given: object) => {
    const bootstrap = JSON.parse(await stackOf("bootstrap-dev", given));
    return policyIn(named(bootstrap, "aws_iam_policy")["bootstrap-dev-functions"]?.["policy"] ?? "");
  };

  test("the boundary admits, of all that a release was let ask for, and nothing beside", async () => {
    const stack = JSON.parse(await stackOf("shop-dev", fields, { settings }));
    const json = named(stack, "aws_iam_role_policy")["execution"]?.["policy"] ?? "";
    const { Statement } = policyIn(json.replace(/\$\{data\.aws_region\.[\w-]+\.id\}/g, "eu-central-1"));
    const asked = Statement.slice(1).flatMap(({ Action, Resource }) =>
      [Action]
        .flat()
        .flatMap((action) =>
          [Resource].flat().map((one): Row => [action, one.replace("-??????", "-a1B2c3")]),
        ),
    );
    expect(asked).toHaveLength(4 + 2 + 1 + 1);
    const limit = await limitOf(fields);
    expect(judge(limit, asked)).toEqual(asked);
    expect(judge(await limitOf(environment()), asked)).toEqual([]);
    expect(
      judge(limit, [
        ["dynamodb:GetItem", table.replace("orders", "customers")],
        [
          "secretsmanager:GetSecretValue",
          "arn:aws:secretsmanager:eu-central-1:111122223333:secret:bank-a1B2c3",
        ],
        ["ssm:PutParameter", "arn:aws:ssm:eu-central-1:111122223333:parameter/shop/db"],
        ["iam:PassRole", listedRole, toLambda],
      ]),
    ).toEqual([]);
  });

  test("a deploy attaches those managed policies to the environment's bounded roles, and passes those roles to Lambda", async () => {
    const changes: readonly Row[] = [
      ["iam:AttachRolePolicy", own("shop.dev.v1"), { ...bounded, "iam:PolicyARN": policy }],
      ["iam:DetachRolePolicy", own("shop.dev.v1"), { ...bounded, "iam:PolicyARN": policy }],
      ["iam:PassRole", listedRole, toLambda],
    ];
    expect(judge(await privileges("deploy", fields), changes)).toEqual(changes);
    expect(judge(await privileges("deploy"), changes)).toEqual([]);
  });

  test("a deploy does nothing else with policies and roles", async () => {
    const refused: readonly Row[] = [
      ["iam:AttachRolePolicy", own("shop.dev.v1"), { ...bounded, "iam:PolicyARN": foreignPolicy }],
      ["iam:AttachRolePolicy", own("shop.dev.v1"), { "iam:PolicyARN": policy }],
      ["iam:AttachRolePolicy", own("shop.dev.v1"), bounded],
      [
        "iam:AttachRolePolicy",
        role("bootstrap/bootstrap-dev-deploy"),
        { ...bounded, "iam:PolicyARN": policy },
      ],
      [
        "iam:AttachRolePolicy",
        role("lambda-release/prod/shop.prod"),
        { ...bounded, "iam:PolicyARN": policy },
      ],
      ["iam:AttachRolePolicy", listedRole, { "iam:PolicyARN": policy }],
      ["iam:DetachRolePolicy", own("shop.dev.v1"), { ...bounded, "iam:PolicyARN": foreignPolicy }],
      ["iam:AttachUserPolicy", "arn:aws:iam::111122223333:user/a-dev", { "iam:PolicyARN": policy }],
      ["iam:CreatePolicyVersion", policy],
      ["iam:PassRole", listedRole],
      ["iam:PassRole", listedRole, { "iam:PassedToService": "ec2.amazonaws.com" }],
      ["iam:PassRole", foreignRole, toLambda],
      ["iam:PutRolePolicy", listedRole, bounded],
      ["iam:DeleteRole", listedRole, bounded],
      ["iam:UpdateAssumeRolePolicy", listedRole],
      [
        "secretsmanager:GetSecretValue",
        "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/stripe-a1B2c3",
      ],
      ["ssm:GetParameter", "arn:aws:ssm:eu-central-1:111122223333:parameter/shop/db"],
    ];
    expect(judge(await privileges("deploy", fields), refused)).toEqual([]);
  });

  test("who reviews may do what was allowed without", async () => {
    expect(await privileges("review", fields)).toEqual(await privileges("review"));
  });

  test("has room in the boundary, or is refused in a line", async () => {
    const resources = Array.from({ length: 60 }, (_, index) => `${table}-${"x".repeat(40)}-${index}`);
    const long = environment({ functions: { permissions: [{ actions: ["dynamodb:GetItem"], resources }] } });
    await expect(stackOf("bootstrap-dev", long)).rejects.toThrow(
      /^releases\/dev\/environment\.json 'github' must have fewer .* entries in 'github\.functions': the policy bootstrap-dev-functions may have 6144 characters, got \d+$/,
    );
  });
});
