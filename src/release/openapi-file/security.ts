import type { Authorization } from "../definition";
import type { FieldPath } from "../problem";
import { asObject, given, isObject, type Json, type Report } from "./report";

/** Who may call an operation, as API Gateway imports it. */
export interface Security {
  readonly authorization: Authorization;
  /** What stands in the operation for API Gateway. */
  readonly fields: Json;
  /** Names of the schemes that it uses. */
  readonly schemes: readonly string[];
}

const open: Security = {
  authorization: "NONE",
  fields: { "x-amazon-apigateway-auth": { type: "NONE" } },
  schemes: [],
};
const iam: Security = {
  authorization: "AWS_IAM",
  fields: { "x-amazon-apigateway-auth": { type: "AWS_IAM" } },
  schemes: [],
};

/**
 * An operation's `security`. API Gateway has one authorizer for a method, and an API key beside it. A scheme that it
 * does not know leaves the operation open to everybody, so it is refused.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html
 */
export function securityOf(operation: Json, schemes: Json, field: FieldPath, report: Report): Security {
  const auth = operation["x-amazon-apigateway-auth"];
  const place = [...field, "security"];
  const requirements = operation["security"] ?? [];
  if (!Array.isArray(requirements)) {
    report(place, "must be a list", requirements);
    return open;
  }
  const [requirement, ...others] = requirements.filter(
    (one) => isObject(one) && Object.keys(one).length > 0,
  ) as Json[];
  if (requirement === undefined) return withoutScheme(auth, field, report);
  if (others.length > 0 || requirements.length > 1)
    report(
      place,
      "must have one entry, because API Gateway has one authorizer for a method",
      requirements.length,
    );
  const names = Object.keys(requirement);
  for (const name of names) {
    if (!isObject(schemes[name]))
      report([...place, 0, name], "must be one of 'components.securitySchemes'", name);
  }
  const authorizers = names.filter((name) => isObject(schemes[name]) && !isApiKey(asObject(schemes[name])));
  if (authorizers.length > 1)
    report([...place, 0], "must name one authorizer, and an API key beside it", authorizers);
  const [authorizer] = authorizers;
  const signed = authorizer !== undefined && isSigned(asObject(schemes[authorizer]));
  const keys = names.filter((name) => name !== authorizer);
  const kept = signed ? keys : names;
  return {
    authorization: signed ? "AWS_IAM" : { schemes: [...names].sort() },
    fields: {
      ...(signed ? iam.fields : {}),
      ...(kept.length > 0
        ? { security: [Object.fromEntries(kept.map((name) => [name, requirement[name] ?? []]))] }
        : {}),
    },
    schemes: kept,
  };
}

function withoutScheme(auth: unknown, field: FieldPath, report: Report): Security {
  if (auth === undefined) return open;
  const type = asObject(auth)["type"];
  if (type === "NONE") return open;
  if (type === "AWS_IAM") return iam;
  report([...field, "x-amazon-apigateway-auth", "type"], 'must be "NONE" or "AWS_IAM"', type);
  return open;
}

/** A scheme that an operation uses, with what API Gateway reads of it. */
export function schemeOf(name: string, scheme: Json, report: Report): Json {
  const field: FieldPath = ["components", "securitySchemes", name];
  if (scheme["type"] !== "apiKey")
    report(
      [...field, "type"],
      "must be apiKey with 'x-amazon-apigateway-authorizer': API Gateway ignores any other, and the operation would be open to everybody",
      scheme["type"],
    );
  const head = { type: "apiKey", name: scheme["name"], in: "header" };
  if (isApiKey(scheme)) return head;
  const authorizer = scheme["x-amazon-apigateway-authorizer"];
  if (!isObject(authorizer)) {
    if (scheme["type"] === "apiKey")
      report(
        field,
        "must have 'x-amazon-apigateway-authorizer', or be the API key in the header x-api-key: API Gateway ignores it otherwise, and the operation would be open to everybody",
      );
    return head;
  }
  checkAuthorizer(authorizer, [...field, "x-amazon-apigateway-authorizer"], report);
  return given({
    ...head,
    "x-amazon-apigateway-authtype":
      scheme["x-amazon-apigateway-authtype"] ??
      (authorizer["type"] === "cognito_user_pools" ? "cognito_user_pools" : "custom"),
    "x-amazon-apigateway-authorizer": authorizer,
  });
}

function checkAuthorizer(authorizer: Json, field: FieldPath, report: Report): void {
  const { type, providerARNs, authorizerUri } = authorizer as Record<string, unknown>;
  if (type === "cognito_user_pools") {
    if (!Array.isArray(providerARNs) || providerARNs.length === 0)
      report([...field, "providerARNs"], "must be a list of ARNs of user pools", providerARNs);
  } else if (type === "token" || type === "request") {
    if (typeof authorizerUri !== "string" || /[$%]\{/.test(authorizerUri))
      report(
        [...field, "authorizerUri"],
        "must be the address of a function that is there, without variables",
        authorizerUri,
      );
  } else report([...field, "type"], "must be token, request or cognito_user_pools", type);
}

function isApiKey(scheme: Json): boolean {
  return (
    scheme["x-amazon-apigateway-authorizer"] === undefined &&
    String(scheme["name"]).toLowerCase() === "x-api-key" &&
    scheme["in"] === "header"
  );
}

function isSigned(scheme: Json): boolean {
  return scheme["x-amazon-apigateway-authtype"] === "awsSigv4";
}
