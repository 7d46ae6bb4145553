import { settingsFingerprint } from "../../src/release/functions/function-settings";
import { problemsOf, shop } from "../support/project";
import { releaseOf } from "../support/synth";

const table = "arn:aws:dynamodb:eu-central-1:111122223333:table/orders";
const key = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd";
const role = "arn:aws:iam::111122223333:role/service-role/shop";
const reads = { actions: ["dynamodb:GetItem"], resources: [table] };
const state = { s3: { bucket: "example-state" } };

/** The problems of a shop with these settings, without file, line and column. */
const lines = (settings: object, environment: object = {}, release: object = {}) =>
  problemsOf(
    shop(
      { settings, ...release },
      { "releases/dev/environment.json": { region: "eu-central-1", ...environment } },
    ),
  ).map((line) => line.replace(/^\S+ /, ""));

const ofGitHub = (functions: object | undefined, fields: object = {}) => ({
  state,
  github: { organization: "example-org", repository: "shop-releases", functions },
  ...fields,
});

const settingsOf = (settings: object, release: object = {}) =>
  releaseOf({ settings, ...release }).stable.functions[0]?.settings;

describe("what a function is given", () => {
  test.each<[string, object]>([
    ["an action on a resource", { permissions: [reads] }],
    [
      "wildcards in a resource",
      { permissions: [{ ...reads, resources: [`${table}/index/*`, "arn:aws:s3:::shop-?"] }] },
    ],
    [
      "wildcards with a reason",
      { permissions: [{ actions: ["s3:Get*", "*"], resources: ["*"], reason: "it lists every bucket" }] },
    ],
    ["nothing, where a level above gives something", { permissions: [], managedPolicies: [] }],
    [
      "managed policies",
      {
        managedPolicies: [
          "arn:aws:iam::aws:policy/service-role/AWSLambdaRole",
          "arn:aws:iam::111122223333:policy/shop",
        ],
      },
    ],
    ["a role that exists", { roleArn: role }],
    [
      "a parameter in each of its forms",
      {
        parameters: {
          ONE: "/shop/db",
          TWO: "plain.name",
          THREE: "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/db",
          FOUR: { name: "/shop/db", kmsKeyArn: key },
        },
      },
    ],
    [
      "a secret in each of its forms",
      {
        secrets: {
          ONE: "shop/stripe",
          TWO: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/stripe-a1B2c3",
          THREE: { name: "stripe", kmsKeyArn: key },
        },
      },
    ],
  ])("%s is taken", (_, settings) => {
    expect(lines(settings)).toEqual([]);
  });

  const why = "must say in three words or more why there are wildcards";
  const allowedAction =
    "must be an IAM action such as dynamodb:GetItem, with * and ? as wildcards after the colon, or *";
  const allowedResource =
    "must be an ARN such as arn:aws:dynamodb:eu-central-1:111122223333:table/orders, with * and ? as wildcards after the service, or *";
  const allowedParameter =
    "must be the name of an SSM parameter such as /shop/db/password, not beginning with aws or ssm, or its ARN";
  const allowedSecret =
    "must be the name of a Secrets Manager secret such as shop/stripe, or its whole ARN with the six characters at its end";

  test.each<[object, string]>([
    [
      { permissions: [{ ...reads, actions: ["dynamodb:*"] }] },
      `'settings.permissions[0].reason' ${why}, "dynamodb:*"`,
    ],
    [
      { permissions: [{ ...reads, actions: ["dynamodb:Get?tem"] }] },
      `'settings.permissions[0].reason' ${why}, "dynamodb:Get?tem"`,
    ],
    [
      { permissions: [{ ...reads, actions: ["*"], resources: ["*"] }] },
      `'settings.permissions[0].reason' ${why}, "*", "*"`,
    ],
    [{ permissions: [{ ...reads, resources: ["*"] }] }, `'settings.permissions[0].reason' ${why}, "*"`],
    [
      { permissions: [{ ...reads, resources: ["*"], reason: "because" }] },
      `'settings.permissions[0].reason' must be a reason of three words or more, 200 characters at most, got "because"`,
    ],
    [
      { permissions: [{ ...reads, actions: ["GetItem"] }] },
      `'settings.permissions[0].actions[0]' ${allowedAction}, got "GetItem"`,
    ],
    [
      { permissions: [{ ...reads, actions: ["*:GetItem"], reason: "one two three" }] },
      `'settings.permissions[0].actions[0]' ${allowedAction}, got "*:GetItem"`,
    ],
    [
      { permissions: [{ ...reads, resources: ["orders"] }] },
      `'settings.permissions[0].resources[0]' ${allowedResource}, got "orders"`,
    ],
    [
      { permissions: [{ ...reads, resources: ["arn:*:s3:::shop"] }] },
      `'settings.permissions[0].resources[0]' ${allowedResource}, got "arn:*:s3:::shop"`,
    ],
    [
      { permissions: [{ ...reads, resources: ["arn:aws:*:::shop"] }] },
      `'settings.permissions[0].resources[0]' ${allowedResource}, got "arn:aws:*:::shop"`,
    ],
    [
      { permissions: [{ ...reads, resources: ["arn:aws:s3:*"] }] },
      `'settings.permissions[0].resources[0]' ${allowedResource}, got "arn:aws:s3:*"`,
    ],
    [
      { permissions: [{ ...reads, NotAction: ["s3:GetObject"] }] },
      "'settings.permissions[0].NotAction' must not be given: there is no such field; did you mean 'actions'?",
    ],
    [
      { permissions: [{ actions: reads.actions }] },
      "'settings.permissions[0].resources' must be given: a list of 1 to 100 different resources",
    ],
    [
      { permissions: [{ ...reads, resources: ["arn:aws-cn:s3:::shop"] }] },
      `'settings.permissions[0].resources[0]' must be an ARN of eu-central-1's partition, arn:aws:..., got "arn:aws-cn:s3:::shop"`,
    ],
    [
      { managedPolicies: ["AmazonS3ReadOnlyAccess"] },
      `'settings.managedPolicies[0]' must be the ARN of a managed policy, got "AmazonS3ReadOnlyAccess"`,
    ],
    [
      { managedPolicies: ["arn:aws-us-gov:iam::aws:policy/Any"] },
      `'settings.managedPolicies[0]' must be an ARN of eu-central-1's partition, arn:aws:..., got "arn:aws-us-gov:iam::aws:policy/Any"`,
    ],
    [{ roleArn: "shop" }, `'settings.roleArn' must be the ARN of an IAM role, got "shop"`],
    [{ parameters: { DB: "/shop/db/" } }, `'settings.parameters.DB' ${allowedParameter}, got "/shop/db/"`],
    [
      { parameters: { DB: "/aws/service/x" } },
      `'settings.parameters.DB' ${allowedParameter}, got "/aws/service/x"`,
    ],
    [{ parameters: { DB: "shop/db" } }, `'settings.parameters.DB' ${allowedParameter}, got "shop/db"`],
    [
      { parameters: { DB: { name: "/shop/db" } } },
      "'settings.parameters.DB.kmsKeyArn' must be given: the ARN of a KMS key, arn:aws:kms:<region>:<account>:key/<id>: IAM knows no alias",
    ],
    [
      { parameters: { DB: { name: "/shop/db", kmsKeyArn: key.replace("key/", "alias/") } } },
      `'settings.parameters.DB.kmsKeyArn' must be the ARN of a KMS key, arn:aws:kms:<region>:<account>:key/<id>: IAM knows no alias, got "${key.replace("key/", "alias/")}"`,
    ],
    [
      { secrets: { KEY: { name: "stripe", kmsKeyArn: key.replace("eu-central-1", "eu-west-1") } } },
      `'settings.secrets.KEY.kmsKeyArn' must be a key in the function's region, eu-central-1, got "${key.replace("eu-central-1", "eu-west-1")}"`,
    ],
    [
      { secrets: { KEY: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:stripe" } },
      `'settings.secrets.KEY' ${allowedSecret}, got "arn:aws:secretsmanager:eu-west-1:111122223333:secret:stripe"`,
    ],
    [
      { secrets: { "a-b": "stripe" } },
      `'settings.secrets.a-b' must be a name of two or more letters, digits and underscores, starting with a letter, got "a-b"`,
    ],
    [
      { secrets: { AWS_REGION: "stripe" } },
      `'settings.secrets.AWS_REGION' must not be a name that Lambda reserves, got "AWS_REGION"`,
    ],
    [
      { secrets: { KEY: "stripe" }, environment: { KEY: "x" } },
      `'settings.secrets.KEY' must be another variable than those in 'environment' of function shop, got "KEY"`,
    ],
    [
      { secrets: { KEY: "stripe" }, parameters: { KEY: "stripe" } },
      `'settings.secrets.KEY' must be another variable than those in 'parameters' of function shop, got "KEY"`,
    ],
    [
      { roleArn: role, permissions: [reads], secrets: { KEY: "stripe" } },
      `'settings.roleArn' must not be given where function shop has 'permissions', 'secrets': the owner of that role gives it what the function needs, got "${role}"`,
    ],
    [
      {
        vpc: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] },
        permissions: [{ ...reads, actions: ["ec2:DescribeSubnets"] }],
      },
      `'settings.permissions[0].actions[0]' must not include ec2:DescribeSubnets: it is denied to the code of a function in a VPC, got "ec2:DescribeSubnets"`,
    ],
  ])("%j is refused in a line", (settings, line) => {
    expect(lines(settings)).toEqual([line]);
  });

  test("ARNs of roles and policies are of the accounts that the environment names", () => {
    const there = { allowedAccountIds: ["444455556666"] };
    const policy = "arn:aws:iam::111122223333:policy/shop";
    expect(lines({ managedPolicies: ["arn:aws:iam::aws:policy/Any"] }, there)).toEqual([]);
    expect(lines({ managedPolicies: [policy] }, there)).toEqual([
      `'settings.managedPolicies[0]' must be a managed policy of AWS or of the environment's account, 444455556666 ('allowedAccountIds'), got "${policy}"`,
    ]);
    expect(lines({ roleArn: role }, there)).toEqual([
      `'settings.roleArn' must be a role of the environment's account, 444455556666 ('allowedAccountIds'), got "${role}"`,
    ]);
    expect(lines({ roleArn: role }, { allowedAccountIds: ["444455556666", "111122223333"] })).toEqual([]);
  });

  test("a name is a place in 4 KB of environment variables", () => {
    const secrets = Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [`KEY_${index}`, "s".repeat(500)]),
    );
    expect(lines({ secrets })[0]).toContain("must have environment variables of at most 4096 bytes");
  });

  test("what two levels say together is refused where the lower one says it", () => {
    const versions = { v1: {}, v2: { functions: { shop: { secrets: { KEY: "stripe" } } } } };
    expect(lines({ environment: { KEY: "x" } }, {}, { versions })).toEqual([
      `'versions.v2.functions.shop.secrets.KEY' must be another variable than those in 'environment' of function shop, got "KEY"`,
    ]);
    const roles = { v1: {}, v2: { settings: { roleArn: role } } };
    expect(lines({ permissions: [reads] }, {}, { versions: roles })).toEqual([
      expect.stringMatching(
        /^'versions.v2.settings.roleArn' must not be given where function shop has 'permissions'/,
      ),
    ]);
    const without = { v1: {}, v2: { settings: { roleArn: role, permissions: [] } } };
    expect(lines({ permissions: [reads] }, {}, { versions: without })).toEqual([]);
  });
});

