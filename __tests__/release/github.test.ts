import { readReleases } from "../../src/release/files/file";
import { filesOnDisk } from "../../src/release/files/project-files";
import { createProject, problemsOf, shop } from "../support/project";

const github = { organization: "example-org", repository: "shop-releases" };
const state = { s3: { bucket: "example-state" } };

const environment = (fields: object) => ({ region: "eu-central-1", state, github, ...fields });

/** The problems of an environment file with these fields, without file, line and column. */
const lines = (fields: object) =>
  problemsOf(shop({}, { "releases/dev/environment.json": environment(fields) })).map((line) =>
    line.replace(/^\S+ /, ""),
  );

const organization = "'github.organization' must be the name of a GitHub organization or user";
const repository = "'github.repository' must be the name of a GitHub repository, without its organization";

test.each<[object, string[]]>([
  [github, []],
  [{ ...github, ids: { organization: 1, repository: 2 } }, []],
  [{ ...github, defaultBranch: "release/2026.11", accountHas: ["oidc-provider", "state-bucket"] }, []],
  [{ ...github, organization: "example_org/shop" }, [`${organization}, got "example_org/shop"`]],
  [{ ...github, organization: "*" }, [`${organization}, got "*"`]],
  [{ ...github, organization: "a".repeat(40) }, [`${organization}, got "${"a".repeat(40)}"`]],
  [{ ...github, repository: "example-org/shop" }, [`${repository}, got "example-org/shop"`]],
  [{ ...github, repository: "shop*" }, [`${repository}, got "shop*"`]],
  [{ ...github, repository: ".." }, [`${repository}, got ".."`]],
  [
    { organization: "example-org" },
    ["'github.repository' must be given: the name of a GitHub repository, without its organization"],
  ],
  [
    { ...github, ids: { organization: 1 } },
    ["'github.ids.repository' must be given: the number that GitHub gave the repository"],
  ],
  [
    { ...github, ids: { organization: "1", repository: 1.5 } },
    [
      `'github.ids.organization' must be the number that GitHub gave the organization, got "1"`,
      "'github.ids.repository' must be the number that GitHub gave the repository, got 1.5",
    ],
  ],
  [
    { ...github, ids: { organization: 0, repository: 1 } },
    ["'github.ids.organization' must be the number that GitHub gave the organization, got 0"],
  ],
  [
    { ...github, defaultBranch: "main*" },
    [`'github.defaultBranch' must be the name of a branch, got "main*"`],
  ],
  [
    { ...github, accountHas: ["bucket"] },
    [`'github.accountHas[0]' must be one of "oidc-provider", "state-bucket", got "bucket"`],
  ],
  [
    { ...github, accountHas: [] },
    ["'github.accountHas' must be a list of 1 to 2 different resources that the account has, got []"],
  ],
])("%j", (field, expected) => {
  expect(lines({ github: field })).toEqual(expected);
});

test("the state must be where a workflow finds it", () => {
  expect(lines({ state: undefined })).toEqual([
    "'github' must be given with 'state.s3': a workflow's runner keeps no state",
  ]);
});

test("nothing is said of a state that is missing because it is faulty", () => {
  expect(lines({ state: { s3: { bucket: "X" } } })).toEqual([
    `'state.s3.bucket' must be the name of an S3 bucket: 3 to 63 lower-case letters, digits, hyphens and dots, with a letter or digit at its ends, got "X"`,
  ]);
});

test("by default the branch is main, the account has nothing, and functions may have nothing more", () => {
  const files = shop({}, { "releases/dev/environment.json": environment({}) });
  expect(readReleases(filesOnDisk(createProject(files))).environments[0]?.github).toEqual({
    ...github,
    defaultBranch: "main",
    accountHas: [],
    functions: { permissions: [], managedPolicies: [], roleArns: [] },
  });
});

