import type { z } from "zod";
import { integer, list, map, name, object, oneOf, text } from "./fields";
import { throttling } from "./throttling";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html */
const usagePlan = object({
  throttling: throttling.describe("Of each key. Default: the stage's throttling alone.").optional(),
  quota: object({
    limit: integer(1, 2_147_483_647, "requests").describe("Requests of each key in a period."),
    period: oneOf(["DAY", "WEEK", "MONTH"]).describe("The period."),
  })
    .describe("How many requests each key may send in a period. Default: any number.")
    .optional(),
  keys: list(name(), 0, 100, "names of API keys")
    .describe(
      "Names of API keys that the stack creates, <service>-<environment>-<name>. AWS generates their values, which are in Terraform's state. Default: none.",
    )
    .default([]),
  keyIds: list(text("the id of an API key, such as a1b2c3d4e5", /^[a-z0-9]+$/, 32), 0, 100, "ids of API keys")
    .describe("Ids of API keys that are there already. Default: none.")
    .default([]),
});

/** Who may call routes with `apiKey`, and how much. */
export const usagePlans = map(name(), usagePlan);

export type UsagePlansInFile = z.output<typeof usagePlans>;
