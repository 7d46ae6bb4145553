import { routingLimits } from "../aws/routing-limits";
import { integer, object, text } from "./fields";

const { headerCharacters, valueCharacters, infixCharacters, priority } = routingLimits;

/**
 * What API Gateway takes as a condition, in any case; `*` stands for any end.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-routing-rules.html
 */
const refused = [
  "access-control-*",
  "apigw-*",
  "authorization",
  "connection",
  "content-encoding",
  "content-length",
  "content-location",
  "forwarded",
  "keep-alive",
  "origin",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailers",
  "transfer-encoding",
  "upgrade",
  "via",
  "x-amz-*",
  "x-amzn-*",
  "x-apigw-api-id",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-restapi",
];

const isRefused = new RegExp(`^(${refused.map((one) => one.replace("*", ".*")).join("|")})$`, "i");

const headerName = text(
  `the name of a header, such as x-preview: ${headerCharacters} letters, digits and -._ at most`,
  /^[A-Za-z0-9._-]+$/,
  headerCharacters,
).refine((name) => !isRefused.test(name), {
  error: "must be a header that API Gateway takes in a routing rule, such as x-preview",
});

const headerValue = text(
  `the value of a header: ${valueCharacters} letters, digits and -._~ at most, with * for any characters at either end alone`,
  /^\*?[A-Za-z0-9._~-]+\*?$/,
  valueCharacters,
).refine((value) => !/^\*.*\*$/.test(value) || value.length <= infixCharacters, {
  error: `must be ${infixCharacters} characters at most with * at both ends`,
});

/** Which requests to the service's base path go to a temporary stage. */
export const previewHeader = object({
  name: headerName.describe("The name of the header, in upper or lower case."),
  value: headerValue.describe('The value, in this case. "v2*", "*v2" and "*v2*" stand for a part of it.'),
  priority: integer(1, priority)
    .describe(
      "Which rule of the domain API Gateway tries first, 1 to 1000000: the lowest. Each rule has another one. Default: a number made of the service's and the environment's names.",
    )
    .optional(),
});