describe("two environments that make the role of API Gateway", () => {
  const both = (dev: object, prod: object) => {
    const file = (own: object) => ({ region: "eu-central-1", apiGatewayAccount: true, ...own });
    const files = {
      "releases/dev/environment.json": file(dev),
      "releases/prod/environment.json": file(prod),
    };
    return problemsOf(shop({}, files));
  };
  const [one, other] = [{ allowedAccountIds: ["111122223333"] }, { allowedAccountIds: ["123456789012"] }];

  test("are not of one account and region", () => {
    expect(both(one, { allowedAccountIds: ["123456789012", "111122223333"] })).toEqual([
      expect.stringMatching(
        /^releases\/prod\/environment.json 'apiGatewayAccount' must be false: dev creates API Gateway's role in eu-central-1 too, in the same account$/,
      ),
    ]);
  });

  test.each([
    ["neither names its account", {}, {}],
    ["only one does", one, {}],
  ])("are told apart by their accounts: %s", (_, dev, prod) => {
    expect(both(dev, prod)).toEqual([
      expect.stringContaining("must be false, or give both 'allowedAccountIds': dev creates"),
    ]);
  });

  test.each([
    ["another account", one, other],
    ["another region", one, { ...one, region: "eu-west-1" }],
    ["only one makes it", {}, { apiGatewayAccount: false }],
  ])("may both be there: %s", (_, dev, prod) => {
    expect(both(dev, prod)).toEqual([]);
  });
});

describe("two environments", () => {
  const both = (dev: object, prod: object) =>
    problemsOf(
      shop(
        {},
        {
          "releases/dev/environment.json": environment(dev),
          "releases/prod/environment.json": environment(prod),
        },
      ),
    );
  const account = { allowedAccountIds: ["111122223333"] };
  const otherBucket = { state: { s3: { bucket: "other-state" } } };

  test("of one account do not both make what there is once", () => {
    expect(both(account, { allowedAccountIds: ["123456789012", "111122223333"] })).toEqual([
      `releases/prod/environment.json 'github.accountHas' must name "oidc-provider": releases/dev/environment.json already creates the OIDC provider of account 111122223333`,
      `releases/prod/environment.json 'github.accountHas' must name "state-bucket": releases/dev/environment.json already creates the bucket example-state`,
    ]);
  });

  test.each([
    [
      "the second names both",
      account,
      { ...account, github: { ...github, accountHas: ["oidc-provider", "state-bucket"] } },
    ],
    [
      "the first names both",
      { ...account, github: { ...github, accountHas: ["state-bucket", "oidc-provider"] } },
      account,
    ],
    ["they are of two accounts", account, { allowedAccountIds: ["123456789012"], ...otherBucket }],
    ["one is not deployed by GitHub", { ...account, github: undefined }, account],
  ])("are well where %s", (_, dev, prod) => {
    expect(both(dev, prod)).toEqual([]);
  });
});

test("a service that would take the bootstrap stack's name is refused", () => {
  const files = {
    "releases/dev/environment.json": environment({}),
    "releases/dev/bootstrap.json": { strategy: "canary-stage", versions: ["v1"], stable: "v1" },
    "lambdas/bootstrap/v1/bootstrap.ts": "",
  };
  expect(problemsOf(shop({}, files))).toEqual([
    'releases/dev/bootstrap.json must not give the stack name that releases/dev/environment.json gives; rename one of the services, got "bootstrap-dev"',
  ]);
});

test.each([
  { strategy: "codedeploy-alias", versions: [1], stable: 1 },
  { strategy: "weighted-alias", versions: [1], stable: 1, alarms: { own: ["queue-is-full"] } },
])("its roles reach %j", (release) => {
  const files = {
    "releases/dev/environment.json": environment({}),
    "lambdas/shop/shop.ts": "export const handler = async () => ({ statusCode: 200 });\n",
  };
  expect(problemsOf(shop(release, files))).toEqual([]);
});
