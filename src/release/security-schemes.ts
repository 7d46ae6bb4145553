import {
  type Authorization,
  type Authorizer,
  authorizerOf,
  type CognitoAuthorization,
  type Definition,
  isCognito,
} from "./definition";
import { stageVariableOf } from "./stage-variable";

/** Who may call, in the parts of an OpenAPI document: of a method, and of the document. */

type Json = Record<string, unknown>;

/** What a method says of its callers. */
export function authorizationOf(authorization: Authorization): Json {
  if (typeof authorization === "string") return { "x-amazon-apigateway-auth": { type: authorization } };
  if (isCognito(authorization)) return { security: [{ [schemeName(authorization)]: authorization.scopes }] };
  // A document says it in its operations.
  if ("schemes" in authorization) return {};
  return { security: [{ [authorization.authorizer]: [] }] };
}

/** An authorizer of API Gateway for each list of user pools and each Lambda authorizer that a route names. */
export function securitySchemes(
  { routes, authorizers = {} }: Definition,
  integrationUri: (stageVariable: string) => string,
): Json {
  const pools = routes.map(({ authorization }) => authorization).filter(isCognito);
  const named = routes.map(({ authorization }) => authorizerOf(authorization));
  return Object.fromEntries([
    ...pools.map((one) => [schemeName(one), cognitoScheme(one)]),
    ...Object.entries(authorizers)
      .filter(([name]) => named.includes(name))
      .map(([name, one]) => [name, lambdaScheme(one, integrationUri)]),
  ]);
}

function cognitoScheme({ cognitoUserPoolArns }: CognitoAuthorization): Json {
  return {
    type: "apiKey",
    name: "Authorization",
    in: "header",
    "x-amazon-apigateway-authtype": "cognito_user_pools",
    "x-amazon-apigateway-authorizer": { type: "cognito_user_pools", providerARNs: cognitoUserPoolArns },
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html */
function lambdaScheme(authorizer: Authorizer, integrationUri: (stageVariable: string) => string): Json {
  const { type, identitySources, cacheSeconds, identityValidation } = authorizer;
  const [only, ...others] = identitySources;
  const source =
    others.length > 0 ? undefined : /^method\.request\.(header|querystring)\.(.+)$/.exec(only ?? "");
  return {
    type: "apiKey",
    // "Unused" is AWS's word where it is not one header or one parameter of the query.
    name: source?.[2] ?? "Unused",
    in: source?.[1] === "querystring" ? "query" : "header",
    "x-amazon-apigateway-authtype": "custom",
    "x-amazon-apigateway-authorizer": {
      type: type.toLowerCase(),
      authorizerUri: integrationUri(stageVariableOf(authorizer.function)),
      authorizerResultTtlInSeconds: cacheSeconds,
      // AWS reads the header of a token from the scheme's own name.
      ...(type === "REQUEST" && identitySources.length > 0 && { identitySource: identitySources.join(", ") }),
      ...(identityValidation !== undefined && { identityValidationExpression: identityValidation }),
    },
  };
}

/** `cognito-eu-central-1_a1b2c3`: the ids of the pools, which are unique. API Gateway names the authorizer so. */
export function schemeName({ cognitoUserPoolArns }: { cognitoUserPoolArns: readonly string[] }): string {
  return ["cognito", ...cognitoUserPoolArns.map((arn) => arn.slice(arn.lastIndexOf("/") + 1))].join("-");
}
