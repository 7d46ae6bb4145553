import type { TrafficRoutingConfig } from "@aws-sdk/client-codedeploy";
import { predefinedConfigs } from "../../../src/rehearsal/codedeploy/predefined-configs";
import { scheduleOf } from "../../../src/rehearsal/codedeploy/schedule";

function told(routing: TrafficRoutingConfig): string {
  return scheduleOf(routing)
    .map(({ atMinutes, percent }) => `${percent}@${atMinutes}`)
    .join(" ");
}

const everyTen = (minutes: number) =>
  Array.from({ length: 10 }, (_, step) => `${(step + 1) * 10}@${step * minutes}`).join(" ");

describe("the schedule of a deployment configuration", () => {
  it("is that of its name, for each that AWS has", () => {
    const schedules = predefinedConfigs.map(({ deploymentConfigName, trafficRoutingConfig }) => [
      deploymentConfigName.replace("CodeDeployDefault.", ""),
      told(trafficRoutingConfig),
    ]);
    expect(Object.fromEntries(schedules)).toEqual({
      LambdaCanary10Percent5Minutes: "10@0 100@5",
      LambdaCanary10Percent10Minutes: "10@0 100@10",
      LambdaCanary10Percent15Minutes: "10@0 100@15",
      LambdaCanary10Percent30Minutes: "10@0 100@30",
      LambdaLinear10PercentEvery1Minute: everyTen(1),
      LambdaLinear10PercentEvery2Minutes: everyTen(2),
      LambdaLinear10PercentEvery3Minutes: everyTen(3),
      LambdaLinear10PercentEvery10Minutes: everyTen(10),
      LambdaAllAtOnce: "100@0",
      ECSCanary10Percent5Minutes: "10@0 100@5",
      ECSCanary10Percent15Minutes: "10@0 100@15",
      ECSLinear10PercentEvery1Minutes: everyTen(1),
      ECSLinear10PercentEvery3Minutes: everyTen(3),
      ECSAllAtOnce: "100@0",
    });
  });

  it.each([
    ["a linear one that does not come out even", 30, 5, "30@0 60@5 90@10 100@15"],
    ["a linear one of two steps", 50, 60, "50@0 100@60"],
    ["a linear one of one percent less than all", 99, 1, "99@0 100@1"],
  ])("ends with all traffic: %s", (_, linearPercentage, linearInterval, expected) => {
    expect(told({ type: "TimeBasedLinear", timeBasedLinear: { linearPercentage, linearInterval } })).toBe(
      expected,
    );
  });
});
