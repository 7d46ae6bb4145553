import type { Deployment } from "@aws-sdk/client-api-gateway";
import { methodsByKey } from "../release/definition/openapi-methods";

/** What an API does with one method of one path, as far as it is compared. */
export interface Method {
  /** As API Gateway names it: `NONE`, `AWS_IAM`, `COGNITO_USER_POOLS`, `CUSTOM`; with `and an API key` where it needs one. */
  readonly authorization: string;
  /** The user pools, by their ARNs. @default - it has none, or they are not told */
  readonly pools?: readonly string[];
  /** The address of the function that decides who may call. @default - none does, or it is not told */
  readonly authorizer?: string;
  /** The address that answers, or `mock`. @default - it is not told */
  readonly target?: string;
}

/** By method and path: `GET /offers`. */
export type Methods = ReadonlyMap<string, Method>;

type Json = Readonly<Record<string, unknown>>;

/**
 * The methods of an OpenAPI document with API Gateway's extensions: one that it exports as well as the one that it
 * was given. In an export, `AWS_IAM` is the security scheme `sigv4`, and a method without authorization has none.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html
 */
export function methodsOfDocument({ paths = {}, components = {} }: Json): Methods {
  const schemes = asJson(asJson(components)["securitySchemes"]);
  return new Map(
    Object.entries(asJson(paths)).flatMap(([path, item]) =>
      Object.entries(asJson(item))
        .filter(([key]) => Object.hasOwn(methodsByKey, key))
        .map(([key, operation]): [string, Method] => [
          `${methodsByKey[key]} ${path}`,
          methodOf(asJson(operation), schemes),
        ]),
    ),
  );
}

/** The methods of a deployment's summary: it tells nothing of what answers them. */
export function methodsOfSummary(summary: NonNullable<Deployment["apiSummary"]>): Methods {
  return new Map(
    Object.entries(summary).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { authorizationType = "NONE", apiKeyRequired = false }]) => [
        `${method} ${path}`,
        { authorization: withKey(authorizationType, apiKeyRequired) },
      ]),
    ),
  );
}

function methodOf(operation: Json, schemes: Json): Method {
  const named = (Array.isArray(operation["security"]) ? operation["security"] : [])
    .flatMap((one) => Object.keys(asJson(one)))
    .map((name) => asJson(schemes[name]));
  const kinds = named.map((scheme) => kindOf(scheme)).filter((kind) => kind !== "API_KEY");
  const [kind = String(asJson(operation["x-amazon-apigateway-auth"])["type"] ?? "NONE")] = kinds;
  const pools = named.flatMap((scheme) => {
    const arns = asJson(scheme["x-amazon-apigateway-authorizer"])["providerARNs"];
    return Array.isArray(arns) ? arns.map(String) : [];
  });
  const [authorizer] = named.flatMap((scheme) => {
    const uri = asJson(scheme["x-amazon-apigateway-authorizer"])["authorizerUri"];
    return typeof uri === "string" ? [withoutPartition(uri)] : [];
  });
  const hasKey = named.some((scheme) => kindOf(scheme) === "API_KEY");
  return {
    authorization: withKey(kind, hasKey),
    pools: kind === "COGNITO_USER_POOLS" ? pools.sort() : undefined,
    authorizer,
    target: targetOf(asJson(operation["x-amazon-apigateway-integration"])),
  };
}

function kindOf(scheme: Json): string {
  const type = scheme["x-amazon-apigateway-authtype"];
  if (type === "awsSigv4") return "AWS_IAM";
  if (type === "cognito_user_pools") return "COGNITO_USER_POOLS";
  return type === undefined && scheme["x-amazon-apigateway-authorizer"] === undefined ? "API_KEY" : "CUSTOM";
}

function withKey(authorization: string, hasKey: boolean): string {
  return hasKey ? `${authorization} and an API key` : authorization;
}

function targetOf({ type, uri }: Json): string {
  if (typeof uri !== "string") return String(type ?? "nothing").toLowerCase();
  return `${String(type).toLowerCase()} ${withoutPartition(uri)}`;
}

/** The partition of an ARN is that of the region, and is not compared. */
function withoutPartition(uri: string): string {
  return uri.replace(/\barn:[\w-]+:/g, "arn:aws:");
}

function asJson(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}
