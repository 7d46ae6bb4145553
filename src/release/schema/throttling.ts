import { integer, map, object, text } from "./fields";

/** How many requests API Gateway lets through. */
export const throttling = object({
  rateLimit: integer(0, 10000, "requests per second").describe("Steady rate, in requests per second."),
  burstLimit: integer(0, 5000, "requests").describe("Burst: how many requests may come at once."),
});

/** Limits of single routes, by method and path. */
export const routeThrottling = map(
  text(
    "a method and a path, such as GET /orders/{id}",
    /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \/[!-~]*$/,
    2048,
  ),
  throttling,
);
