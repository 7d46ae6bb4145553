import { certificateArn } from "./certificate";
import { boolean, object, oneOf, text } from "./fields";
import { endpointAccessMode, enhancedPolicies } from "./security-policy";

/** The custom domain of an environment's services. */
export const domain = object({
  name: text(
    "a domain name such as api.example.com, in lower case and without a wildcard",
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    253,
  ).describe("The name that users call, such as api.example.com."),
  existing: boolean()
    .describe(
      "Whether the domain is in API Gateway already: no stack makes it, and services only map their base paths. Default: false.",
    )
    .default(false),
  certificateArn: certificateArn
    .describe("The ACM certificate of the name, in the environment's region. Required without 'existing'.")
    .optional(),
  securityPolicy: oneOf(["TLS_1_2", "TLS_1_0", ...enhancedPolicies])
    .describe(
      'What TLS callers may use: "TLS_1_2", "TLS_1_0", or a policy with TLS 1.3, such as "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09". Default: "TLS_1_2".',
    )
    .optional(),
  endpointAccessMode,
  routingRules: boolean()
    .describe(
      "Whether routing rules come before base paths, as 'header' of 'preview' or 'blue' needs it. Set the routing mode of an 'existing' domain yourself. Default: false.",
    )
    .optional(),
  record: object({
    hostedZoneId: text(
      "the id of a Route 53 hosted zone, such as Z0123456789ABCDEFGHIJ",
      /^Z[A-Z0-9]+$/,
      32,
    ).describe("The public hosted zone that holds the name, in the same account."),
  })
    .describe("The Route 53 record of the name. Default: none, you point the name at the domain yourself.")
    .optional(),
});

/**
 * What API Gateway takes in one mapping. Several parts, such as `shop/v1`, are mapped by another API of AWS's:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
 */
export const basePath = text(
  'a base path such as "shop": letters, digits, hyphens, underscores and dots, 128 at most, or "/" for the whole domain',
  /^(\/|[A-Za-z0-9][A-Za-z0-9._-]*)$/,
  128,
);
