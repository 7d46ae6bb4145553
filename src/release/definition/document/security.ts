import type { FieldPath } from "../../problem";
import { authorizer as authorizerFields } from "../../schema/authorizers";
import type { Authorization, Authorizer } from "../definition";
import { functionKey, functionOf } from "./integrations";
import { asObject, isObject, type Json, type Report } from "./report";

/** Who may call an operation, as API Gateway imports it. */
export interface Security {
  /** As a route of a release file has it. */
  readonly authorization: Authorization;
  /** Whether a caller needs an API key too. */
  readonly hasKey: boolean;
  /** What stands in the operation for API Gateway. */
  readonly fields: Json;
  /** Names of the schemes that it uses. */
  readonly schemes: readonly string[];
}

const ttl = "authorizerResultTtlInSeconds";
const ofFunctions = ["type", "authorizerUri", "authorizerCredentials", "identitySource", ttl];

const open: Security = {
  authorization: "NONE",
  hasKey: false,
  fields: { "x-amazon-apigateway-auth": { type: "NONE" } },
  schemes: [],
};
const iam: Security = {
  authorization: "AWS_IAM",
  hasKey: false,
  fields: { "x-amazon-apigateway-auth": { type: "AWS_IAM" } },
  schemes: [],
};

/**
 * An operation's `security`. API Gateway has one authorizer for a method, and an API key beside it; it wants both,
 * whether they stand in one entry or in two. A scheme that it does not know leaves the operation open to everybody, so
 * it is refused.
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
  const entries = requirements.map((one) => Object.entries(asObject(one)));
  const asked = Object.fromEntries(entries.flat());
  const names = Object.keys(asked).sort();
  if (names.length === 0) return withoutScheme(auth, field, report);
  if (entries.some((one) => one.length === 0))
    report(place, "must not have an empty entry beside others: API Gateway wants all that are named");
  for (const name of names) {
    if (!Object.hasOwn(schemes, name))
      report(place, "must name schemes of 'components.securitySchemes'", name);
  }
  const authorizers = names.filter(
    (name) => Object.hasOwn(schemes, name) && !isApiKey(asObject(schemes[name])),
  );
  if (authorizers.length > 1)
    report(
      place,
      "must name one authorizer, and an API key beside it: API Gateway knows no others",
      authorizers,
    );

  const [authorizerName] = authorizers;
  const scheme = asObject(authorizerName === undefined ? undefined : schemes[authorizerName]);
  const byAuth = withoutScheme(auth, field, report).authorization === "AWS_IAM";
  if (byAuth && authorizerName !== undefined && !isSigned(scheme))
    report(
      [...field, "x-amazon-apigateway-auth"],
      `must not be AWS_IAM beside the authorizer '${authorizerName}'`,
    );
  const signed = byAuth || isSigned(scheme);
  const keys = names.filter((name) => name !== authorizerName);
  const kept = signed || authorizerName === undefined ? keys : [authorizerName, ...keys];
  return {
    authorization: signed
      ? "AWS_IAM"
      : { schemes: names, ...(isLambda(scheme) && { authorizer: authorizerName }) },
    hasKey: keys.length > 0,
    fields: {
      ...(signed ? iam.fields : {}),
      ...(kept.length > 0 ? { security: kept.map((name) => ({ [name]: asked[name] ?? [] })) } : {}),
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

/**
 * A scheme that an operation uses, with what API Gateway reads of it.
 *
 * @param functions those of the service
 * @returns the scheme, or the function of the service that decides
 */
