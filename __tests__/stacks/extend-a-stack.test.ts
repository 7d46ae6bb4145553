import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Testing } from "cdktf";
import { AlarmedStack } from "../../docs/extend-a-stack";
import { AppliedState } from "../../src/rehearsal/terraform/applied-state";
import { parseConfiguration } from "../../src/rehearsal/terraform/configuration";
import { CanaryStageStack } from "../../stacks/canary-stage-stack";
import { temporaryFolder, writeFiles } from "../support/project";
import { releaseOf } from "../support/synth";

test("a role that an extension adds where GitHub deploys has the path and the boundary, unless it names others", () => {
  const github = {
    organization: "example-org",
    repository: "shop-releases",
    defaultBranch: "main",
    accountHas: [],
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
