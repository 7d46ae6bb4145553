import { z } from "zod";
import { awsLimits } from "../aws/aws-limits";
import { integer, list, object, oneOf, text } from "./fields";

/** How CodeDeploy moves traffic from one version to the next, and what it calls on the way. */

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html */
const lambdaConfigs = [
  "LambdaCanary10Percent5Minutes",
  "LambdaCanary10Percent10Minutes",
  "LambdaCanary10Percent15Minutes",
  "LambdaCanary10Percent30Minutes",
  "LambdaLinear10PercentEvery1Minute",
  "LambdaLinear10PercentEvery2Minutes",
  "LambdaLinear10PercentEvery3Minutes",
  "LambdaLinear10PercentEvery10Minutes",
  "LambdaAllAtOnce",
] as const;

/** Lambda's spelling of one minute is singular, and ECS's is plural. */
const ecsConfigs = [
  "ECSCanary10Percent5Minutes",
  "ECSCanary10Percent15Minutes",
  "ECSLinear10PercentEvery1Minutes",
  "ECSLinear10PercentEvery3Minutes",
  "ECSAllAtOnce",
] as const;

/** CodeDeploy's own configurations, by its platform. */
export const predefinedConfigs = { Lambda: lambdaConfigs, ECS: ecsConfigs } as const;

const longestMinutes = awsLimits.shiftMinutes.most;

export const rollbackEvents = [
  "DEPLOYMENT_FAILURE",
  "DEPLOYMENT_STOP_ON_ALARM",
  "DEPLOYMENT_STOP_ON_REQUEST",
] as const;

const increment = {
  percent: integer(1, 99, "percent"),
  minutes: integer(1, longestMinutes, "minutes"),
};

/** Ten percent a minute shift ten times, the last of them nine minutes after the first. */
export function linearMinutes({ percent, minutes }: { percent: number; minutes: number }): number {
  return (Math.ceil(100 / percent) - 1) * minutes;
}

export const rollout = object({
  // Which of them a strategy can use, and which it may have meant, is for checks/rollout.ts to say.
  config: z
    .string({ error: "must be the name of a CodeDeploy configuration" })
    .meta({ enum: [...lambdaConfigs, ...ecsConfigs] })
    .describe(
      'A CodeDeploy configuration for Lambda or ECS, without "CodeDeployDefault.". Default: "LambdaCanary10Percent5Minutes", or "ECSCanary10Percent5Minutes".',
    )
    .optional(),
  canary: object({
    percent: increment.percent.describe("The canary's first share in percent, 1 to 99."),
    minutes: increment.minutes.describe("Minutes until it gets the rest, 1 to 2880."),
  })
    .describe("A shift in two steps, in place of 'config'.")
    .optional(),
  linear: object({
    percent: increment.percent.describe("The percent that each step adds, 1 to 99."),
    minutes: increment.minutes.describe(
      "Minutes between two steps; 2880 at most from the first to the last.",
    ),
  })
    .refine((linear) => linearMinutes(linear) <= longestMinutes, {
      error: ({ input }) =>
        `must take at most ${longestMinutes} minutes from the first step to the last, but takes ${linearMinutes(input as { percent: number; minutes: number })}`,
    })
    .describe("A shift in equal steps, in place of 'config'.")
    .optional(),
  rollbackOn: list(oneOf(rollbackEvents), 0, rollbackEvents.length, "events")
    .describe("When CodeDeploy rolls back by itself. Default: all three.")
    .default([...rollbackEvents]),
  waitMinutes: integer(1, awsLimits.waitMinutes.most, "minutes")
    .describe(
      "For ecs-blue-green: how many minutes CodeDeploy waits for 'continue' before it shifts users, 1 to 7200; then it stops the deployment. Default: it does not wait.",
    )
    .optional(),
  terminationMinutes: integer(0, awsLimits.terminationMinutes.most, "minutes")
    .describe(
      "For ecs-blue-green: how many minutes the former version's tasks are kept after the shift for a rollback, 0 to 2880. Default: 5.",
    )
    .optional(),
});

const hookAllowed = "the name of a file in lambdas/hooks/ without its ending, or the ARN of a function";

const hook = (when: string) =>
  text(
    hookAllowed,
    /^([a-z][a-z0-9]*(-[a-z][a-z0-9]*)*|arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+)$/,
    256,
  )
    .describe(
      `Function that is called ${when}: a file in lambdas/hooks/, or the ARN of an existing function. Default: none.`,
    )
    .optional();

export const hooks = object({
  afterInstall: hook("when the new tasks run (ecs-blue-green, ecs-native)"),
  afterAllowTestTraffic: hook("when the test port routes to the new tasks (ecs-blue-green, ecs-native)"),
  beforeTraffic: hook("before the new version gets any traffic (not for ecs-native)"),
  afterTraffic: hook("when the new version has all traffic"),
  timeoutSeconds: integer(10, awsLimits.functionSeconds.most, "seconds")
    .describe("Time limit of a hook, in seconds, 10 to 900. Default: 60.")
    .default(60),
});