export function schemeOf(
  name: string,
  scheme: Json,
  functions: readonly string[],
  report: Report,
): { readonly scheme: Json } | { readonly authorizer: Authorizer } {
  const field: FieldPath = ["components", "securitySchemes", name];
  if (scheme["type"] !== "apiKey")
    report(
      [...field, "type"],
      "must be apiKey with 'x-amazon-apigateway-authorizer': API Gateway ignores any other, and the operation would be open to everybody",
      scheme["type"],
    );
  if (scheme["type"] === "apiKey" && scheme["in"] !== "header")
    report([...field, "in"], "must be header: API Gateway reads no other", scheme["in"]);
  const head = { type: "apiKey", name: scheme["name"], in: "header" };
  if (isApiKey(scheme)) return { scheme: head };
  const authorizer = scheme["x-amazon-apigateway-authorizer"];
  if (!isObject(authorizer)) {
    if (scheme["type"] === "apiKey")
      report(
        field,
        "must have 'x-amazon-apigateway-authorizer', or be the API key in the header x-api-key: API Gateway ignores it otherwise, and the operation would be open to everybody",
      );
    return { scheme: head };
  }
  const place = [...field, "x-amazon-apigateway-authorizer"];
  const { type, authorizerUri } = authorizer;
  if ((type === "token" || type === "request") && authorizerUri === undefined) {
    const own = functionAuthorizer(authorizer, String(scheme["name"]), functions, place, report);
    return own === undefined ? { scheme: head } : { authorizer: own };
  }
  checkAuthorizer(authorizer, place, report);
  const kind = type === "cognito_user_pools" ? "cognito_user_pools" : "custom";
  return {
    scheme: {
      ...head,
      "x-amazon-apigateway-authtype": scheme["x-amazon-apigateway-authtype"] ?? kind,
      "x-amazon-apigateway-authorizer": authorizer,
    },
  };
}

/** A function of the service that decides: the project writes its address, so that each version has its own. */
function functionAuthorizer(
  given: Json,
  header: string,
  functions: readonly string[],
  field: FieldPath,
  report: Report,
): Authorizer | undefined {
  const name = functionOf(given, functions, field, report);
  const ownFields = ["type", "identitySource", "identityValidationExpression", ttl, functionKey];
  checkFields(given, ownFields, field, report);
  const { type, identitySource, authorizerResultTtlInSeconds, identityValidationExpression } = given;
  const sources = type === "token" ? `method.request.header.${header}` : String(identitySource ?? "");
  const parsed = authorizerFields.safeParse({
    type: String(type).toUpperCase(),
    identitySources: sources.split(/,\s*/).filter((one) => one !== ""),
    cacheSeconds: authorizerResultTtlInSeconds,
    identityValidation: identityValidationExpression,
  });
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) {
      const key = {
        cacheSeconds: "authorizerResultTtlInSeconds",
        identityValidation: "identityValidationExpression",
      }[String(path[0])];
      report([...field, key ?? "identitySource"], message);
    }
    return undefined;
  }
  return name === undefined ? undefined : { ...parsed.data, function: name };
}

/** What an authorizer may have, by its type. */
const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  cognito_user_pools: ["type", "providerARNs", "identitySource", "identityValidationExpression", ttl],
  token: [...ofFunctions, "identityValidationExpression"],
  request: ofFunctions,
};

/** A word that is misspelt, or of HTTP APIs, would be ignored. */
function checkFields(authorizer: Json, known: readonly string[], field: FieldPath, report: Report): void {
  for (const key of Object.keys(authorizer))
    if (!known.includes(key))
      report(
        [...field, key],
        `must be one of ${known.join(", ")}: API Gateway ignores any other in this type of authorizer`,
        key,
      );
}

function checkAuthorizer(authorizer: Json, field: FieldPath, report: Report): void {
  const { type, providerARNs, authorizerUri, [ttl]: seconds } = authorizer as Record<string, unknown>;
  if (typeof type === "string" && Object.hasOwn(fieldsOf, type))
    checkFields(authorizer, fieldsOf[type] ?? [], field, report);
  if (
    seconds !== undefined &&
    !(Number.isInteger(seconds) && Number(seconds) >= 0 && Number(seconds) <= 3600)
  )
    report([...field, ttl], "must be a whole number of seconds between 0 and 3600", seconds);
  if (type === "cognito_user_pools") {
    if (!Array.isArray(providerARNs) || providerARNs.length === 0)
      report([...field, "providerARNs"], "must be a list of ARNs of user pools", providerARNs);
  } else if (type === "token" || type === "request") {
    if (typeof authorizerUri !== "string" || /[$%]\{/.test(authorizerUri))
      report(
        [...field, "authorizerUri"],
        `must be the address of a function that is there, without variables; for a function of the service leave it out, '${functionKey}' names the function`,
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

function isLambda(scheme: Json): boolean {
  const { type } = asObject(scheme["x-amazon-apigateway-authorizer"]);
  return type === "token" || type === "request";
}

function isSigned(scheme: Json): boolean {
  return scheme["x-amazon-apigateway-authtype"] === "awsSigv4";
}
