import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Testing } from "cdktf";
import { AlarmedStack } from "../../docs/extend-a-stack";
import { AppliedState } from "../../rehearsal/terraform/applied-state";
import { parseConfiguration } from "../../rehearsal/terraform/configuration";
import { temporaryFolder, writeFiles } from "../support/project";
import { releaseOf } from "../support/synth";

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
