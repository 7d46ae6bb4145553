/**
 * The most that API Gateway takes in a routing rule of a domain. They are not among `awsLimits`, which a test
 * synthesizes with the oldest AWS provider: that one has no routing rules.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-routing-rules.html
 */
export const routingLimits = {
  headerCharacters: 39,
  valueCharacters: 127,
  /** With `*` at both ends, which count. */
  infixCharacters: 39,
  basePathCharacters: 127,
  priority: 1_000_000,
} as const;
