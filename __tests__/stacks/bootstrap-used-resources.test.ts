import { environment, named, privileges, stackOf } from "../support/bootstrap";
import { judge, type Policy, policyIn, type Row } from "../support/policy";
import { handler } from "../support/project";
import { numbered, shopOfTwo } from "../support/several-functions";
import { oneOfEach, ownedBucket, source } from "../support/triggers";

const lambda = (name: string) => `arn:aws:lambda:eu-central-1:111122223333:function:${name}`;
const ownKey = "arn:aws:kms:eu-central-1:111122223333:key/1a2b";

describe("a key that the releases use", () => {
  const release = { settings: { kmsKeyArn: ownKey } };
  const byLambda = { "kms:ViaService": "lambda.eu-central-1.amazonaws.com" };
  const rows = (context?: Record<string, string>, key = ownKey): Row[] =>
    ["kms:Decrypt", "kms:Encrypt", "kms:CreateGrant"].map((action) => [action, key, context]);

  test("is used by Lambda for who reviews and who deploys, and in no other way", async () => {
    const [review, deploy] = await Promise.all(
      ["review", "deploy"].map((role) => privileges(role, environment(), release)),
    );
    expect(judge(review as Policy, rows(byLambda)).map(([action]) => action)).toEqual(["kms:Decrypt"]);
    expect(judge(deploy as Policy, rows(byLambda))).toEqual(rows(byLambda));
    for (const policy of [review, deploy] as Policy[]) {
      expect(judge(policy, rows())).toEqual([]);
      expect(judge(policy, rows(byLambda, `${ownKey}c`))).toEqual([]);
    }
  });

  test("is none that they may use where no release does", async () => {
    expect(judge(await privileges("deploy"), rows(byLambda))).toEqual([]);
  });
});

describe("triggers", () => {
  const triggers = { ...oneOfEach, incoming: ownedBucket() };
  const release = { strategy: "weighted-alias", versions: [1], stable: 1, triggers };
  const files = { "lambdas/shop/shop.ts": handler("1") };
  const policyOf = (role: string, given: object = release) =>
    privileges(role, environment(), given, undefined, files);
  const mapping = "arn:aws:lambda:eu-central-1:111122223333:event-source-mapping:1a2b";
  const rule = (name: string) => `arn:aws:events:eu-central-1:111122223333:rule/${name}`;
  const from = (service: string) => ({ "lambda:Principal": `${service}.amazonaws.com` });
  const ofFunction = (name: string) => ({ "lambda:FunctionArn": lambda(name) });

  const read: readonly Row[] = [
    ["lambda:GetEventSourceMapping", mapping],
    ["lambda:ListTags", mapping],
    ["events:DescribeRule", rule("shop-dev-nightly")],
    ["events:ListTargetsByRule", rule("shop/shop-dev-audit")],
    ["events:ListTagsForResource", rule("shop-dev-nightly")],
    ["sns:GetSubscriptionAttributes", "*"],
    ["s3:GetBucketNotification", "arn:aws:s3:::shop-in"],
  ];
  const changed: readonly Row[] = [
    ["lambda:CreateEventSourceMapping", "*", ofFunction("shop-dev:live")],
    ["lambda:UpdateEventSourceMapping", mapping, ofFunction("shop-dev:live")],
    ["lambda:DeleteEventSourceMapping", mapping, ofFunction("shop-dev:live")],
    ["lambda:TagResource", mapping],
    ...["events", "s3", "sns"].map(
      (service): Row => ["lambda:AddPermission", lambda("shop-dev:live"), from(service)],
    ),
    ["events:PutRule", rule("shop-dev-nightly")],
    ["events:PutTargets", rule("shop/shop-dev-audit")],
    ["events:RemoveTargets", rule("shop-dev-nightly")],
    ["events:DeleteRule", rule("shop-dev-nightly")],
    ["sns:Subscribe", source("sns", "news")],
    ["sns:Unsubscribe", "*"],
    ["s3:PutBucketNotification", "arn:aws:s3:::shop-in"],
  ];

  test("are read by who reviews, and changed by who deploys", async () => {
    expect(judge(await policyOf("review"), [...read, ...changed])).toEqual(read);
    expect(judge(await policyOf("deploy"), [...read, ...changed])).toEqual([...read, ...changed]);
  });

  test("of others are not changed", async () => {
    const others: readonly Row[] = [
      ["lambda:CreateEventSourceMapping", "*", ofFunction("shop-prod:live")],
      ["lambda:DeleteEventSourceMapping", mapping],
      ["lambda:AddPermission", lambda("shop-dev:live"), from("iot")],
      ["lambda:AddPermission", lambda("shop-prod:live"), from("sns")],
      ["events:PutRule", rule("shop-prod-nightly")],
      ["sns:Subscribe", source("sns", "other")],
      ["s3:PutBucketNotification", "arn:aws:s3:::shop-uploads"],
      ["sqs:ReceiveMessage", source("sqs", "orders")],
    ];
    expect(judge(await policyOf("deploy"), others)).toEqual([]);
  });

  test("where no release has one, nobody changes them", async () => {
    const none = { ...release, triggers: undefined };
    expect(judge(await policyOf("deploy", none), [...read, ...changed])).toEqual([]);
  });

  test("are what the functions' boundary lets them read, and no others", async () => {
    const bootstrap = JSON.parse(await stackOf("bootstrap-dev", environment(), release, files));
    const limit = policyIn(named(bootstrap, "aws_iam_policy")["bootstrap-dev-functions"]?.["policy"] ?? "");
    const stack = JSON.parse(await stackOf("shop-dev", environment(), release, files));
    const given = named(stack, "aws_iam_role_policy")["execution"]?.["policy"] ?? "";
    const group = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/shop-dev";
    const { Statement } = policyIn(given.replace(/\$\{aws_cloudwatch_log_group\.[\w-]+\.arn\}/, group));
    const calls = Statement.flatMap(({ Action, Resource }) =>
      [Action].flat().map((action): Row => [action, String(Resource)]),
    );
    expect(calls).toHaveLength(10);
    expect(judge(limit, calls)).toEqual(calls);
    expect(judge(limit, [["sqs:ReceiveMessage", source("sqs", "other")]])).toEqual([]);
  });
});

