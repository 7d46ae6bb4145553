import { z } from "zod";
import { alarmKinds } from "../alarms/alarm-settings";
import { awsLimits } from "../aws/aws-limits";
import { boolean, integer, list, object, text } from "./fields";

export const topicArn = text(
  "the ARN of an SNS topic, such as arn:aws:sns:eu-central-1:123456789012:releases",
  /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
  512,
);

const watchedAlarm = text(
  `one of ${alarmKinds.map((kind) => `"${kind}"`).join(", ")}, or a name in 'alarms.own'`,
  /^[^\p{C}]+$/u,
  awsLimits.alarmNameCharacters.most,
);

/** What takes a bad version back by itself. */
export const guard = object({
  alarms: list(watchedAlarm, 1, 100, "kinds and names of alarms")
    .describe(
      'The alarms that the guard acts on: kinds ("errors", "latency", "answers", "own") and names in \'alarms.own\'. Default: what the environment\'s guard says, or all alarms of the release.',
    )
    .optional(),
  afterPromotionMinutes: integer(0, 10080, "minutes")
    .describe(
      "How many minutes after a promotion an alarm still returns users to the former version, 0 to 10080 (a week). Default: 60.",
    )
    .default(60),
  verdict: boolean()
    .describe(
      "For strategies with a canary of functions: whether the guard also compares it with stable each minute, and takes its users away when the verdict is worse. Default: what the environment's guard says, or false.",
    )
    .optional(),
  topics: list(topicArn, 0, 5, "topics")
    .describe(
      "SNS topics that the guard notifies of what it did. Default: those of the environment's guard, or none.",
    )
    .optional(),
});

/** In a release file: a service may leave out what its environment asks for. */
export const guardOfRelease = z.union([z.literal(false), guard], { error: "must be false or an object" });

export type GuardInFile = z.output<typeof guard>;
