import type { FieldPath } from "../../problem";
import { asObject, type Json, type Report, textOf } from "./report";

/** https://docs.aws.amazon.com/apigateway/latest/api/API_GatewayResponse.html */
const types = [
  "DEFAULT_4XX",
  "DEFAULT_5XX",
  "RESOURCE_NOT_FOUND",
  "UNAUTHORIZED",
  "INVALID_API_KEY",
  "ACCESS_DENIED",
  "AUTHORIZER_FAILURE",
  "AUTHORIZER_CONFIGURATION_ERROR",
  "INVALID_SIGNATURE",
  "EXPIRED_TOKEN",
  "MISSING_AUTHENTICATION_TOKEN",
  "INTEGRATION_FAILURE",
  "INTEGRATION_TIMEOUT",
  "API_CONFIGURATION_ERROR",
  "UNSUPPORTED_MEDIA_TYPE",
  "BAD_REQUEST_PARAMETERS",
  "BAD_REQUEST_BODY",
  "REQUEST_TOO_LARGE",
  "THROTTLED",
  "QUOTA_EXCEEDED",
  "WAF_FILTERED",
];

const fields = ["statusCode", "responseParameters", "responseTemplates"];

/** What API Gateway refuses of its own answers, or ignores. */
export function checkGatewayResponses(document: Json, report: Report): void {
  const key = "x-amazon-apigateway-gateway-responses";
  for (const [type, value] of Object.entries(asObject(document[key]))) {
    const place: FieldPath = [key, type];
    if (!types.includes(type)) {
      report(place, `must be a type of API Gateway's own answers (${types.join(", ")})`, type);
      continue;
    }
    const response = asObject(value);
    for (const field of Object.keys(response))
      if (!fields.includes(field))
        report(
          [...place, field],
          `must be one of ${fields.join(", ")}: API Gateway ignores any other`,
          field,
        );
    const { statusCode } = response;
    if (statusCode !== undefined && !/^[1-5]\d\d$/.test(textOf(statusCode)))
      report([...place, "statusCode"], "must be a status between 100 and 599", statusCode);
    for (const [name, source] of Object.entries(asObject(response["responseParameters"]))) {
      const parameter = [...place, "responseParameters", name];
      if (!/^gatewayresponse\.header\../.test(name))
        report(parameter, "must be a name such as gatewayresponse.header.X-Reason", name);
      if (!/^('[\s\S]*'|(method\.request|context|stageVariables)\..+)$/.test(textOf(source)))
        report(
          parameter,
          "must be 'text' in single quotes, or begin with method.request., context. or stageVariables.",
          source,
        );
    }
  }
}
