import { z } from "zod";
import { versionPlaceholder } from "../alarms/verdict";
import { integer, list, map, number, object, oneOf, text } from "./fields";

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html */
const mostDimensions = 30;

const smallestDifference = object({
  points: number(0, 100, "percentage points")
    .describe("Percentage points of the requests, 0 to 100. Default: 0.")
    .default(0),
  relativePercent: number(0, 10_000, "percent")
    .describe("Percent of stable's share of failed requests, 0 to 10000: 100 is a doubling. Default: 0.")
    .default(0),
}).refine(({ points, relativePercent }) => points > 0 || relativePercent > 0, {
  error: "must give 'points' or 'relativePercent' above 0",
});

const latency = object({
  slowerPercent: number(1, 1000, "percent")
    .describe(
      "By how many percent of stable's a percentile must be longer to matter, 1 to 1000. Default: 20.",
    )
    .default(20),
});

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html */
const statistic = text(
  'one of "Average", "Minimum", "Maximum", "Sum", or a percentile such as "p95"',
  /^(Average|Minimum|Maximum|Sum|p(\d{1,2}(\.\d{1,10})?|100))$/,
  16,
);

const words = (what: string) =>
  text(`${what} of 1 to 255 printable characters`, /^[!-~]([ -~]*[!-~])?$/, 255);

const metric = object({
  name: words("the name of a metric,").describe("The metric's name in CloudWatch."),
  namespace: words("a namespace").describe("The metric's namespace, such as Shop."),
  dimensions: map(words("the name of a dimension,"), words("the value of a dimension,"))
    .refine((given) => Object.values(given).some((value) => value.includes(versionPlaceholder)), {
      error: `must have a value with ${versionPlaceholder}, which stands for the version`,
    })
    .refine((given) => Object.keys(given).length <= mostDimensions, {
      error: `must have at most ${mostDimensions} dimensions`,
    })
    .describe(
      `All dimensions of the metric, by name. ${versionPlaceholder} in a value stands for the version's name; one value must have it.`,
    ),
  statistic: statistic
    .describe('What of it is compared each minute. "Sum" is compared per request. Default: "Average".')
    .default("Average"),
  direction: oneOf(["lower", "higher"]).describe("What is better."),
  differencePercent: number(1, 10_000, "percent")
    .describe("By how many percent of stable's value a difference matters, 1 to 10000. Default: 10.")
    .default(10),
});

/**
 * How the version on trial is compared with stable. Every field may be left out: a release takes it from its
 * environment, or else its default.
 */
export const verdict = object({
  smallestDifference: smallestDifference
    .describe(
      "The smallest difference of the shares of failed requests that matters: the larger of the two. Default: 0.1 points and a doubling.",
    )
    .optional(),
  falseWorsePercent: number(0.01, 20, "percent")
    .describe(
      "How often, in percent, a version that is no worse may be called worse, 0.01 to 20, however often one looks. Default: 1.",
    )
    .optional(),
  falseAsGoodPercent: number(0.01, 20, "percent")
    .describe(
      "How often, in percent, a version that is worse by what matters may be called as good, 0.01 to 20. Default: 5.",
    )
    .optional(),
  leastRequests: integer(1, 1_000_000_000, "requests")
    .describe("How many requests the canary must have answered before it is called as good. Default: 100.")
    .optional(),
  latency: z
    .union([z.literal(false), latency], { error: "must be false or an object" })
    .describe("When p50 and p95 are worse; false does not compare them. Default: from 20 percent on.")
    .optional(),
  metrics: list(metric, 0, 20, "metrics")
    .describe("Metrics of your own that are compared too. Default: none.")
    .optional(),
});

export type VerdictInFile = z.output<typeof verdict>;