describe("levels of settings", () => {
  const other = { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::shop/*"] };

  test("a lower list takes the place of the one above, and names are merged", () => {
    const settings = {
      permissions: [reads],
      secrets: { ONE: "one", TWO: "two" },
      parameters: { P1: "/p/1" },
    };
    const versions = { v1: { settings: { permissions: [other], secrets: { TWO: "deux" } } }, v2: {} };
    expect(settingsOf(settings, { versions })).toMatchObject({
      permissions: [other],
      secrets: { ONE: { name: "one" }, TWO: { name: "deux" } },
      parameters: { P1: { name: "/p/1" } },
    });
  });

  test("neither a reason nor an empty list is in the fingerprint of a version, and a permission is", () => {
    const print = (settings: object) => settingsFingerprint(releaseOf({ settings }).stable.functions);
    const wide = { ...reads, resources: ["*"] };
    expect(print({ permissions: [], managedPolicies: [], secrets: {}, parameters: {} })).toBe(print({}));
    expect(print({ permissions: [{ ...wide, reason: "one two three" }] })).toBe(
      print({ permissions: [{ ...wide, reason: "four five six" }] }),
    );
    const all = [
      {},
      { permissions: [reads] },
      { permissions: [other] },
      { managedPolicies: ["arn:aws:iam::aws:policy/Any"] },
      { roleArn: role },
      { parameters: { DB: "/shop/db" } },
      { secrets: { DB: "/shop/db" } },
      { secrets: { DB: { name: "/shop/db", kmsKeyArn: key } } },
    ].map(print);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("in an environment that GitHub deploys", () => {
  const lacks = (field: string, what: string) =>
    `'${field}' must be within 'github.functions.permissions' of releases/dev/environment.json, which lacks ${what}: add it there, then deploy bootstrap-dev before this release`;

  test.each<[string, object, object, string[]]>([
    [
      "nothing is listed",
      { permissions: [reads] },
      {},
      [lacks("settings.permissions[0]", `dynamodb:GetItem on ${table}`)],
    ],
    [
      "it is listed",
      { permissions: [reads] },
      { permissions: [{ ...reads, actions: ["dynamodb:GetItem", "dynamodb:Query"] }] },
      [],
    ],
    [
      "one action is not listed",
      { permissions: [{ ...reads, actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Scan"] }] },
      { permissions: [reads] },
      [lacks("settings.permissions[0]", `dynamodb:PutItem on ${table}, and 1 more of this field`)],
    ],
    [
      "a parameter and a secret are of any account",
      { parameters: { DB: "/shop/db" }, secrets: { KEY: { name: "stripe", kmsKeyArn: key } } },
      {
        permissions: [
          { actions: ["ssm:GetParameter"], resources: ["arn:aws:ssm:eu-central-1:*:parameter/shop/*"] },
          {
            actions: ["secretsmanager:GetSecretValue"],
            resources: ["arn:aws:secretsmanager:eu-central-1:*:secret:stripe-??????"],
          },
        ],
      },
      [
        lacks(
          "settings.parameters.DB",
          "ssm:GetParameters on arn:aws:ssm:eu-central-1:<account-id>:parameter/shop/db",
        ),
        lacks("settings.secrets.KEY", `kms:Decrypt on ${key}`),
      ],
    ],
    [
      "a policy and a role are listed",
      { managedPolicies: ["arn:aws:iam::aws:policy/Any"] },
      { managedPolicies: ["arn:aws:iam::aws:policy/Any"], roleArns: [role] },
      [],
    ],
    [
      "a policy is not listed",
      { managedPolicies: ["arn:aws:iam::aws:policy/Other"] },
      { managedPolicies: ["arn:aws:iam::aws:policy/Any"] },
      [
        `'settings.managedPolicies[0]' must be one of 'github.functions.managedPolicies' of releases/dev/environment.json: add it there, then deploy bootstrap-dev before this release, got "arn:aws:iam::aws:policy/Other"`,
      ],
    ],
    ["a role is listed", { roleArn: role }, { roleArns: [role] }, []],
    [
      "a role is not listed",
      { roleArn: role },
      { roleArns: [`${role}-2`] },
      [
        `'settings.roleArn' must be one of 'github.functions.roleArns' of releases/dev/environment.json: add it there, then deploy bootstrap-dev before this release, got "${role}"`,
      ],
    ],
    [
      "network interfaces are denied by the boundary",
      { permissions: [{ actions: ["ec2:Describe*"], resources: ["*"], reason: "it lists all machines" }] },
      { permissions: [{ actions: ["ec2:*"], resources: ["*"], reason: "it lists all machines" }] },
      [
        `'settings.permissions[0].actions[0]' must not include ec2:DescribeNetworkInterfaces: it is denied to the code of a function in an environment with 'github', got "ec2:Describe*"`,
      ],
    ],
  ])("where %s", (_, settings, functions, expected) => {
    expect(lines(settings, ofGitHub(functions))).toEqual(expected);
  });

  test("the accounts that the environment names are those of its parameters", () => {
    const list = (account: string) => ({
      permissions: [
        {
          actions: ["ssm:GetParameter", "ssm:GetParameters"],
          resources: [`arn:aws:ssm:eu-central-1:${account}:parameter/shop/db`],
        },
      ],
    });
    const told = (account: string, allowedAccountIds?: string[]) =>
      lines({ parameters: { DB: "/shop/db" } }, ofGitHub(list(account), { allowedAccountIds })).length;
    expect(told("111122223333", ["111122223333"])).toBe(0);
    expect(told("111122223333", ["111122223333", "444455556666"])).toBe(1);
    expect(told("111122223333")).toBe(1);
    expect(told("*")).toBe(0);
  });

  test.each<[object, string]>([
    [
      { permissions: [{ ...reads, resources: ["*"] }] },
      `'github.functions.permissions[0].reason' must say in three words or more why there are wildcards, "*"`,
    ],
    [
      { permissions: [{ ...reads, resources: ["arn:aws-cn:s3:::x"] }] },
      `'github.functions.permissions[0].resources[0]' must be an ARN of eu-central-1's partition, arn:aws:..., got "arn:aws-cn:s3:::x"`,
    ],
    [
      { roleArns: [`${role}*`] },
      `'github.functions.roleArns[0]' must be the ARN of an IAM role, got "${role}*"`,
    ],
    [
      { roleArns: [role.replace("1111", "4444")] },
      `'github.functions.roleArns[0]' must be a role of the environment's account, 111122223333 ('allowedAccountIds'), got "${role.replace("1111", "4444")}"`,
    ],
    [
      { managedPolicies: ["*"] },
      `'github.functions.managedPolicies[0]' must be the ARN of a managed policy, got "*"`,
    ],
  ])("the list %j is refused in a line", (functions, line) => {
    expect(lines({}, ofGitHub(functions, { allowedAccountIds: ["111122223333"] }))).toEqual([line]);
  });
});
