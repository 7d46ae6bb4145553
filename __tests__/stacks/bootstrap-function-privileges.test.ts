import { environment, named, privileges, stackOf } from "../support/bootstrap";
import { judge, policyIn, type Row } from "../support/policy";
import { bounded, by, codeDeploy, lambda, logs, own, role, state, toLambda } from "./bootstrap-calls";

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
