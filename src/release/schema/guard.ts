import { z } from "zod";
import { integer, list, object, text } from "./fields";

const topicArn = text(
  "the ARN of an SNS topic, such as arn:aws:sns:eu-central-1:123456789012:releases",
  /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
  512,
);

/** What takes a bad version back by itself. */
export const guard = object({
  afterPromotionMinutes: integer(0, 10080, "minutes")
    .describe(
      "How many minutes after a promotion an alarm still returns users to the former version, 0 to 10080 (a week). Default: 60.",
    )
    .default(60),
  topics: list(topicArn, 0, 5, "topics")
    .describe(
      "SNS topics that the guard tells what it did. Default: those of the environment's guard, or none.",
    )
    .optional(),
});

/** In a release file: a service may leave out what its environment asks for. */
export const guardOfRelease = z.union([z.literal(false), guard], { error: "must be false or an object" });

export type GuardInFile = z.output<typeof guard>;
