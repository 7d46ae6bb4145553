import { environment, named, privileges, stackOf } from "../support/bootstrap";
import { judge, type Policy, policyIn, type Row } from "../support/policy";
import {
  alarm,
  api,
  boundary,
  bounded,
  codeDeploy,
  ecr,
  fromApi,
  lambda,
  logs,
  own,
  reads,
  role,
  state,
  toCodeDeploy,
  toLambda,
} from "./bootstrap-calls";

/** How long a policy is in the partition and environment of the longest names. */
function longest({ Statement }: Policy): number {
  return JSON.stringify({ Version: "2012-10-17", Statement })
    .replaceAll("-dev", "-an-environment-of-forty-letters-in-length")
    .replaceAll("arn:aws:", "arn:aws-us-gov:").length;
}

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

  test("may tell the topics of the environment's notifications, and no others", async () => {
    const topic = "arn:aws:sns:us-east-1:444455556666:releases";
    const rows: readonly Row[] = [
      ["sns:Publish", topic],
      ["sns:Publish", `${topic}-of-others`],
    ];
    expect(judge(await privileges("deploy"), rows)).toEqual([]);
    const telling = environment({}, { notifications: { topics: [topic] } });
    expect(judge(await privileges("deploy", telling), rows)).toEqual(rows.slice(0, 1));
    expect(judge(await privileges("review", telling), rows)).toEqual([]);
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
