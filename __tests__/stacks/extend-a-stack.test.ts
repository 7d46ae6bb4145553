import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Testing } from "cdktf";
import { AlarmedStack } from "../../docs/extend-a-stack";
import { OrdersData, ordersStackWith } from "../../docs/extend-with-a-table";
import { AppliedState } from "../../src/rehearsal/terraform/applied-state";
import { parseConfiguration } from "../../src/rehearsal/terraform/configuration";
import { toolkit } from "../../src/release/aws/toolkit";
import { CanaryStageStack } from "../../stacks/canary-stage-stack";
import { tryReleases } from "../../stacks/releases";
import { temporaryFolder, writeFiles } from "../support/project";
import { releaseOf } from "../support/synth";

test("a role that an extension adds where GitHub deploys has the path and the boundary, unless it names others", () => {
  const github = {
    organization: "example-org",
    repository: "shop-releases",
    defaultBranch: "main",
    accountHas: [],
    functions: { permissions: [], managedPolicies: [], roleArns: [] },
  };
  const release = releaseOf({});
  const environment = { ...release.environment, github };
  class ExtendedStack extends CanaryStageStack {
    constructor() {
      super(Testing.app(), { ...release, environment });
      new IamRole(this, "own", { name: "own", assumeRolePolicy: "{}" });
      new IamRole(this, "other", { name: "other", assumeRolePolicy: "{}", path: "/other/" });
    }
  }
  const synthesized = Testing.synth(new ExtendedStack(), true);
  const permissions_boundary = expect.stringMatching(/:policy\/bootstrap\/bootstrap-dev-functions$/);
  for (const [name, path] of [
    ["own", "/lambda-release/dev/"],
    ["other", "/other/"],
  ]) {
    expect(synthesized).toHaveResourceWithProperties(IamRole, { name, path, permissions_boundary });
  }
});

test("functions take references to another stack's table, and permissions for it", () => {
  const app = Testing.app();
  const data = new OrdersData(app);
  const stack = new (ordersStackWith(data))(app, releaseOf({}));
  data.prepareStack();
  stack.prepareStack();
  const { resource, data: read } = JSON.parse(Testing.synth(stack, true));
  const table = expect.stringMatching(/^\$\{data\.terraform_remote_state\..*\}$/);
  expect(Object.keys(read.terraform_remote_state)).toHaveLength(1);
  const functions: { environment: object }[] = Object.values(resource.aws_lambda_function);
  expect(functions.map(({ environment }) => environment)).toEqual(
    [1, 2].map(() => ({ variables: { TABLE: table } })),
  );
  const policies: { policy: string }[] = Object.values(resource.aws_iam_role_policy);
  expect(policies.map(({ policy }) => JSON.parse(policy).Statement.slice(1))).toEqual(
    [1, 2].map(() => [{ Effect: "Allow", Action: ["dynamodb:GetItem"], Resource: [table] }]),
  );
});

test.each([
  [
    { actions: ["GetItem"], resources: ["*"] },
    "'actions' must be IAM actions such as dynamodb:GetItem, got 'GetItem'",
  ],
  [{ actions: [], resources: ["*"] }, "'actions' must have at least one action"],
  [{ actions: ["s3:GetObject"], resources: [] }, "'resources' must have at least one ARN"],
])("permissions that IAM would not take are refused: %j", (permission, message) => {
  const lambda = new CanaryStageStack(Testing.app(), releaseOf({})).versions.get("v1")?.functions.get("shop");
  expect(() => lambda?.addPermissions(permission)).toThrow(message);
});

test("a role of somebody else is not changed", () => {
  const roleArn = "arn:aws:iam::111122223333:role/shop";
  const stack = new CanaryStageStack(Testing.app(), releaseOf({ settings: { roleArn } }));
  const lambda = stack.versions.get("v1")?.functions.get("shop");
  expect(() => lambda?.addPermissions({ actions: ["s3:GetObject"], resources: ["*"] })).toThrow(
    `'permissions' must be given by the owner of the role ${roleArn}: the stack does not change it`,
  );
});

test("a variable that the file gives is not given twice", () => {
  const stack = new CanaryStageStack(
    Testing.app(),
    releaseOf({ settings: { environment: { TABLE: "one" } } }),
  );
  const lambda = stack.versions.get("v1")?.functions.get("shop");
  expect(() => lambda?.addEnvironment("TABLE", "two")).toThrow(
    "'TABLE' must not be given twice: the function has that environment variable",
  );
});

test("the README's extension adds its alarm, and can be rehearsed", () => {
  const stack = new AlarmedStack(Testing.app(), releaseOf({}));
  const synthesized = Testing.synth(stack, true);
  expect(synthesized).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
    alarm_name: "shop-dev-server-errors",
    dimensions: { ApiName: "shop-dev", Stage: "dev" },
  });
  const folder = temporaryFolder();
  writeFiles(folder, { "packages/shop-dev-v1/shop.js": "", "packages/shop-dev-v2/shop.js": "" });
  const { summary } = AppliedState.empty.apply(parseConfiguration(JSON.parse(synthesized), folder));
  expect(summary.added).toContainEqual(expect.stringMatching(/^aws_cloudwatch_metric_alarm/));
});

test.each([toolkit.awsProvider, toolkit.archiveProvider])(
  "a project with a copy of %s of its own is refused",
  async (name) => {
    const project = temporaryFolder();
    writeFiles(project, { [`node_modules/${name}/package.json`]: { version: "21.22.1" } });
    expect(await tryReleases(Testing.app(), project)).toEqual([
      `there are two copies of ${name}: the project's, and the one that ${toolkit.ownPackage} finds; 'npx lambda-release doctor' says where, 'npm dedupe' may join them`,
    ]);
  },
);