describe("what is measured", () => {
  const dashboard = "arn:aws:cloudwatch::111122223333:dashboard/shop-dev";
  const group = (name: string) => `arn:aws:logs:eu-central-1:111122223333:log-group:${name}:*`;
  const canary = group("/aws/apigateway/shop-dev/Canary");
  const read: readonly Row[] = [
    ["cloudwatch:GetDashboard", dashboard],
    ["logs:DescribeMetricFilters", canary],
  ];
  const changed: readonly Row[] = [
    ["cloudwatch:PutDashboard", dashboard],
    ["cloudwatch:DeleteDashboards", dashboard],
    ["logs:PutMetricFilter", group("/aws/apigateway/shop-dev")],
    ["logs:PutMetricFilter", canary],
    ["logs:DeleteMetricFilter", canary],
  ];
  const policyOf = (role: string, release: object) => privileges(role, environment(), release);

  test("is read by who reviews, and changed by who deploys", async () => {
    for (const release of [{}, { dashboard: true }]) {
      expect(judge(await policyOf("review", release), [...read, ...changed])).toEqual(read);
      expect(judge(await policyOf("deploy", release), [...read, ...changed])).toEqual([...read, ...changed]);
    }
  });

  test("an alarm on a canary's answers needs the filters, and no dashboard", async () => {
    const release = { dashboard: false, alarms: { answers: {} } };
    expect(judge(await policyOf("deploy", release), [...read, ...changed])).toEqual([
      read[1],
      ...changed.slice(2),
    ]);
  });

  test("is none of theirs where no release measures, nor in another environment", async () => {
    expect(judge(await policyOf("deploy", { dashboard: false }), [...read, ...changed])).toEqual([]);
    const others: readonly Row[] = [
      ["cloudwatch:PutDashboard", "arn:aws:cloudwatch::111122223333:dashboard/shop-prod"],
      ["cloudwatch:PutDashboard", "arn:aws:cloudwatch::111122223333:dashboard/business"],
      ["logs:PutMetricFilter", group("/aws/apigateway/shop-prod")],
    ];
    expect(judge(await policyOf("deploy", { dashboard: true }), others)).toEqual([]);
  });
});

