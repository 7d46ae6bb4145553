import { z } from "zod";
import { alarmScopes } from "../alarms/alarm-scopes";
import { awsLimits } from "../aws/aws-limits";
import { answers } from "./answers";
import { integer, list, number, object, oneOf, text } from "./fields";

/** The alarms by which a shift is stopped. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */

const longestSeconds = awsLimits.alarmSeconds.most;
const longestName = awsLimits.alarmNameCharacters.most;

const periodAllowed = { error: `must be a multiple of 60 between 60 and ${longestSeconds} seconds` };

/** When an alarm is in ALARM. */
const periods = {
  periodSeconds: z
    .number(periodAllowed)
    .multipleOf(60, periodAllowed)
    .min(60, periodAllowed)
    .max(longestSeconds, periodAllowed)
    .describe("Length of a period, in seconds, a multiple of 60. Default: 60.")
    .default(60),
  evaluationPeriods: integer(1, 1440, "periods")
    .describe("How many periods the alarm looks back, a day at most in all. Default: 1.")
    .default(1),
  datapointsToAlarm: integer(1, 1440, "periods")
    .describe("How many of those periods must be beyond the threshold. Default: all.")
    .optional(),
  treatMissingData: oneOf(["missing", "ignore", "breaching", "notBreaching"])
    .describe('How a period without an invocation counts. Default: "notBreaching".')
    .default("notBreaching"),
};

const judgement = {
  ...periods,
  on: list(oneOf(alarmScopes), 1, alarmScopes.length, "scopes")
    .describe(
      'What to watch: the new version, the whole alias, or both with an alarm each. Default: both; "version" where no alias serves all versions.',
    )
    .optional(),
};

export const alarms = object({
  errors: z
    .union(
      [
        z.literal(false),
        object({
          threshold: integer(1, 1_000_000_000, "errors")
            .describe("How many failed invocations in a period are too many, from 1. Default: 1.")
            .default(1),
          ...judgement,
        }),
      ],
      { error: "must be false or an object" },
    )
    .describe("The alarm on failed invocations; false removes it. Default: 1 in 60 seconds.")
    .prefault({}),
  latency: object({
    p95Ms: number(1, 900_000, "ms").describe("The p95 duration in milliseconds that is too long."),
    ...judgement,
  })
    .describe("The alarm on the duration of invocations. Default: no alarm.")
    .optional(),
  answers: answers(periods)
    .describe("The alarm on answers of 500 and above, from any source. Default: no alarm.")
    .optional(),
  own: list(
    text(`the name of a CloudWatch alarm, ${longestName} characters at most`, /^[^\p{C}]+$/u, longestName),
    0,
    awsLimits.deploymentGroupAlarms.most,
    "alarm names",
  )
    .describe("Names of existing alarms. Default: none.")
    .default([]),
});
