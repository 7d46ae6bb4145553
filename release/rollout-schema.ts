import { closest } from "fastest-levenshtein";
import { z } from "zod";
import { integer, list, name, object, oneOf } from "./fields";

/** How CodeDeploy moves an alias from one version to the next, and what it calls before and after. */

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html */
export const predefinedConfigs = [
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

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html: from the first shift to the last. */
const longestMinutes = 2880;

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
  config: z
    .enum(predefinedConfigs, { error: ({ input }) => unknownConfig(String(input)) })
    .describe(
      'One of CodeDeploy\'s for Lambda, without "CodeDeployDefault.". Default: "LambdaCanary10Percent5Minutes".',
    )
    .optional(),
  canary: object({
    percent: increment.percent.describe("The first share, 1 to 99."),
    minutes: increment.minutes.describe(
      "How long it keeps that before it gets the rest, in minutes, 1 to 2880.",
    ),
  })
    .describe("Shifts in two steps, with numbers of its own in place of 'config'.")
    .optional(),
  linear: object({
    percent: increment.percent.describe("The share that is added each time, 1 to 99."),
    minutes: increment.minutes.describe(
      "Minutes between two shifts; 2880 at most from the first to the last.",
    ),
  })
    .refine((linear) => linearMinutes(linear) <= longestMinutes, {
      error: ({ input }) =>
        `must take at most ${longestMinutes} minutes from the first shift to the last, and takes ${linearMinutes(input as { percent: number; minutes: number })}`,
    })
    .describe("Shifts in equal steps, with numbers of its own in place of 'config'.")
    .optional(),
  rollbackOn: list(oneOf(rollbackEvents), 0, rollbackEvents.length, "events")
    .describe("When CodeDeploy rolls back by itself. Default: all three.")
    .default([...rollbackEvents]),
});

function unknownConfig(given: string): string {
  const name = given.replace(/^CodeDeployDefault\./, "");
  if (/^(Lambda)?Linear10PercentEvery1Minutes$/.test(name))
    return `must be "LambdaLinear10PercentEvery1Minute": the plural is ECS's spelling, and Lambda's is singular`;
  const numbers = (config: string) => config.match(/\d+/g)?.join();
  const alike = predefinedConfigs.filter((config) => numbers(config) === numbers(name));
  const nearest = closest(name, alike.length > 0 ? alike : predefinedConfigs);
  return `must be one of CodeDeploy's for Lambda, without "CodeDeployDefault.", and the nearest is "${nearest}"`;
}

const hookName = (when: string) =>
  name()
    .describe(`Function that CodeDeploy calls ${when}: a file of lambdas/hooks/. Default: none.`)
    .optional();

export const hooks = object({
  beforeTraffic: hookName("before the new version gets any traffic"),
  afterTraffic: hookName("when the new version has all traffic"),
  timeoutSeconds: integer(10, 900, "seconds")
    .describe("The longest that a hook may take, in seconds, 10 to 900. Default: 60.")
    .default(60),
});
