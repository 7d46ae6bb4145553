import { environment, named, privileges, stackOf } from "../support/bootstrap";
import { judge, type Row } from "../support/policy";
import {
  alarm,
  api,
  codeDeploy,
  ecr,
  lambda,
  logs,
  own,
  reads,
  role,
  state,
  toLambda,
} from "./bootstrap-calls";

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
