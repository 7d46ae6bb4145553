import { integer, object } from "./fields";

/** How many requests API Gateway lets through. */
export const throttling = object({
  rateLimit: integer(0, 10000, "requests per second").describe("Steady rate, in requests per second."),
  burstLimit: integer(0, 5000, "requests").describe("Burst: how many requests may come at once."),
});
