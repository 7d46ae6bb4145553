import type { z } from "zod";
import { integer, list, map, name, object, oneOf, text } from "./fields";

/** What of a request can tell its caller, as API Gateway writes it. */
const identitySource = text(
  "a part of the request: method.request.header.<name>, method.request.querystring.<name>, stageVariables.<name> or context.<name>",
  /^(method\.request\.(header|querystring)\.[A-Za-z0-9._-]+|stageVariables\.[A-Za-z0-9_]+|context(\.[A-Za-z]+)+)$/,
  256,
);

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html */
export const authorizer = object({
  function: name()
    .describe("The function of the service that decides. Default: the only function of the service.")
    .optional(),
  type: oneOf(["TOKEN", "REQUEST"]).describe(
    'What the function gets: "TOKEN", the value of one header, or "REQUEST", the request without its body.',
  ),
  identitySources: list(identitySource, 0, 20, "identity sources")
    .describe(
      'Parts of a request that must be there: API Gateway answers 401 without them, and caches by their values. "TOKEN" has one header. Default: "method.request.header.Authorization".',
    )
    .default(["method.request.header.Authorization"]),
  cacheSeconds: integer(0, 3600, "seconds")
    .describe("How long API Gateway keeps an answer of the function, in seconds, 0 to 3600. Default: 300.")
    .default(300),
  identityValidation: text(
    "a regular expression of at most 256 characters from ^ to $, because AWS does not say whether it matches a part of the token",
    /^\^[!-~ ]*\$$/,
    256,
  )
    .describe(
      'For "TOKEN": regular expression from ^ to $; API Gateway answers 401 to a token that does not match. Default: every token reaches the function.',
    )
    .optional(),
});

/** Functions of the service that decide who may call. */
export const authorizers = map(name(), authorizer);

export type AuthorizerInFile = z.output<typeof authorizer>;
