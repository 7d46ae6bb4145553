import { z } from "zod";
import { awsLimits } from "../aws/aws-limits";
import { routeDefaults } from "../definition/route-defaults";
import { authorizers } from "./authorizers";
import { boolean, integer, list, name, number, object, oneOf, text } from "./fields";

/** The API of a release file. */

const userPoolArn = text(
  "the ARN of a Cognito user pool",
  /^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:\d{12}:userpool\/[A-Za-z0-9_-]+$/,
  512,
);

export const route = object({
  method: oneOf(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"])
    .describe('HTTP method; "ANY" is every method without a route of its own on this path. Default: "GET".')
    .default(routeDefaults.method),
  path: z
    .string({ error: "must be a path such as /users/{id}" })
    .max(awsLimits.pathCharacters.most, {
      error: `must be a path of at most ${awsLimits.pathCharacters.most} characters`,
    })
    .describe('"/", "/users/{id}", "/files/{proxy+}".'),
  function: name()
    .describe("The function that answers. Default: the only function of the service.")
    .optional(),
  authorization: z
    .union(
      [
        oneOf(["NONE", "AWS_IAM"]),
        object({
          cognitoUserPoolArns: list(userPoolArn, 1, 20, "user pool ARNs").describe(
            "ARNs of the user pools, 20 at most.",
          ),
          scopes: list(text("an OAuth scope", /^[!#-[\]-~]+$/, 256), 0, 50, "scopes")
            .describe("OAuth scopes, one of which a token must have. Default: any valid token.")
            .default([]),
        }),
        object({ authorizer: name().describe("Name of an authorizer under 'api.authorizers'.") }),
      ],
      {
        error: 'must be "NONE", "AWS_IAM", { "cognitoUserPoolArns": [...] } or { "authorizer": "<name>" }',
      },
    )
    .describe(
      'Who may call: "NONE" (everybody), "AWS_IAM", users of Cognito pools, or whom an authorizer admits. Default: "NONE".',
    )
    .default(routeDefaults.authorization),
  apiKey: boolean()
    .describe(
      "Whether a caller needs an API key of one of 'stage.usagePlans', in the header x-api-key. Default: false.",
    )
    .optional(),
  timeoutSeconds: number(0.05, awsLimits.functionSeconds.most, "seconds")
    .describe(
      "How long API Gateway waits for the function, in seconds, 0.05 to 29, or to what 'quotas.integrationTimeoutMs' of the environment allows; with 'stream' up to 900. Default: 29.",
    )
    .default(routeDefaults.timeoutSeconds),
  stream: boolean()
    .describe(
      "Whether API Gateway sends the answer on while the function writes it (response streaming). Default: false, it sends the answer whole.",
    )
    .optional(),
});

const headerValue = (what: string) => text(what, /^[!#-&(-~]+( [!#-&(-~]+)*$/, 512);

/** What API Gateway snapshots in a deployment: this block, and nothing else, is what a fingerprint covers. */
export const api = object({
  openapi: text(
    "a path in the project to a .json, .yaml or .yml file, such as lambdas/shop/openapi.yaml",
    /^(?!.*(^|\/)\.)[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*\.(json|yaml|yml)$/,
    255,
  )
    .describe(
      "An OpenAPI 3.0 document of the API, in place of routes: a path from the project's folder. Default: none.",
    )
    .optional(),
  routes: z
    .array(route, { error: "must be a list of one route or more" })
    .min(1, { error: "must be a list of one route or more" })
    .describe(
      `Default: GET / to the only function. At most ${awsLimits.apiResources.most} resources in all: the root, each path, and each path above it.`,
    )
    .optional(),
  authorizers: authorizers
    .describe("Lambda authorizers by name: functions of the service that decide who may call. Default: none.")
    .optional(),
  cors: object({
    allowOrigin: z
      .union(
        [
          text("one origin such as https://example.com, or *", /^(\*|https?:\/\/[A-Za-z0-9.:-]+)$/, 512),
          list(
            text("an origin such as https://example.com", /^https?:\/\/[A-Za-z0-9.:-]+$/, 512),
            1,
            50,
            "origins",
          ),
        ],
        { error: "must be one origin such as https://example.com, a list of origins, or *" },
      )
      .describe(
        '"*", one origin such as "https://example.com", or a list: OPTIONS is answered with the caller\'s origin if it is in the list. With a list, API Gateway\'s own errors have no CORS header.',
      ),
    allowHeaders: list(headerValue("a header name"), 0, 50, "header names")
      .describe('Headers that a browser may send. Default: "Content-Type" and "Authorization".')
      .default(["Content-Type", "Authorization"]),
    maxAgeSeconds: integer(0, 86400, "seconds")
      .describe("How long a browser may keep the answer, in seconds. Default: 600.")
      .default(600),
    preflightOfAny: boolean()
      .describe(
        "Whether OPTIONS is answered without a function on paths with an ANY route too. Default: false, the function of the ANY route answers.",
      )
      .optional(),
  })
    .describe(
      "Answers OPTIONS on every path without calling a function. The function sets the CORS headers of its own answers.",
    )
    .optional(),
  binaryMediaTypes: list(
    text("a media type such as image/png, or */*", /^[a-z*]+\/[a-z0-9.+*-]+$/i, 128),
    0,
    50,
    "media types",
  )
    .describe("Bodies of these types reach the function as base64. Default: none.")
    .default([]),
});

export type ApiInFile = z.output<typeof api>;
export type RouteInFile = z.output<typeof route>;
