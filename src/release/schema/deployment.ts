import { z } from "zod";
import { boolean, integer, object } from "./fields";

/** How ECS itself moves users to a new stable version. */

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html: a day. */
const mostMinutes = 1440;

/** A share that ECS takes: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CanaryConfiguration.html */
function tenths(from: number) {
  const allowed = { error: `must be a number between ${from} and 100 in steps of 0.1` };
  return z
    .number(allowed)
    .min(from, allowed)
    .max(100, allowed)
    .refine((percent) => Number.isInteger(Number((percent * 10).toFixed(6))), allowed);
}

export const deployment = object({
  canary: object({
    percent: tenths(0.1).describe("The new version's first share in percent, 0.1 to 100, in steps of 0.1."),
    minutes: integer(0, mostMinutes, "minutes").describe("Minutes until it gets the rest, 0 to 1440."),
  })
    .describe("A shift in two steps.")
    .optional(),
  linear: object({
    percent: tenths(3).describe("The percent that each step adds, 3 to 100, in steps of 0.1."),
    minutes: integer(0, mostMinutes, "minutes").describe("Minutes between two steps, 0 to 1440."),
  })
    .describe("A shift in equal steps, in place of 'canary'.")
    .optional(),
  allAtOnce: boolean()
    .describe("Whether all users move at once, in place of 'canary' and 'linear'. Default: false.")
    .default(false),
  bakeMinutes: integer(0, mostMinutes, "minutes")
    .describe(
      "How many minutes the former version's tasks are kept when the new version has all users, 0 to 1440: until then ECS rolls back at once. Default: 5.",
    )
    .default(5),
});