describe("code in S3 and layers of the project", () => {
  const s3 = { bucket: "acme-code", key: "shop.zip", versionId: "one" };
  const settings = { runtime: "nodejs22.x", code: { s3 }, layers: [{ path: "layer" }] };
  const files = { "lambdas/shop/v1/layer/data.txt": "1", "lambdas/shop/v2/layer/data.txt": "1" };
  const policyOf = (role: string, given: object) =>
    privileges(role, environment(), given, undefined, { ...files });
  const layer = "arn:aws:lambda:eu-central-1:111122223333:layer:shop-dev-v1-layer";
  const written: readonly Row[] = [
    ["s3:GetObjectVersion", "arn:aws:s3:::acme-code/shop.zip"],
    ["lambda:PublishLayerVersion", layer],
    ["lambda:DeleteLayerVersion", `${layer}:1`],
  ];

  test("are what a deploy may read and make, and a plan reads the layers", async () => {
    const [review, deploy] = await Promise.all(
      ["review", "deploy"].map((role) => policyOf(role, { settings })),
    );
    expect(judge(deploy as Policy, written)).toEqual(written);
    expect(judge(review as Policy, [...written, ["lambda:GetLayerVersion", `${layer}:1`]])).toEqual([
      ["lambda:GetLayerVersion", `${layer}:1`],
    ]);
    const foreign: readonly Row[] = [
      ["s3:GetObjectVersion", "arn:aws:s3:::acme-code/other.zip"],
      ["lambda:PublishLayerVersion", "arn:aws:lambda:eu-central-1:111122223333:layer:shop-prod-v1-layer"],
    ];
    expect(judge(deploy as Policy, foreign)).toEqual([]);
  });

  test("are none that a deploy may use where no release does", async () => {
    expect(judge(await policyOf("deploy", {}), written)).toEqual([]);
  });
});

describe("functions that CodeDeploy moves, and that are not named as their service", () => {
  const {
    "releases/dev/shop.json": several,
    "releases/dev/environment.json": _,
    ...files
  } = shopOfTwo("codedeploy-alias", { versions: { "1": numbered(1, 1) } }, { api: 1, admin: 1 });
  const group = (name: string) =>
    `arn:aws:codedeploy:eu-central-1:111122223333:deploymentgroup:shop-dev/${name}`;
  const byRole = (name: string) => ({
    "aws:PrincipalArn": `arn:aws:iam::111122223333:role/lambda-release/dev/${name}`,
  });
  const rows: readonly Row[] = [
    ["lambda:UpdateAlias", lambda("shop-dev-admin"), byRole("CodeDeploy_shop-dev")],
    [
      "codedeploy:PutLifecycleEventHookExecutionStatus",
      group("shop-dev-admin"),
      byRole("CodeDeployHook_shop.dev.ask"),
    ],
    ["lambda:InvokeFunction", lambda("shop-dev-admin:2"), byRole("CodeDeployHook_shop.dev.ask")],
  ];
  const limit = async (release: object) => {
    const bootstrap = JSON.parse(await stackOf("bootstrap-dev", environment(), release, files));
    return policyIn(named(bootstrap, "aws_iam_policy")["bootstrap-dev-functions"]?.["policy"] ?? "");
  };

  test("are within the boundary of CodeDeploy's role and of the hooks'", async () => {
    expect(judge(await limit(several as object), rows)).toEqual(rows);
    expect(judge(await limit({ ...(several as object), strategy: "weighted-alias" }), rows)).toEqual([]);
  });

  test("have groups that a deploy may make", async () => {
    const made: readonly Row[] = [["codedeploy:CreateDeploymentGroup", group("shop-dev-admin")]];
    const deploy = await privileges("deploy", environment(), several as object, undefined, files);
    expect(judge(deploy, made)).toEqual(made);
    expect(judge(await privileges("deploy"), made)).toEqual([]);
  });
});

test("metrics are read by who reviews where a step goes on by itself, and nowhere else", async () => {
  const metrics: readonly Row[] = [["cloudwatch:GetMetricData", "*"]];
  const steps = (auto: boolean) => ({ steps: [{ percent: 10, bakeMinutes: 60, auto }] });
  expect(judge(await privileges("review", environment(), steps(true)), metrics)).toEqual(metrics);
  expect(judge(await privileges("review", environment(), steps(false)), metrics)).toEqual([]);
});
